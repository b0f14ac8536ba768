import CausalAnalysis
import EventModel

/// Everything that is wrong with a bundle's logs, each with the first place where it shows and with what it puts in doubt.
struct TrustFaults {
    /// One thing that is wrong, or worth knowing.
    struct Fault {
        /// The kind, one word for machines and people.
        var kind: String
        /// Whose log, or which file; empty for none in particular.
        var subject: String
        var count: UInt64
        /// What is the case, in a sentence's words.
        var what: String
        /// What follows for the findings.
        var doubt: String
        /// The records that show it, the first ones where there are many.
        var records: [RecordRef] = []
        /// Where it shows, for faults that no record stands for: `enactor-a.log:12:340`.
        var place: String?
        /// Whether it takes nothing from the findings.
        var isRemark = false
    }

    /// So many actors are named in one sentence.
    private static let named = 8

    private(set) var faults: [Fault] = []
    private let report: Report
    private let trust: TrustReport
    private let times: TimeStyle

    /// All of a report: what could not be read first, then actor by actor, then what concerns several.
    init(_ report: Report, _ trust: TrustReport, times: TimeStyle) {
        self.report = report
        self.trust = trust
        self.times = times
        addReading()
        for actor in trust.actors { add(actor) }
        addCircles()
        addMissingLogs()
        addMissingNames()
        addInferredClocks()
        addSkew()
    }

    // MARK: What could not be read

    private mutating func addReading() {
        for damage in report.bundle.damage {
            faults.append(
                Fault(
                    kind: "damage", subject: damage.path, count: 1, what: damage.message,
                    doubt: "what stood behind the damage is missing: what is not found there may still have happened",
                    place: damage.path + (damage.byte.map { ":\($0)" } ?? "")))
        }
        for group in report.quality.faults {
            let path = report.path(of: group.source)
            let noun = Figures.count(group.count, "line")
            let (what, doubt) =
                switch group.kind.effect {
                case .lineDropped:
                    (
                        "\(noun) left out, the first: ",
                        "the events of these lines are missing, and whatever they would have proved"
                    )
                case .fieldDropped:
                    (
                        "\(noun) with a field left out, the first: ",
                        "what rests on that field of these records is as if it had never been written"
                    )
                case .kept: ("\(noun), the first: ", TrustFaults.doubt(of: group.kind))
                }
            faults.append(
                Fault(
                    kind: group.kind.rawValue, subject: path, count: group.count, what: what + group.first.detail,
                    doubt: doubt, place: "\(path):\(group.first.line):\(group.first.byte)",
                    isRemark: group.kind.effect == .kept))
        }
        for file in report.bundle.passedOver {
            faults.append(
                Fault(
                    kind: "passed-over", subject: file.path, count: 1, what: "not read as a log: " + file.reason,
                    doubt: "nothing, unless it should have been a log", place: file.path, isRemark: true))
        }
        if report.counts.leapSeconds > 0 {
            faults.append(
                Fault(
                    kind: "leap-second", subject: "", count: report.counts.leapSeconds,
                    what: Figures.count(report.counts.leapSeconds, "record") + " in a leap second (:60)",
                    doubt: "times within that second: it counts as the beginning of the next minute", isRemark: true))
        }
    }

    /// What follows from an odd time of a record that was kept.
    private static func doubt(of kind: RecordFault.Kind) -> String {
        switch kind {
        case .unknownOutcome: "whether what these records tell of took effect"
        case .noTime: "these records keep their place in their actor's order, and no span of time counts them"
        case .earlyTime: "durations and windows that these records take part in, if their clock was not set"
        default: "nothing, if that is the unit"
        }
    }

    // MARK: One actor

