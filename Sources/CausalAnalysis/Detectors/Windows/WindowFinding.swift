import EventModel

/// Whose windows a series tells of.
struct WindowSubject: Hashable, Sendable {
    var actor: Symbol
    /// The service, the queue or `Symbol.none`.
    var name: Symbol = .none
    /// What sets several series of one actor apart.
    var kind: EventKind = .other
}

/// Series by subject, as many as there are actors and services; past `limit` new ones are not followed.
struct WindowSeries: Sendable {
    private var indexOf: [WindowSubject: Int] = [:]
    /// Each subject has its place here, which others may take in turn.
    private var recent = Array(repeating: Recent(), count: 64)
    private(set) var subjects: [WindowSubject] = []
    private(set) var series: [TimeBuckets] = []
    /// Of each series, the quiet records of the span at hand.
    private var quiet: [Quiet] = []

    private static let limit = 4_096

    private struct Quiet: Sendable {
        var from = Int64.max
        var to = Int64.min
        var count = 0.0
    }

    private struct Recent: Sendable {
        var subject = WindowSubject(actor: .none)
        var index = -1
    }

    /// Adds a record of a subject that tells of nothing bad: counted, and given to the series with the next span or bad record.
    mutating func add(quiet subject: WindowSubject, at time: Timestamp) {
        guard let index = index(of: subject) else { return }
        if time.nanoseconds >= quiet[index].from, time.nanoseconds < quiet[index].to {
            quiet[index].count += 1
            return
        }
        settle(index)
        let (from, to) = series[index].span(around: time)
        quiet[index] = Quiet(from: from, to: to, count: 1)
    }

    /// Gives the series what was counted.
    mutating func settleAll() { for index in series.indices { settle(index) } }

    private mutating func settle(_ index: Int) {
        if quiet[index].count == 0 { return }
        series[index].add(at: Timestamp(nanoseconds: quiet[index].from), tried: quiet[index].count)
        quiet[index] = Quiet()
    }

    /// Adds what one record tells of a subject.
    mutating func add(
        _ subject: WindowSubject, tried: Double, bad: Double, level: Double = 0, _ record: RecordRef
    ) {
        guard let index = index(of: subject) else { return }
        settle(index)
        series[index].add(at: record.time, tried: tried, bad: bad, level: level, mark: record)
    }

    private mutating func index(of subject: WindowSubject) -> Int? {
        let mixed = (subject.actor.index &* 31 &+ subject.name.index) &* 31 &+ UInt32(subject.kind.rawValue)
        let place = Int(mixed % UInt32(recent.count))
        if recent[place].subject == subject, recent[place].index >= 0 { return recent[place].index }
        let index: Int
        if let known = indexOf[subject] {
            index = known
        } else {
            if subjects.count == WindowSeries.limit { return nil }
            index = subjects.count
            indexOf[subject] = index
            subjects.append(subject)
            series.append(TimeBuckets())
            quiet.append(Quiet())
        }
        recent[place] = Recent(subject: subject, index: index)
        return index
    }

    /// The spans of every subject whose usual range is known, in the order in which the subjects were met.
    func spans(_ rule: WindowRule, _ context: WindowContext) -> [(subject: WindowSubject, found: [UnusualSpan])] {
        subjects.indices.compactMap { index in
            UnusualSpan.find(in: series[index], rule: rule, end: context.end, baseline: context.baseline)
                .map { (subjects[index], $0) }
        }
    }
}

/// What is known at the end of the log.
struct WindowContext: Sendable {
    /// The last time of the log.
    var end: Timestamp?
    /// What the user says was usual.
    var baseline: ClosedRange<Timestamp>?
    var symbols: SymbolTable
}

/// The words and the severity of one kind of window.
struct WindowWording {
    var kind: Finding.Kind
    /// What is counted: `renewals`; and what became of the bad ones: `failed`.
    var tried: String
    var became: String

