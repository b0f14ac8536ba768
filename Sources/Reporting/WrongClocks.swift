import EventModel

/// The actors whose clocks are wrong by much: each stands apart from those of several others by what happened-before proves.
///
/// Of two clocks that disagree nobody can say which is wrong; of one that disagrees with many it is likely that one.
struct WrongClocks {
    /// One such clock.
    struct Clock {
        let actor: Symbol
        /// Whether it is behind the others, and by how much at the least and at the most.
        let isSlow: Bool
        let least: Int64
        let most: Int64
        /// How many clocks it stands apart from, and how many records prove it.
        let others: Int
        let proofs: UInt64

        /// A multiple of 15 minutes that it may be off by, as a wrong zone would have it; nil where none lies near.
        var zone: Int64? {
            let quarter = 15 * Nanoseconds.minute
            let nearest = (least + quarter / 2) / quarter * quarter
            let isNear =
                nearest > 0 && nearest >= least - WrongClocks.much && nearest <= max(most, least + WrongClocks.much)
            return isNear ? nearest : nil
        }

        /// `runs 59 min 36 s slow, proven by 3 records against 4 clocks; a zone (1 h)?`
        var words: String {
            var text = "runs at least \(Nanoseconds.words(least)) \(isSlow ? "slow" : "fast"), proven by "
            text += Figures.count(proofs, "record") + " against " + Figures.count(others, "other clock")
            if let zone { text += "; a zone (\(Nanoseconds.words(zone)))?" }
            return text
        }
    }

    /// The worst first.
    private(set) var clocks: [Clock] = []

    /// Below this a clock is not wrong by much.
    fileprivate static let much = Nanoseconds.minute

    init(_ skews: [Quality.Skew]) {
        var left = skews.filter { $0.bounds.lowerBound >= Self.much || $0.bounds.upperBound <= -Self.much }
        while let clock = Self.worst(left) {
            clocks.append(clock)
            left.removeAll { $0.a == clock.actor || $0.b == clock.actor }
        }
    }

    /// The clock that stands apart from most others, all in one direction; nil where none stands apart from two.
    private static func worst(_ skews: [Quality.Skew]) -> Clock? {
        var apart: [Symbol: [(isSlow: Bool, least: Int64, most: Int64, proofs: UInt64)]] = [:]
        for skew in skews {
            let isSlow = skew.bounds.upperBound < 0
            let least = isSlow ? 0 &- skew.bounds.upperBound : skew.bounds.lowerBound
            let most =
                isSlow ? skew.bounds.lowerBound == .min ? .max : 0 &- skew.bounds.lowerBound : skew.bounds.upperBound
            apart[skew.a, default: []].append((isSlow, least, most, skew.proofs))
            apart[skew.b, default: []].append((!isSlow, least, most, skew.proofs))
        }
        let candidates = apart.compactMap { actor, pairs -> Clock? in
            guard pairs.count > 1, Set(pairs.map(\.isSlow)).count == 1 else { return nil }
            return Clock(
                actor: actor, isSlow: pairs[0].isSlow, least: pairs.map(\.least).max() ?? 0,
                most: pairs.map(\.most).min() ?? .max, others: pairs.count,
                proofs: pairs.reduce(0) { $0 + $1.proofs })
        }
        return candidates.max { ($0.others, $0.least, $1.actor.index) < ($1.others, $1.least, $0.actor.index) }
    }
}
