import CausalAnalysis
import EventModel

/// Chooses the events that matter for a report's findings, in a second pass over the bundle, and folds runs of like ones.
///
/// The second pass gives the same sources the same numbers, so that places agree with the first; it keeps the lines' text, or
/// rows lack the reasons that records give. Memory grows with the rows kept and the findings' evidence, never with the events.
package struct TimelineBuilder: EventConsumer {
    private let focus: TimelineFocus
    private let options: TimelineOptions
    private var rows: [TimelineDraft] = []
    /// Folds that may still grow: their row, and how many singles there were as it began.
    private var open: [TimelineDraft.Key: (row: Int, singles: Int)] = [:]
    /// The rows that stand for one event and end what is open around them.
    private var singles: [Int] = []
    /// How many rows that are no evidence may still come, for each window and far from all.
    private var room: [Int]
    private var farRoom: Int
    private var omitted = OmissionTally()
    /// The kinds of failures whose first record after the first critical finding has its row.
    private var symptoms: Set<EventKind> = []
    private let name: (Symbol) -> String
    private var endpoints: NamedSymbols
    private var actors: NamedSymbols

    /// A fold that outlives so many singles ends: it would say too little about its place.
    private static let longestFold = 32

    /// Prepares the pass for a report of the first one.
    ///
    /// - Parameter name: the text of a symbol of the second pass, asked only for symbols that were met.
    package init(
        _ report: Report, _ list: FindingList, _ options: TimelineOptions = TimelineOptions(),
        name: @escaping (Symbol) -> String
    ) {
        self.options = options
        self.name = name
        focus = TimelineFocus(report, list, options)
        endpoints = NamedSymbols(focus.endpoints, options.endpoints)
        actors = NamedSymbols(focus.actors, [])
        let limit = max(20, options.limit)
        let context = max(limit / 8, limit - focus.singles)
        farRoom = focus.windows.isEmpty || options.all ? context / 2 : context / 4
        let share = (context - farRoom) / max(1, focus.windows.count)
        room = [Int](repeating: max(6, share), count: focus.windows.count)
    }

    /// Takes one event in causal order.
    package mutating func observe(
        _ batch: borrowing EventBatch, row: Int, delivery: Delivery, clocks: borrowing ProcessClocks
    ) {
        let place = RecordPlace(source: delivery.source, line: batch.line(at: row))
        let time = Timestamp(nanoseconds: batch.time[row])
        let evidence = focus.evidence[place]
        let isFirstSymptom = isFirstSymptom(batch, row: row, at: time)
        if let evidence, evidence.isSingle {
            single(batch, row: row, delivery: delivery, clocks: clocks, evidence: evidence)
            return
        }
        if let span = options.within, !span.contains(time) {
            omitted.add(.outside, batch.kind[row])
            return
        }
        let window = focus.window(at: time)
        let marks = evidence?.marks ?? []
        if isFirstSymptom {
            single(
                batch, row: row, delivery: delivery, clocks: clocks, evidence: TimelineFocus.Evidence(marks: marks))
            return
        }
        if marks.isEmpty, let reason = reasonToOmit(batch, row: row, window: window) {
            omitted.add(reason, batch.kind[row])
            return
        }
        fold(batch, row: row, delivery: delivery, clocks: clocks, window: window, marks: marks)
    }

    /// The timeline, once all events have been taken.
    package consuming func finish() -> Timeline {
        var timeline = Timeline()
        let causes = CausalLinks.directCauses(rows)
        let concurrent = CausalLinks.concurrent(rows)
        timeline.rows = rows.indices.map { index in
            var row = rows[index].row(name)
            row.causes = causes[index]
            row.concurrent = concurrent[index]
            return row
        }
        timeline.omissions = omitted.omissions(options)
        timeline.groups = focus.groups
        timeline.origin = focus.origin
        return timeline
    }

    private mutating func single(
        _ batch: borrowing EventBatch, row: Int, delivery: Delivery, clocks: borrowing ProcessClocks,
        evidence: TimelineFocus.Evidence
    ) {
        let key = key(batch, row: row, delivery: delivery, window: nil, marks: evidence.marks)
        // What this event knows a part of, and what its own actor did before it, must not go on behind it.
        open = open.filter { fold in
            !clocksCover(clocks, delivery.process, rows[fold.value.row].first)
        }
        singles.append(rows.count)
        rows.append(
            TimelineDraft(
                batch, row: row, delivery: delivery, clocks: clocks, key: key, isPivot: evidence.isPivot,
                name: name))
    }

    private mutating func fold(
        _ batch: borrowing EventBatch, row: Int, delivery: Delivery, clocks: borrowing ProcessClocks, window: Int?,
        marks: [Timeline.Mark]
    ) {
        let key = key(batch, row: row, delivery: delivery, window: window, marks: marks)
        if let fold = open[key] {
            let since = singles[fold.singles...]
            if since.count <= Self.longestFold,
                !since.contains(where: { clocksCover(clocks, delivery.process, rows[$0].first) })
            {
                rows[fold.row].add(batch, row: row, delivery: delivery, name: name)
                return
            }
        }
        guard takeRoom(window) else {
            omitted.add(.limit, batch.kind[row])
            return
        }
        open[key] = (rows.count, singles.count)
        rows.append(
            TimelineDraft(
                batch, row: row, delivery: delivery, clocks: clocks, key: key, isPivot: false, name: name))
    }

    private func clocksCover(_ clocks: borrowing ProcessClocks, _ process: ProcessID, _ record: RecordRef) -> Bool {
        clocks[process, record.process] >= record.stamp
    }

    private func key(
        _ batch: borrowing EventBatch, row: Int, delivery: Delivery, window: Int?, marks: [Timeline.Mark]
    ) -> TimelineDraft.Key {
        let kind = batch.kind[row]
        let apart = window != nil && kind != .planCreated && kind != .planDeleted
        return TimelineDraft.Key(
            process: delivery.process, kind: kind, event: batch.event[row], outcome: batch.outcome[row],
            by: batch.symbol(.by, at: row), window: window, plan: apart ? batch.integer(.plan, at: row) : nil,
            marks: marks)
    }

    /// Whether it is the first failure of its kind since the first critical finding: with it the harm began, so that it stands there
    /// whatever else there is room for. Lookups count only for an endpoint of a finding: others fail on any day.
    private mutating func isFirstSymptom(_ batch: borrowing EventBatch, row: Int, at time: Timestamp) -> Bool {
        let kind = batch.kind[row]
        guard kind.isSymptom, let from = focus.firstHarm, time >= from, !symptoms.contains(kind),
            options.within.map({ $0.contains(time) }) ?? true
        else { return false }
        if kind == .resolveFailed || !options.endpoints.isEmpty, !endpoints.contains(batch.endpoint[row], name) {
            return false
        }
        return symptoms.insert(kind).inserted
    }

    private mutating func takeRoom(_ window: Int?) -> Bool {
        if let window {
            if room[window] <= 0 { return false }
            room[window] -= 1
        } else {
            if farRoom <= 0 { return false }
            farRoom -= 1
        }
        return true
    }

    /// Why an event that is no evidence is left out; nil for one that matters.
    private mutating func reasonToOmit(_ batch: borrowing EventBatch, row: Int, window: Int?) -> OmissionTally.Reason? {
        let kind = batch.kind[row]
        let endpoint = batch.endpoint[row]
        if kind == .planApplying { return .sent }
        let isFocal = endpoint != .none && endpoints.contains(endpoint, name)
        if !options.endpoints.isEmpty, endpoint != .none, !isFocal {
            // The rest of a run that writes to the endpoint shows as one row; all else of other endpoints does not.
            let isPart = window != nil && kind == .planApplied && actors.contains(batch.actor[row], name)
            return isPart ? nil : .outside
        }
        if kind.isSwitch || batch.fields[row].contains(.byOperator) || options.all { return nil }
        if isFocal, !options.endpoints.isEmpty || window != nil { return kind == .queueSampled ? .other : nil }
        guard let window else { return .far }
        guard focus.windows[window].plans, kind.isOfPlans else { return .other }
        return endpoint == .none || actors.contains(batch.actor[row], name) ? nil : .other
    }
}

