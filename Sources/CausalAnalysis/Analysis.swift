import EventModel

/// What an analysis may be told.
package struct AnalysisOptions: Sendable {
    package var order = OrderOptions()
    /// The part of the log that was usual; nil: every series' own quiet part.
    package var baseline: Baseline?

    package init() {}
}

/// A part of the log, said to be usual; its bounds may count from the last event, which is known at the end.
package struct Baseline: Sendable {
    private let from: TimeBound
    private let to: TimeBound

    /// A part of the log.
    package init(from: TimeBound, to: TimeBound) {
        self.from = from
        self.to = to
    }

    /// The part, in whichever order its bounds were given.
    func range(lastEvent: Timestamp) -> ClosedRange<Timestamp> {
        let a = from.resolved(lastEvent: lastEvent)
        let b = to.resolved(lastEvent: lastEvent)
        return min(a, b)...max(a, b)
    }
}

/// All events in causal order, through every detector.
package enum Analysis {
    /// What the pass brought to light. What was read, and from where, the supply knows.
    package struct Result: Sendable {
        package var span: ClosedRange<Timestamp>?
        package var actors = 0
        /// How many events each endpoint has, by symbol.
        package var eventsOfEndpoint: [UInt64] = []
        package var tally = EventTally()
        package var duplicates: UInt64 = 0
        package var withClock: UInt64 = 0
        /// Most severe first, then by time.
        package var findings: [Finding] = []
        package var quality = Quality()
        /// Services whose requests are sampled and that never left their usual range, by name.
        package var unaffected: [String] = []
    }

    /// Analyzes all events of a bundle.
    package static func run(
        _ order: inout SettledOrder, options: AnalysisOptions = AnalysisOptions()
    ) throws(SpillFailure) -> Result {
        let detectors = try order.run(apart: Detectors())
        return result(detectors, order, options)
    }

    /// The same, with one more who takes the events beside the detectors, on the thread of the order.
    package static func run<Companion: EventConsumer>(
        _ order: inout SettledOrder, options: AnalysisOptions = AnalysisOptions(), beside companion: inout Companion
    ) throws(SpillFailure) -> Result {
        let detectors = try order.run(apart: Detectors(), beside: &companion)
        return result(detectors, order, options)
    }

    /// The same without detectors, for somebody who asks for no finding.
    package static func survey<Companion: EventConsumer>(
        _ order: inout SettledOrder, beside companion: inout Companion
    ) throws(SpillFailure) -> Result {
        let census = try order.run(apart: Census(), beside: &companion)
        return Result(order.notes, census, order.skew, order.symbols)
    }

    private static func result(
        _ detectors: consuming Detectors, _ order: borrowing SettledOrder, _ options: AnalysisOptions
    ) -> Result {
        detectors.finish(order.notes, order.skew, baseline: options.baseline, symbols: order.symbols)
    }
}

/// All detectors, fed one event after the other. They share nothing.
struct Detectors: EventConsumer, ~Copyable, Sendable {
    private var plans = PlanDetector()
    private var backlogs = BacklogDetector()
    private var windows = WindowDetectors()
    private var census = Census()

    mutating func observe(
        _ batch: borrowing EventBatch, row: Int, delivery: Delivery, clocks: borrowing ProcessClocks
    ) {
        census.observe(batch, row: row, delivery: delivery, clocks: clocks)
        plans.observe(batch, row: row, delivery: delivery, clocks: clocks)
        backlogs.observe(batch, row: row, delivery: delivery, clocks: clocks)
        windows.observe(batch, row: row, delivery: delivery, clocks: clocks)
    }

    mutating func finish(
        _ notes: OrderNotes, _ skew: SettledSkew, baseline: Baseline?, symbols: SymbolTable
    ) -> Analysis.Result {
        var result = Analysis.Result(notes, census, skew, symbols)
        let absent = notes.missingLogs(census, symbols).map(\.actor).filter { !census.isStore($0) }
        var plan = plans.finish(skew: skew, symbols: symbols, lost: notes.lost, absent: absent)
        let found = windows.finish(
            WindowContext(
                end: census.span?.upperBound,
                baseline: census.span.flatMap { baseline?.range(lastEvent: $0.upperBound) }, symbols: symbols))
        var spans = backlogs.finish(symbols: symbols) + found.findings
        for at in spans.indices { spans[at].missing = notes.lost.missing(during: spans[at]) }
        // Handed on, not copied: there may be very many.
        swap(&result.findings, &plan.findings)
        result.findings += spans
        result.unaffected = found.unaffected
        result.quality.undecided = plan.undecided
        result.quality.droppedConstraints = plan.droppedConstraints
        result.findings += notes.findings(census, skew, symbols)
        SafeguardReplay.judge(&result.findings, skew: skew)
        result.findings.sort(by: Finding.precedes)
        return result
    }
}

extension Analysis.Result {
    /// What the order and the census know; no findings yet.
    init(_ notes: OrderNotes, _ census: Census, _ skew: SettledSkew, _ symbols: SymbolTable) {
        span = census.span
        eventsOfEndpoint = census.eventsOfEndpoint
        tally = census.tally
        actors = notes.actors.count { $0.events > 0 }
        duplicates = notes.actors.reduce(0) { $0 + $1.duplicates }
        withClock = notes.actors.reduce(0) { $0 + $1.withClock }
        quality = Quality(notes, census, skew, symbols)
    }
}
