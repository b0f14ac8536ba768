import EventModel

/// Finds names that no rule knows and that come at an unusual rate: `event-rate-change`, one finding for each actor and
/// name.
///
/// Definition, of more: an actor's log in at most 128 spans of equal length; those that hold eight events of the name
/// or more, three times as many as nine of ten spans hold, and more than chance lets expect of these (10⁻⁸), where they
/// lie in a quarter of the log or less, not at its beginning, and no quarter of an hour apart: what comes again and
/// again is usual. Of fewer: the longest pause of a name, ten times as long as any other, in which thirty events were
/// to be expected at the rate outside it, while the actor wrote ten records of other names or more. `medium`; `info` of
/// fewer than ten events. What it cannot see: rates that drift; names of which the log holds the unusual part alone;
/// what events say.
struct EventRateDetector: Detector {
    private struct Key: Hashable {
        var actor: Symbol
        var event: Symbol
    }

    private var indexOf: [Key: Int] = [:]
    private var keys: [Key] = []
    private var series: [RateSeries] = []
    /// Of each actor, by symbol: how many records it wrote, and when its first and last one.
    private var written: [(count: Int64, first: Int64, last: Int64)] = []

    private static let limit = 2_048

    static let interest = EventInterest.everythingTimed

    init(shards: Int) {}

    mutating func observe(
        _ batch: borrowing EventBatch, row: Int, delivery: Delivery, clocks: borrowing ProcessClocks
    ) {
        let count = write(batch.actor[row], at: batch.time[row])
        guard batch.kind[row] == .other else { return }
        let key = Key(actor: batch.actor[row], event: batch.event[row])
        let index: Int
        if let known = indexOf[key] {
            index = known
        } else {
            if keys.count == EventRateDetector.limit { return }
            index = keys.count
            indexOf[key] = index
            keys.append(key)
            series.append(RateSeries())
        }
        series[index].add(delivery.reference(batch, row: row), written: count)
    }

    @inline(__always)
    private mutating func write(_ actor: Symbol, at time: Int64) -> Int64 {
        let index = Int(actor.index)
        if index >= written.count {
            let more = max(index + 1, 2 * written.count) - written.count
            written += Array(repeating: (count: 0, first: .max, last: .min), count: more)
        }
        written[index].count += 1
        if time < written[index].first { written[index].first = time }
        if time > written[index].last { written[index].last = time }
        return written[index].count
    }

    mutating func finish(_ log: WholeLog) -> Detections {
        var found: [Finding] = []
        for (index, key) in keys.enumerated() {
            let whole = written[Int(key.actor.index)]
            let span = Timestamp(nanoseconds: whole.first)...Timestamp(nanoseconds: whole.last)
            guard var finding = series[index].more(in: span) ?? series[index].silence(in: span, written: whole.count)
            else { continue }
            finding.actor = log.symbols[key.actor]
            finding.event = log.symbols[key.event]
            found.append(finding)
        }
        return Detections(found)
    }
}

/// When events of one name came: counts in at most 128 spans of equal length, and the longest pauses.
private struct RateSeries: Sendable {
    private struct Span: Sendable {
        var index: Int64
        var count = 0.0
        var first: RecordRef
        var last: RecordRef
    }

    private struct Pause: Sendable {
        var from: RecordRef
        var to: Timestamp
        /// Records of the actor's other events meanwhile.
        var others: Int64
        var length: Int64 { to.since(from.time) }
    }

    private var width = 10 * Nanoseconds.second
    private var spans: [Span] = []
    private var count: Int64 = 0
    private var last: (record: RecordRef, written: Int64)?
    private var longest: Pause?
    private var secondLongest: Int64 = 0

    private static let most = 128
    private static let least = 8.0
    private static let factor = 3.0
    private static let expected = 30.0

    /// Takes the next event, the actor's record of that number.
    mutating func add(_ record: RecordRef, written: Int64) {
        count += 1
        if let last {
            note(Pause(from: last.record, to: record.time, others: written - last.written - 1))
        }
        last = (record, written)
        let index = floorDivide(record.time.nanoseconds, width)
        if let known = spans.lastIndex(where: { $0.index <= index }), spans[known].index == index {
            spans[known].count += 1
            if record.time < spans[known].first.time { spans[known].first = record }
            if record.time >= spans[known].last.time { spans[known].last = record }
        } else {
            let at = spans.firstIndex { $0.index > index } ?? spans.count
            spans.insert(Span(index: index, count: 1, first: record, last: record), at: at)
        }
        while spans.count > RateSeries.most, width < .max / 4 { widen() }
    }

