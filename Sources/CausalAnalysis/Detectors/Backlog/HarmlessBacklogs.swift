import EventModel

/// What a series shows outside of the backlogs that it had, and at the same hour of other days: enough to tell chance and habit from a
/// queue that fell behind. Both are known only when the series is over.
///
/// A stable queue's depth has a geometric tail, so that among n samples one of (L + 1) · ln(n / 0.05) items, L the mean depth, comes by
/// chance in one series of twenty at most; counts of single items reach that often. And a queue that fills up every night at the same
/// time does what it always does.
struct HarmlessBacklogs: Sendable {
    /// A time in which the queue seemed to fall behind, whatever became of it. In seconds of the series.
    struct Bout: Sendable {
        var start: Double
        var end: Double
        /// Its deepest point, in items, or the longest wait where no depth is known.
        var height: Double

        fileprivate func isLike(_ other: Bout) -> Bool {
            height >= 0.5 * other.height && end - start >= 0.5 * (other.end - other.start)
        }
    }

    private var depths = 0.0
    private var samples = 0.0
    private var bouts: [Bout] = []

    /// How likely chance alone may reach the floor, in one series.
    private static let chance = 0.05
    /// Fewer samples say nothing of the usual depth.
    private static let fewest = 20.0
    private static let day = 86_400.0
    /// How far from the same time of another day a habit may begin.
    private static let halfHour = 1800.0
    /// The fewest other days on which the like must happen.
    private static let fewestDays = 2
    /// Bouts that are kept; a series of more has no days to compare.
    private static let most = 4096

    /// Takes a depth outside of backlogs.
    mutating func add(depth: Double) {
        depths += depth
        samples += 1
    }

    mutating func add(_ bout: Bout) {
        if bouts.count < HarmlessBacklogs.most { bouts.append(bout) }
    }

    /// Whether a stable queue reaches this depth by chance.
    func isChance(depth: Double) -> Bool {
        guard samples >= HarmlessBacklogs.fewest, depth > 0 else { return false }
        return depth < (depths / samples + 1) * naturalLogarithm(samples / HarmlessBacklogs.chance)
    }

    /// Whether the queue does the like at the same time of day on at least two and at least half of the other days; `length` is that of
    /// the series. O(bouts · days).
    func isHabit(_ bout: Bout, length: Double) -> Bool {
        let before = Int(bout.start / HarmlessBacklogs.day)
        let after = Int((length - bout.start) / HarmlessBacklogs.day)
        guard before + after >= HarmlessBacklogs.fewestDays else { return false }
        let days = (-before...after).filter { $0 != 0 }
        let alike = days.count { day in
            let start = bout.start + Double(day) * HarmlessBacklogs.day
            return bouts.contains { abs($0.start - start) <= HarmlessBacklogs.halfHour && $0.isLike(bout) }
        }
        return alike >= HarmlessBacklogs.fewestDays && 2 * alike >= days.count
    }
}
