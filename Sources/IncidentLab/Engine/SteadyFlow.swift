/// Arrivals at a rate, each a little early or late, none added or left out in the long run: what a schedule gives, and not what a
/// Poisson process does. So the size of a day's work does not depend on the seed.
struct SteadyFlow: Sendable {
    /// Arrivals a second.
    var rate: Double
    private var due = 0.0
    private var given = 0.0
    private let jitter: Double

    /// - Parameter jitter: by how many arrivals the count may run ahead.
    init(rate: Double, jitter: Double) {
        self.rate = rate
        self.jitter = jitter
    }

    /// How many arrive in the next `seconds`.
    mutating func take(_ seconds: Double, _ random: inout Random) -> Int {
        due += rate * seconds
        let target = (due + random.uniform() * jitter).rounded(.down)
        let count = max(0, target - given)
        given += count
        // Only the difference matters: kept small, it stays exact for ever.
        let whole = min(due.rounded(.down), given)
        due -= whole
        given -= whole
        return Int(count)
    }
}
