/// What came and went over some time, as rates a second.
package struct QueueRates: Sendable, Equatable {
    private var seconds = 0.0
    private var arrived = 0.0
    private var completed = 0.0
    private var failed = 0.0

    /// Whether nothing was counted yet.
    package var isEmpty: Bool { seconds <= 0 }
    /// The seconds that were counted.
    package var span: Double { seconds }
    /// Items that came.
    package var arrivals: Double { rate(arrived) }
    /// Items that were done, that were given up, and both.
    package var completions: Double { rate(completed) }
    package var failures: Double { rate(failed) }
    package var departures: Double { rate(completed + failed) }

    private func rate(_ items: Double) -> Double { seconds > 0 ? items / seconds : 0 }

    /// Adds a sample's counts, where it has them.
    mutating func add(_ reading: QueueReading) {
        guard let arrived = reading.arrived, let departed = reading.departed else { return }
        seconds += reading.elapsed
        self.arrived += arrived
        let completed = reading.completed ?? departed
        self.completed += completed
        failed += max(0, departed - completed)
    }

    /// Adds what was counted over another time.
    mutating func add(_ other: QueueRates) {
        seconds += other.seconds
        arrived += other.arrived
        completed += other.completed
        failed += other.failed
    }
}
