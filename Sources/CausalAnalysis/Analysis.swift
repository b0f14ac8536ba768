import EventModel
import SharedWork

/// What an analysis may be told.
package struct AnalysisOptions: Sendable {
    package var order = OrderOptions()
    /// Into how many parts endpoints are divided, to be judged side by side. The findings do not depend on it.
    package var shards = 64
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
    package func range(lastEvent: Timestamp) -> ClosedRange<Timestamp> {
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
        result(try order.run(apart: Examination(options)), order, options)
    }

    /// The same, with one more who takes the events beside the detectors, on the thread of the order.
    package static func run<Companion: EventConsumer>(
        _ order: inout SettledOrder, options: AnalysisOptions = AnalysisOptions(), beside companion: inout Companion
    ) throws(SpillFailure) -> Result {
        result(try order.run(apart: Examination(options), beside: &companion), order, options)
    }

    /// The same without detectors, for somebody who asks for no finding.
    package static func survey<Companion: EventConsumer>(
        _ order: inout SettledOrder, beside companion: inout Companion
    ) throws(SpillFailure) -> Result {
        let census = try order.run(apart: Census(), beside: &companion)
        return Result(order.notes, census, order.skew, order.symbols)
    }

    private static func result(
        _ examination: consuming Examination, _ order: borrowing SettledOrder, _ options: AnalysisOptions
    ) -> Result {
        examination.finish(
            order.notes, order.skew, baseline: options.baseline, symbols: order.symbols, workshop: order.workshop)
    }
}

/// The census and all detectors, fed one event after the other.
struct Examination: EventConsumer, ~Copyable, Sendable {
    private var census = Census()
    private var detectors: Detectors

    init(_ options: AnalysisOptions) {
        detectors = Detectors(shards: options.shards)
    }

    mutating func observe(
        _ batch: borrowing EventBatch, row: Int, delivery: Delivery, clocks: borrowing ProcessClocks
    ) {
        census.observe(batch, row: row, delivery: delivery, clocks: clocks)
        detectors.observe(batch, row: row, delivery: delivery, clocks: clocks)
    }

    mutating func finish(
        _ notes: OrderNotes, _ skew: SettledSkew, baseline: Baseline?, symbols: SymbolTable, workshop: Workshop
    ) -> Analysis.Result {
        var result = Analysis.Result(notes, census, skew, symbols)
        var log = WholeLog(symbols: symbols, skew: skew)
        log.span = census.span
        log.baseline = census.span.flatMap { baseline?.range(lastEvent: $0.upperBound) }
        log.lost = notes.lost
        log.workshop = workshop
        log.absent = notes.missingLogs(census, symbols).map(\.actor).filter { !census.isStore($0) }
        var found = detectors.finish(log)
        swap(&result.findings, &found.findings)
        result.unaffected = found.unaffected
        result.quality.undecided = found.undecided
        result.quality.droppedConstraints = found.droppedConstraints
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