    private mutating func add(_ actor: TrustReport.Actor) {
        let name = report.symbols[actor.actor]
        let notes = actor.notes
        func add(
            _ kind: String, _ trouble: OrderNotes.Trouble, _ what: String, _ doubt: String, isRemark: Bool = false
        ) {
            if trouble.count == 0 { return }
            faults.append(
                Fault(
                    kind: kind, subject: name, count: trouble.count, what: what, doubt: doubt,
                    records: trouble.first.map { [$0] } ?? [], isRemark: isRemark))
        }
        add(
            "log-gap", notes.gaps, words(notes.gaps, "record is", "records are") + " missing between others",
            "what \(name) did there is unknown; a finding that a lost write or check would change is not safe")
        add(
            "missing-cause", notes.missingCauses,
            words(notes.missingCauses, "record knows", "records know") + " events that no log holds",
            "what happened in those events is unknown; they delay nothing")
        add(
            "clock-fault", notes.clockFaults,
            words(notes.clockFaults, "record carries", "records carry") + " a clock that cannot be right",
            "their clocks were inferred: their order against other actors' records is at most as sure as that")
        add(
            "clock-falls", actor.falls, words(actor.falls, "clock falls", "clocks fall") + " below the one before",
            "what \(name) forgot is taken as still known; orders through these records may be too strong")
        add(
            "clock-not-closed", actor.unclosed,
            words(actor.unclosed, "clock knows", "clocks know") + " an event without what that event knew",
            "orders through third actors are lost there: what is called concurrent may have an order")
        add(
            "clock-foresees", actor.foreseen,
            words(actor.foreseen, "record of others knows", "records of others know")
                + " events of \(name) that stand after it",
            "either clock may be wrong: the order between \(name) and these records is not safe")
        if actor.beyond.count > 0 {
            add(
                "log-ends-early", actor.beyond,
                words(actor.beyond, "record of others knows", "records of others know")
                    + " \(name) up to count \(Figures.grouped(actor.claimed)), its log ends at "
                    + Figures.grouped(actor.end),
                "the end of \(name)'s log is missing, or those clocks are wrong: orders that rest on them are not safe")
        }
        add(
            "clock-conflict", notes.conflicts,
            words(notes.conflicts, "count stands", "counts stand") + " for different records",
            "two processes may share the name \(name): orders within it are not safe")
        add(
            "restart", notes.restarts, "its own count fell " + Figures.count(notes.restarts.count, "time"),
            "orders that rest on \(name)'s later lives are at most likely", isRemark: true)
        addOwnOrder(actor, name)
        addRemarks(actor, name)
    }

    /// What the order of the actor's own lines had to be settled by.
    private mutating func addOwnOrder(_ actor: TrustReport.Actor, _ name: String) {
        let notes = actor.notes
        func files(_ sources: [SourceID]) -> String {
            let paths = sources.prefix(Self.named).map { report.bundle.sources[Int($0.index)].path }
            let more = sources.count - Self.named
            return paths.joined(separator: ", ") + (more > 0 ? " and \(more) more" : "")
        }
        func add(_ kind: String, _ count: Int, _ what: String, _ doubt: String, _ record: RecordRef? = nil) {
            if count == 0 { return }
            faults.append(
                Fault(
                    kind: kind, subject: name, count: UInt64(count), what: what, doubt: doubt,
                    records: record.map { [$0] } ?? [], isRemark: true))
        }
        add(
            "reversed-file", notes.reversed.count, files(notes.reversed) + " was written newest first, and reversed",
            "orders that rest on its lines are at most likely")
        add(
            "swapped-parts", notes.swapped.count,
            "the later part of " + files(notes.swapped) + " stood ahead of the earlier one, and they were swapped",
            "orders that rest on its lines are at most likely")
        add(
            "ambiguous-order", Int(clamping: notes.ambiguous.count),
            words(notes.ambiguous, "record stands", "records stand") + " in "
                + Figures.count(notes.ambiguousRanges, "stretch", plural: "stretches")
                + " in which times go back and dispute the order of its lines",
            "orders that rest on these lines are at most possible", notes.ambiguous.first)
        add(
            "several-processes", notes.processes > 1 ? notes.processes : 0,
            "its files seem to be those of \(notes.processes) processes of one name",
            "only causes and items order them; give each process a name of its own")
        add(
            "dropped-cause", Int(clamping: notes.droppedCauses.count),
            words(notes.droppedCauses, "record follows", "records follow")
                + " a creation, an item or a cause that happened after it",
            "these references were left out: the order between the two is not safe", notes.droppedCauses.first)
        add(
            "repeated-line", Int(clamping: notes.repeats),
            Figures.count(notes.repeats, "line") + " stands twice with nothing that would tell two events from one",
            "each was taken for an event")
    }

    private mutating func addRemarks(_ actor: TrustReport.Actor, _ name: String) {
        let notes = actor.notes
        if let silence = actor.silence {
            faults.append(
                Fault(
                    kind: "silent", subject: name, count: 1,
                    what: "its last record is of " + times.full(actor.span.last, digits: 0) + ", "
                        + Nanoseconds.words(silence) + " before the end; it never paused for more than "
                        + Nanoseconds.words(actor.span.longestPause) + " before",
                    doubt: "whether \(name) stopped or only its log did; what it did after that is unknown",
                    isRemark: true))
        }
        if notes.disorders.count > 0 {
            faults.append(
                Fault(
                    kind: "disorder", subject: name, count: notes.disorders.count,
                    what: words(notes.disorders, "record stands", "records stand") + " out of the order of its count",
                    doubt: "nothing: they were put in order", records: notes.disorders.first.map { [$0] } ?? [],
                    isRemark: true))
        }
        if notes.duplicates > 0 {
            faults.append(
                Fault(
                    kind: "duplicate", subject: name, count: notes.duplicates,
                    what: Figures.count(notes.duplicates, "record") + " stood twice",
                    doubt: "nothing: each was taken once", isRemark: true))
        }
    }

    // MARK: Several actors

