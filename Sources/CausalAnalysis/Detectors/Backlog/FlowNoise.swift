/// How much a flow's rate swings about its trend: the variance of a mean rate, times the seconds that the mean stands for.
///
/// Swings of up to ten minutes are noise and longer ones are trend, so the variance is that of means over about ten minutes (batch
/// means), not of single samples, which would take slow swings for certainty. Counting alone makes it as large as the rate.
struct FlowNoise {
    /// Seconds up to which swings of the load are noise.
    static let correlated = 600.0

    /// The noise of rates about a curve: `rest` are their distances from it, each of which stands for `weights` seconds.
    static func about(_ rest: [Double], weights: [Double]) -> Double {
        let whole = weights.reduce(0, +)
        let length = min(correlated, whole / 8)
        var sums = 0.0
        var blocks = 0.0
        var items = 0.0
        var seconds = 0.0
        var single = 0.0
        for (distance, weight) in zip(rest, weights) {
            single += distance * distance * weight
            items += distance * weight
            seconds += weight
            if seconds >= 0.999 * length {
                sums += items * items / seconds
                blocks += 1
                items = 0
                seconds = 0
            }
        }
        let apart = rest.isEmpty ? 0 : single / Double(rest.count)
        return blocks >= 4 ? max(sums / blocks, apart / 2) : apart
    }

    /// The same from second differences of blocks of ten minutes, whose median no trend and no jump disturbs; 0 where there are few.
    static func ofHistory(_ pieces: [OnsetDating.Piece], interval: Double) -> Double {
        let length = max(correlated, 4 * interval)
        var rates: [(rate: Double, seconds: Double)] = []
        var items = 0.0
        var seconds = 0.0
        for piece in pieces {
            items += piece.arrived
            seconds += piece.to - piece.from
            if seconds >= 0.999 * length {
                rates.append((items / seconds, seconds))
                items = 0
                seconds = 0
            }
        }
        guard rates.count >= 8 else { return 0 }
        let squares = (1..<rates.count - 1).map { index -> Double in
            let (a, b, c) = (rates[index - 1], rates[index], rates[index + 1])
            let difference = b.rate - (a.rate + c.rate) / 2
            return difference * difference / (1 / b.seconds + 0.25 / a.seconds + 0.25 / c.seconds)
        }.sorted()
        // The median of a square of a normal variable is 0.455 of its mean.
        return squares[squares.count / 2] / 0.455
    }
}
