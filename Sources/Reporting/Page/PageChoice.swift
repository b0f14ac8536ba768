import CausalAnalysis
import EventModel

/// Chooses the events of a page: by reason, within a reason evenly over all of them.
struct PageChoice {
    private var best: Best<PageEvent>
    private(set) var seen = [UInt64](repeating: 0, count: PageEvent.Reason.allCases.count)

    init(limit: Int) {
        best = Best(limit: limit)
    }

    /// Takes an event.
    /// - Parameter weight: which of the evidence goes first; the smallest.
    mutating func offer(
        _ batch: borrowing EventBatch, row: Int, delivery: Delivery, reason: PageEvent.Reason, weight: Int,
        name: (Symbol) -> String
    ) {
        seen[Int(reason.rawValue)] += 1
        let within = reason == .evidence ? UInt64(weight) : Self.mixed(delivery.ordinal) >> 16
        let key = Best<PageEvent>.Key(rank: UInt64(reason.rawValue) << 48 | within, ordinal: delivery.ordinal)
        guard best.takes(key) else { return }
        best.add(key, PageEvent(batch, row: row, delivery: delivery, reason: reason, name: name))
    }

    consuming func finish() -> [PageEvent] { best.finish() }

    /// The finaliser of SplitMix64: neighbours get keys far apart, so that what is cut is cut evenly.
    private static func mixed(_ value: UInt64) -> UInt64 {
        var z = value &+ 0x9E37_79B9_7F4A_7C15
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }
}
