import CausalAnalysis
import EventModel

/// Gathers what the story needs of the events, in one more pass over the bundle: acts with their reasons, where evidence and turning
/// points stand in the causal order, and what led the trigger's writer to its write.
///
/// Memory grows with the findings shown and the acts, never with the events.
package struct StoryBuilder: EventConsumer {
    private var report: Report
    private let list: FindingList
    private let groups: [FindingGroup]
    private var acts: ActCollector
    private var evidence: [RecordPlace: Noted] = [:]
    private var turns: TurnWatch
    private var explanation: ExplanationPass?
    /// By symbol of the pass: whether an actor has that name.
    private var isActor: [Bool] = []

    /// What a pass notes of a record.
    struct Noted {
        var order: UInt64?
        var active: Generation?
        var clock: VectorClock?
        var process: ProcessID?
        var stamp: Stamp?
    }

    /// So many groups of plan findings have their records looked up.
    private static let planLimit = 40

    /// Prepares the pass.
    ///
    /// - Parameter groups: the findings to tell of.
    package init(_ report: Report, _ list: FindingList, _ groups: [FindingGroup], name: @escaping (Symbol) -> String) {
        self.report = report
        self.list = list
        self.groups = groups
        acts = ActCollector(name: name)
        turns = TurnWatch(report, list, groups, name: name)
        let incident = Incident(report, list, groups)
        for group in incident.told.prefix(Self.planLimit) where !incident.group(group).kind.traits.isMeasured {
            for item in incident.finding(group).evidence where Self.isShown(item.part) {
                evidence[RecordPlace(item.record)] = Noted()
            }
        }
        explanation = incident.trigger.map { ExplanationPass(incident.finding($0), span: report.span, name: name) }
    }

    /// Takes one event in causal order.
    package mutating func observe(
        _ batch: borrowing EventBatch, row: Int, delivery: Delivery, clocks: borrowing ProcessClocks
    ) {
        acts.observe(batch, row: row, delivery: delivery, clocks: clocks)
        turns.observe(batch, row: row, delivery: delivery)
        explanation?.observe(batch, row: row, delivery: delivery, clocks: clocks)
        note(batch.actor[row])
        if batch.has(.by, at: row) { note(batch.symbol(.by, at: row)) }
        if evidence.isEmpty { return }
        let place = RecordPlace(source: delivery.source, line: batch.line(at: row))
        guard evidence[place] != nil else { return }
        evidence[place] = Noted(
            order: delivery.ordinal, active: batch.generation(.active, at: row, name: turns.name),
            clock: clocks.snapshot(delivery.process), process: delivery.process, stamp: delivery.stamp)
    }

    /// The story, once all events have been taken.
    package consuming func finish() -> Story {
        report.acts = acts.acts
        let incident = Incident(report, list, groups)
        return Story(
            incident: incident, milestones: MilestoneMaker(incident, evidence, turns.orders).all(),
            explanation: explanation?.finish(), omittedActs: acts.omitted,
            actors: Set(isActor.indices.filter { isActor[$0] }.map { turns.name(Symbol(index: UInt32($0))) })
                .union(report.quality.missingLogs.map { report.symbols[$0.actor] }))
    }

    private mutating func note(_ actor: Symbol) {
        let index = Int(actor.index)
        if index >= isActor.count { isActor += Array(repeating: false, count: index + 1 - isActor.count) }
        isActor[index] = true
    }

    /// Whether a part is a row: the store's own record says the same as the write beside it.
    static func isShown(_ part: String) -> Bool {
        switch part {
        case Finding.Part.check, Finding.Part.runStart, Finding.Part.displaced, Finding.Part.write,
            Finding.Part.deletion, Finding.Part.emptied, Finding.Part.firstFailure, Finding.Part.refusal,
            Finding.Part.ending, Finding.Part.restoration:
            true
        default: false
        }
    }
}

/// What happened, for whoever tells it.
package struct Story {
    let incident: Incident
    let milestones: [Milestone]
    /// Why the trigger holds.
    let explanation: Explanation?
    /// Records of acts that there was no room for.
    let omittedActs: UInt64
    /// The names of all actors of the bundle.
    let actors: Set<String>
}