    /// The finding for a window of shares.
    func finding(_ span: UnusualSpan, in context: WindowContext) -> Finding {
        let share = span.tried > 0 ? span.bad / span.tried : 0
        let worst = span.peak.tried > 0 ? span.peak.bad / span.peak.tried : 0
        let counts = "\(Figures.short(span.bad)) of \(Figures.short(span.tried)) \(tried) \(became)"
        var finding = finding(
            span, severity: worst > 0.5 ? .high : .medium,
            summary: "\(counts) (\(percent(share))), at worst \(percent(worst)) at \(clock(span.peak.mark)), "
                + "usually \(percent(span.usual.rate)); \(ending(span))")
        finding.peak = worst
        finding.figures = [
            Finding.Figure(tried, span.tried, .count, extent(span)),
            Finding.Figure("of them " + became, span.bad, .count, extent(span)),
            Finding.Figure("share that " + became, share, .share, extent(span)),
            Finding.Figure("worst share", worst, .share, atWorst(span)),
            Finding.Figure("usual share", span.usual.rate, .share, learned(span)),
            Finding.Figure("usual share, at most", span.usual.ceiling, .share, ceiling(span)),
        ]
        return finding
    }

    /// The numbers of a window of bare counts, such as `records`, with rates in `unit`, a span of time of so many nanoseconds.
    func figures(of counted: String, _ span: UnusualSpan, _ unit: Finding.Figure.Unit, each length: Int64)
        -> [Finding.Figure]
    {
        let width = Double(span.width) / Double(length)
        return [
            Finding.Figure(counted, span.bad, .count, extent(span)),
            Finding.Figure("worst rate", span.peak.bad / width, unit, atWorst(span)),
            Finding.Figure("usual rate", span.usual.rate / width, unit, learned(span)),
            Finding.Figure("usual rate, at most", span.usual.ceiling / width, unit, ceiling(span)),
        ]
    }

    private func extent(_ span: UnusualSpan) -> String {
        "from \(span.at.clock) " + (span.until.map { "to \($0.clock)" } ?? "to the end of the log")
    }

    private func atWorst(_ span: UnusualSpan) -> String {
        "in what was recorded in the \(Nanoseconds.words(span.width)) around \(clock(span.peak.mark))"
    }

    private func learned(_ span: UnusualSpan) -> String {
        "in what is like the quiet part, \(words(span.usual.part))"
    }

    private func ceiling(_ span: UnusualSpan) -> String {
        "what \(Nanoseconds.words(span.width)) record above it, and beyond what chance explains, is unusual"
    }

    /// The finding for a window, with the words of whoever knows better.
    func finding(_ span: UnusualSpan, severity: Finding.Severity, summary: String) -> Finding {
        var finding = Finding(
            kind: kind, severity: severity, confidence: .measured, at: span.at, until: span.until,
            isWindow: true, summary: summary, evidence: evidence(span))
        finding.count = Int64(clamping: span.bad)
        finding.usual = span.usual.part
        finding.basis = "usual range learned from " + words(span.usual.part)
        return finding
    }

    func ending(_ span: UnusualSpan) -> String {
        span.until.map { "back in its usual range after \($0.clock)" } ?? "not over by the end of the log"
    }

    func clock(_ mark: RecordRef?) -> String { mark?.time.clock ?? "?" }

    private func words(_ part: ClosedRange<Timestamp>) -> String {
        let from = part.lowerBound.parts(digits: 0)
        let to = part.upperBound.parts(digits: 0)
        return from.date == to.date
            ? "\(from.time)Z to \(to.time)Z" : "\(from.date)T\(from.time)Z to \(to.date)T\(to.time)Z"
    }

    private func evidence(_ span: UnusualSpan) -> [Finding.Evidence] {
        var all: [Finding.Evidence] = []
        for (part, mark) in [
            ("the onset", span.first.mark), ("the peak", span.peak.mark),
            (
                span.lasts
                    ? "the last span, still out of its usual range" : "the last span out of its usual range",
                span.last.mark
            ),
        ] {
            if let mark, !all.contains(where: { $0.record == mark }) {
                all.append(Finding.Evidence(part: part, record: mark))
            }
        }
        return all
    }

    func percent(_ share: Double) -> String {
        if share > 0, share < 0.001 { return "<0.1 %" }
        return Figures.short((share * 1000).rounded() / 10) + " %"
    }
}

extension Int64 {
    /// The nearest integer of a count that may be beyond counting.
    init(clamping count: Double) {
        self = count.isFinite ? Int64(exactly: Swift.min(count, 9e18).rounded()) ?? 0 : 0
    }
}
