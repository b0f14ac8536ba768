import EventModel

/// What a bundle's logs show of themselves: for each actor what it wrote and what is wrong with it, and the circles of clocks.
///
/// Counts and first records only; what each trouble puts in doubt is for the one who tells it.
package struct TrustReport: Sendable {
    /// One actor's log.
    package struct Actor: Sendable {
        package var actor: Symbol
        /// How many lives it has had: one and each restart.
        package var lives: UInt64
        package var span: LogSpan
        /// What the causal order had to put up with.
        package var notes: OrderNotes.Actor
        /// Records with an entry below the one in the actor's record before; those taken for faulty not counted.
        package var falls: OrderNotes.Trouble
        /// Records whose clock knows an event of another actor without all that this event knew.
        package var unclosed: OrderNotes.Trouble
        /// Others' records that stand before an event of this actor although their clocks know it.
        package var foreseen: OrderNotes.Trouble
        /// Others' records whose clocks know events of this actor beyond the end of its log (`end`), up to `claimed`.
        package var beyond: OrderNotes.Trouble
        package var claimed: Int64
        package var end: Int64
        /// For how long it had been silent at the bundle's end, in nanoseconds, where that is long for it.
        package var silence: Int64?
    }

    /// By name.
    package var actors: [Actor] = []
    package var circles: [OrderNotes.Circle] = []
    package var circleCount: UInt64 = 0
    /// Causes that records name and no log holds, the first ones; and how many there are.
    package var missingNames: [MissingName] = []
    package var missingNameCount: UInt64 = 0
    /// How many ids, creations and items several actors bear, so that nothing follows from them.
    package var ambiguousNames = 0
    /// Entries of clocks that say nothing, since their actor's records bear no counters or several processes bear its name.
    package var muteEntries: UInt64 = 0

    /// A cause that a record names and no log holds.
    package struct MissingName: Sendable {
        package var record: RecordRef
        package var digest: UInt64
        /// Its text, once that has been fetched from the record's line.
        package var name: String?
    }

    /// Fetches the texts of missing names.
    package mutating func nameMissing(_ fetch: (UInt64, RecordRef) -> String?) {
        for at in missingNames.indices {
            missingNames[at].name = fetch(missingNames[at].digest, missingNames[at].record)
        }
    }
}

/// One pass over all events in causal order that looks at the logs instead of at what they tell.
package enum TrustCheck {
    /// Looks at all events of a bundle. The result has no findings.
    package static func run(
        _ order: inout SettledOrder
    ) throws(SpillFailure) -> (analysis: Analysis.Result, trust: TrustReport) {
        var census = TrustCensus()
        try order.run(&census)
        return (
            Analysis.Result(order.notes, census.census, order.skew, order.symbols),
            census.finish(order.notes, order.symbols)
        )
    }
}

/// Takes the events for a trust report.
struct TrustCensus: EventConsumer {
    private(set) var census = Census()
    private var audit = ClockAudit()
    private var spans: [LogSpan?] = []

    mutating func observe(
        _ batch: borrowing EventBatch, row: Int, delivery: Delivery, clocks: borrowing ProcessClocks
    ) {
        census.observe(batch, row: row, delivery: delivery, clocks: clocks)
        audit.observe(batch, row: row, delivery: delivery)
        let actor = Int(batch.actor[row].index)
        spans.grow(toHold: actor, with: nil)
        if spans[actor] == nil { spans[actor] = LogSpan() }
        spans[actor]?.add(Timestamp(nanoseconds: batch.time[row]))
    }

    mutating func finish(_ notes: OrderNotes, _ symbols: SymbolTable) -> TrustReport {
        var report = TrustReport()
        let audited = audit.finish()
        // An actor takes more than a kilobyte: an array that doubles would hold two or three times that meanwhile.
        report.actors.reserveCapacity(notes.actors.count)
        for actor in notes.actors {
            let index = Int(actor.actor.index)
            guard index < spans.count, let span = spans[index] else { continue }
            let found = audited[actor.actor] ?? ClockAudit.Notes()
            report.actors.append(
                TrustReport.Actor(
                    actor: actor.actor, lives: actor.restarts.count + 1, span: span, notes: actor, falls: found.falls,
                    unclosed: found.unclosed, foreseen: found.foreseen, beyond: found.beyond, claimed: found.claimed,
                    end: found.end, silence: census.span.flatMap { span.silence(until: $0.upperBound) }))
        }
        report.actors.sort { symbols.isOrdered($0.actor, before: $1.actor) }
        report.circles = notes.circles
        report.circleCount = notes.circleCount
        report.missingNames = notes.missingNames.map {
            TrustReport.MissingName(record: $0.record, digest: $0.digest, name: nil)
        }
        report.missingNameCount = notes.missingNameCount
        report.ambiguousNames = notes.ambiguousNames
        report.muteEntries = notes.muteEntries
        return report
    }
}
