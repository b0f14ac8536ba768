import EventModel

/// What is known of a queue at one moment: any part of it may be missing.
package struct QueueSample: Sendable {
    /// Items that came and went, as the sampler counts them.
    package enum Flow: Sendable {
        /// Items since the sampler's previous sample.
        case since(arrived: Double?, completed: Double?, failed: Double?)
        /// Items since the sampler began; a fall is a reset to zero.
        case totals(arrived: Double?, completed: Double?, failed: Double?)
    }

    package var time: Timestamp
    /// Items waiting.
    package var depth: Double?
    /// The age of the oldest item in seconds.
    package var oldest: Double?
    package var flow: Flow?

    /// Makes a sample; a number that is negative or not finite counts as missing.
    package init(time: Timestamp, depth: Double? = nil, oldest: Double? = nil, flow: Flow? = nil) {
        self.time = time
        self.depth = usable(depth)
        self.oldest = usable(oldest)
        switch flow {
        case .since(let arrived, let completed, let failed):
            self.flow = .since(arrived: usable(arrived), completed: usable(completed), failed: usable(failed))
        case .totals(let arrived, let completed, let failed):
            self.flow = .totals(arrived: usable(arrived), completed: usable(completed), failed: usable(failed))
        case nil: break
        }
    }
}

/// Past this no number is believed; the products and squares of such numbers stay finite.
private let largest = 1e19

private func usable(_ number: Double?) -> Double? {
    guard let number, number >= 0, number <= largest else { return nil }
    return number
}