    private mutating func note(_ pause: Pause) {
        if pause.length > longest?.length ?? 0 {
            secondLongest = max(secondLongest, longest?.length ?? 0)
            longest = pause
        } else {
            secondLongest = max(secondLongest, pause.length)
        }
    }

    private mutating func widen() {
        width *= 2
        var joined: [Span] = []
        for var span in spans {
            span.index = floorDivide(span.index, 2)
            if let before = joined.last, before.index == span.index {
                joined[joined.count - 1].count += span.count
                joined[joined.count - 1].last = span.last
            } else {
                joined.append(span)
            }
        }
        spans = joined
    }

    /// The time in which far more came than in the rest of the actor's log, by the shortest spans that show it.
    func more(in log: ClosedRange<Timestamp>) -> Finding? {
        var series = self
        while log.upperBound.since(log.lowerBound) / series.width >= 16 {
            if let found = series.excess(in: log) { return found }
            series.widen()
        }
        return nil
    }

    private func excess(in log: ClosedRange<Timestamp>) -> Finding? {
        let whole = floorDivide(log.upperBound.nanoseconds, width) - floorDivide(log.lowerBound.nanoseconds, width) + 1
        guard whole >= 16, Double(count) >= RateSeries.least else { return nil }
        // Spans without any are the ones that are not held.
        let rank = max(0, whole / 10)
        let counts = spans.map(\.count).sorted(by: >)
        let usual = rank < counts.count ? counts[Int(rank)] : 0
        let floor = max(RateSeries.least, RateSeries.factor * usual)
        let out = spans.filter { span in
            span.count >= floor
                && UsualRange.surprise(span.count, usual + 3 * usual.squareRoot() + 0.25) >= WindowRule.strong
        }
        // What the log begins with may be what was usual until then.
        guard let first = out.first, let last = out.last, 4 * (last.index - first.index + 1) <= whole,
            first.index > floorDivide(log.lowerBound.nanoseconds, width) + 1
        else { return nil }
        let near = 1 + UnusualSpan.pause / width
        // What comes again and again is usual.
        guard zip(out, out.dropFirst()).allSatisfy({ $1.index - $0.index <= near }) else { return nil }
        let within = spans.filter { (first.index...last.index).contains($0.index) }
        let came = Int64(clamping: within.reduce(0) { $0 + $1.count })
        let others = Double(count - came) / Double(max(1, whole - Int64(within.count)))
        return finding(
            from: first.first, to: last.last, count: came, expected: others * Double(last.index - first.index + 1),
            isSilence: false, lasts: log.upperBound.since(last.last.time) < max(UnusualSpan.settled, 2 * width))
    }

    /// The pause in which none came though the log goes on.
    func silence(in log: ClosedRange<Timestamp>, written: Int64) -> Finding? {
        guard let last, let first = spans.first?.first else { return nil }
        var series = self
        // A name that came late, and went, was never usual.
        series.secondLongest = max(secondLongest, first.time.since(log.lowerBound))
        series.note(Pause(from: last.record, to: log.upperBound, others: written - last.written))
        guard let pause = series.longest, pause.others >= Int64(RateSeries.least),
            pause.length / 10 >= series.secondLongest
        else { return nil }
        let rest = log.upperBound.since(log.lowerBound) - pause.length
        guard rest > 0, pause.length < rest else { return nil }
        let expected = Double(count) * Double(pause.length) / Double(rest)
        guard expected >= RateSeries.expected else { return nil }
        return finding(
            from: pause.from, to: nil, count: 0, expected: expected, isSilence: true,
            lasts: pause.to >= log.upperBound, until: pause.to)
    }

    private func finding(
        from first: RecordRef, to last: RecordRef?, count: Int64, expected: Double, isSilence: Bool, lasts: Bool,
        until: Timestamp? = nil
    ) -> Finding {
        var finding = Finding(
            kind: .eventRateChange, severity: isSilence || count >= 10 ? .medium : .info, confidence: .measured,
            at: first.time, until: lasts ? nil : until ?? last?.time, isWindow: true,
            detail: .rate(Finding.Rate(count: count, expected: expected, isSilence: isSilence)),
            evidence: [
                Finding.Evidence(part: isSilence ? Finding.Part.lastAhead : Finding.Part.onset, record: first)
            ])
        if let last, last != first {
            finding.evidence.append(
                Finding.Evidence(part: lasts ? Finding.Part.lastSoFar : Finding.Part.last, record: last))
        }
        finding.count = count
        return finding
    }
}