extension EventKind {
    /// What people do to a system in trouble, switches that they set, and what checkers switch by themselves.
    var isSwitch: Bool { isIntervention || self == .failoverStarted || self == .failoverFinished }

    /// What clients and hosts feel of harm done to plans.
    fileprivate var isSymptom: Bool {
        switch self {
        case .resolveFailed, .leaseFailed, .leaseExpired, .launchFailed, .workFailed, .stateDelayed, .failoverStarted:
            true
        default: false
        }
    }

    /// The life of plans: made, taken up, checked, written, cleaned up.
    var isOfPlans: Bool {
        switch self {
        case .planCreated, .runStarted, .runFinished, .planChecked, .planApplied, .changeCommitted, .cleanupStarted,
            .cleanupFinished, .planDeleted, .recordEmptied:
            true
        default: false
        }
    }
}

/// Symbols whose names are in a set or match a pattern, each looked up once.
private struct NamedSymbols {
    private let names: Set<String>
    private let globs: [Glob]
    private var known: [Bool?] = []

    init(_ names: Set<String>, _ globs: [Glob]) {
        self.names = names
        self.globs = globs
    }

    mutating func contains(_ symbol: Symbol, _ name: (Symbol) -> String) -> Bool {
        let index = Int(symbol.index)
        if index >= known.count { known += Array(repeating: nil, count: index + 1 - known.count) }
        if let answer = known[index] { return answer }
        let text = name(symbol)
        let answer = names.contains(text) || globs.contains { $0.matches(text) }
        known[index] = answer
        return answer
    }
}
