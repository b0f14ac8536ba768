import EventModel

/// What was done to a system in trouble, by people or for them, and to which windows it may matter.
///
/// An act concerns the windows whose endpoint, queue, service or actor it names, and those of the actors that heard of
/// it directly: an order says to whom it was given by who took it. What it concerns is known of acts that clocks tell
/// of; an act that nobody heard of ended nothing.
struct Interventions {
    private struct Act {
        var record: RecordRef
        /// The event by which others know of it: of a restoration the store's record, since the operator's own comes
        /// after the answer.
        var seen: (process: ProcessID, stamp: Stamp)
        /// The windows that it concerns.
        var target: CascadeWindows.Mask
        /// Who has heard of it.
        var hearers: Set<ProcessID> = []
    }

    private let name: (Symbol) -> String
    private var acts: [Act] = []
    /// Of each endpoint of a window, the store's latest record of a write.
    private var committed: [Symbol: (process: ProcessID, stamp: Stamp, plan: Generation?)] = [:]

    private static let limit = 4_096
    /// The latest ones, whose hearers are looked for.
    private static let recent = 8
    private static let hearerLimit = 256

    init(name: @escaping (Symbol) -> String) { self.name = name }

    /// Takes an event: an act, or one whose actor heard of an act.
    mutating func observe(
        _ batch: borrowing EventBatch, row: Int, _ record: RecordRef, _ clocks: borrowing ProcessClocks,
        _ search: borrowing ChainSearch, _ membership: inout WindowMembership
    ) {
        hear(record, clocks, search, &membership)
        let target = membership.target(batch, row: row)
        let endpoint = batch.endpoint[row]
        if batch.kind[row] == .changeCommitted, target != 0 {
            committed[endpoint] = (record.process, record.stamp, batch.generation(.plan, at: row, name: name))
        }
        let isByOperator = batch.fields[row].contains(.byOperator)
        guard batch.kind[row].isIntervention || isByOperator, acts.count < Interventions.limit else { return }
        var act = Act(record: record, seen: (record.process, record.stamp), target: target)
        if batch.kind[row] == .recordRestored, let stored = committed[endpoint],
            stored.plan == batch.generation(.plan, at: row, name: name),
            clocks[record.process, stored.process] >= stored.stamp
        {
            act.seen = (stored.process, stored.stamp)
        }
        // Who restarts, or throttles itself, does so to itself.
        if !isByOperator { act.target |= membership.windows(of: record.actor) }
        acts.append(act)
    }

    /// Notes whom the actor of an event heard from at first hand, of the latest act that it tells of.
    private mutating func hear(
        _ record: RecordRef, _ clocks: borrowing ProcessClocks, _ search: borrowing ChainSearch,
        _ membership: inout WindowMembership
    ) {
        for index in acts.indices.suffix(Interventions.recent).reversed() {
            let act = acts[index].record
            guard act.process != record.process, clocks[record.process, act.process] >= act.stamp,
                acts[index].hearers.count < Interventions.hearerLimit
            else { continue }
            guard acts[index].hearers.insert(record.process).inserted else { return }
            if search.heardLast(record.process, from: act.process) {
                acts[index].target |= membership.windows(of: record.actor)
            }
            return
        }
    }

    /// The acts within a span of time that a process knew of.
    func known(
        to process: ProcessID, _ clocks: borrowing ProcessClocks, within span: ClosedRange<Timestamp>
    ) -> [Int] {
        acts.indices.filter { index in
            span.contains(acts[index].record.time)
                && clocks[process, acts[index].seen.process] >= acts[index].seen.stamp
        }
    }

    /// The last of some acts that concerns one of the windows.
    func last(of known: [Int], on windows: CascadeWindows.Mask) -> RecordRef? {
        known.last { acts[$0].target & windows != 0 }.map { acts[$0].record }
    }
}