    private mutating func addCircles() {
        for circle in trust.circles {
            let names = circle.records.map { report.symbols[$0.actor] }
            let more = circle.count - circle.records.count
            faults.append(
                Fault(
                    kind: "cycle", subject: "", count: UInt64(circle.count),
                    what: Figures.count(circle.count, "record") + " each of which happened before itself, by clocks of "
                        + names.joined(separator: ", ") + (more > 0 ? " and \(more) more" : ""),
                    doubt: "their order is that of their times; one of these clocks is wrong, and what rests on it",
                    records: circle.records))
        }
        let more = trust.circleCount - UInt64(trust.circles.count)
        if more > 0 {
            faults.append(
                Fault(
                    kind: "cycle", subject: "", count: more, what: Figures.count(more, "more cycle") + " of clocks",
                    doubt: "the order of their records is that of their times"))
        }
    }

    private mutating func addMissingNames() {
        if trust.missingNameCount > 0 {
            let names = trust.missingNames.compactMap(\.name)
            var seen: Set<String> = []
            let named = names.filter { seen.insert($0).inserted }.map { "'\($0)'" }
            let more = Int(clamping: trust.missingNameCount) - trust.missingNames.count
            faults.append(
                Fault(
                    kind: "missing-cause-name", subject: "", count: trust.missingNameCount,
                    what: Figures.count(trust.missingNameCount, "cause") + " that no log holds"
                        + (named.isEmpty ? "" : ": " + named.joined(separator: ", ") + (more > 0 ? " and more" : "")),
                    doubt: "what happened there is unknown; the records that name them are not delayed",
                    records: trust.missingNames.first.map { [$0.record] } ?? []))
        }
        if trust.ambiguousNames > 0 {
            faults.append(
                Fault(
                    kind: "ambiguous-name", subject: "", count: UInt64(trust.ambiguousNames),
                    what: Figures.count(trust.ambiguousNames, "id, creation or item", plural: "ids, creations or items")
                        + " of several actors",
                    doubt: "nothing follows from them: which of the records is meant is unknown", isRemark: true))
        }
        if trust.muteEntries > 0 {
            faults.append(
                Fault(
                    kind: "mute-entries", subject: "", count: trust.muteEntries,
                    what: Figures.count(trust.muteEntries, "entry of a clock", plural: "entries of clocks")
                        + " for an actor whose records bear no counters, or whose name several processes bear",
                    doubt: "nothing follows from them", isRemark: true))
        }
    }

    private mutating func addMissingLogs() {
        for log in report.quality.missingLogs {
            let name = report.symbols[log.actor]
            faults.append(
                Fault(
                    kind: "missing-log", subject: name, count: log.mentions,
                    what: "no log of it is here, though " + Figures.count(log.mentions, "record") + " name it",
                    doubt: "what \(name) did is known only from others; findings that need its records are less sure"))
        }
    }

    private mutating func addInferredClocks() {
        var names: [String] = []
        var count: UInt64 = 0
        for actor in trust.actors where actor.notes.withClock < actor.span.events {
            names.append(report.symbols[actor.actor])
            count += actor.span.events - actor.notes.withClock
        }
        if count == 0 { return }
        let more = names.count - Self.named
        faults.append(
            Fault(
                kind: "inferred-clocks", subject: "", count: count,
                what: Figures.count(count, "event") + " (" + Figures.percent(count, of: report.counts.events)
                    + ") without a usable clock, of " + names.prefix(Self.named).joined(separator: ", ")
                    + (more > 0 ? " and \(more) more" : ""),
                doubt: "their orders against others rest on causes, plans and items that they name, else on time",
                isRemark: true))
    }

    private mutating func addSkew() {
        for clock in WrongClocks(report.quality.skews).clocks {
            faults.append(
                Fault(
                    kind: "wrong-clock", subject: report.symbols[clock.actor], count: clock.proofs, what: clock.words,
                    doubt: "its times, and durations between them and others'; no order rests on them alone",
                    isRemark: true))
        }
        for skew in report.quality.skews where !skew.bounds.contains(0) {
            let isAhead = skew.bounds.lowerBound > 0
            let (fast, slow) = isAhead ? (skew.a, skew.b) : (skew.b, skew.a)
            let least = isAhead ? skew.bounds.lowerBound : 0 &- skew.bounds.upperBound
            faults.append(
                Fault(
                    kind: "clock-skew", subject: report.symbols[fast], count: 1,
                    what: "its wall clock stands at least " + Nanoseconds.words(least) + " ahead of that of "
                        + report.symbols[slow],
                    doubt: "orders by time alone between the two; they are given with the skew's bounds",
                    isRemark: true))
        }
    }

    private func words(_ trouble: OrderNotes.Trouble, _ one: String, _ many: String) -> String {
        Figures.grouped(trouble.count) + " " + (trouble.count == 1 ? one : many)
    }
}
