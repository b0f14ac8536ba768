import EventModel

/// Why one step is held to have come after another, and how sure that is.
struct OrderBasis: Sendable {
    var confidence: Finding.Confidence
    /// For a reader: `commit 20417 after 20416`.
    var words: String

    /// The strongest rule that puts `x` before `y`.
    static func between(_ x: PlanStep, _ y: PlanStep, clocks: inout EventClocks) -> OrderBasis {
        if x.commit >= 0, y.commit > x.commit {
            return OrderBasis(confidence: .proven, words: "commit \(y.commit) after \(x.commit)")
        }
        let sure: Finding.Confidence = x.restarted || y.restarted ? .likely : .proven
        if let a = x.storeTime, let b = y.storeTime, a.sharesCount(with: b), a.stamp < b.stamp {
            let own = x.stored != nil && y.stored != nil
            return OrderBasis(
                confidence: sure,
                words: own
                    ? "the order of the store's own log"
                    : "the store's clock: \(b.stamp.counter) after \(a.stamp.counter)")
        }
        if x.happened(before: y, clocks) { return OrderBasis(confidence: sure, words: "happened before") }
        if y.replaces >= 0, y.replaces == x.plan {
            return OrderBasis(confidence: .proven, words: "replaces \(y.replaces)")
        }
        return byTime(
            x.effect.moment, y.effect.moment, overlap: overlap(x, y, clocks: &clocks), clocks: &clocks)
    }

    /// By wall clocks alone. Where the later one was already on its way as the earlier was answered, the times say little.
    static func byTime(_ x: Moment, _ y: Moment, overlap: Bool = false, clocks: inout EventClocks) -> OrderBasis {
        let span = clocks.span(from: x, to: y)
        let middle = WallClocks.middle(span)
        let slack = Nanoseconds.words(span.upperBound &- middle)
        let apart = Nanoseconds.words(middle < 0 ? 0 : middle)
        if overlap { return OrderBasis(confidence: .possible, words: "times \(apart) apart, both writes in flight") }
        return span.lowerBound > 0
            ? OrderBasis(confidence: .likely, words: "times \(apart) apart, beyond the skew's \(slack)")
            : OrderBasis(confidence: .possible, words: "times \(apart) apart, within the skew's \(slack)")
    }

    /// Whether `y` was sent before `x` was answered, as far as the times tell, and no record of the store says when either took effect.
    private static func overlap(_ x: PlanStep, _ y: PlanStep, clocks: inout EventClocks) -> Bool {
        guard x.stored == nil, y.stored == nil, let sending = y.sending else { return false }
        return WallClocks.middle(clocks.span(from: x.main.moment, to: sending)) < 0
    }
}
