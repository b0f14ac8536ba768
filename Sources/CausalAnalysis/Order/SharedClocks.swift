import EventModel

/// Which actors' times come from one clock, as profiles say of the logs of one process or host: between these there is no skew.
package struct SharedClocks: Sendable {
    /// By actor, the clock's number. An actor of several logs counts only where all of them agree.
    private var clocks: [Symbol: Int] = [:]

    package init() {}

    /// Adds the actors of a log that share a clock.
    package mutating func add(_ actors: [Symbol], clock: Int) {
        for actor in actors { clocks[actor] = clocks[actor, default: clock] == clock ? clock : -1 }
    }

    /// Whether two actors share a clock.
    func areShared(_ a: Symbol, _ b: Symbol) -> Bool {
        guard let clock = clocks[a], clock >= 0 else { return false }
        return clocks[b] == clock
    }

    /// Whether the clock that both share shows one event before another, by more than its resolution.
    func tell(_ x: Moment, before y: Moment) -> Bool {
        guard areShared(x.actor, y.actor), y.time > x.time else { return false }
        return y.time - x.time > max(Self.resolution(x.time), Self.resolution(y.time))
    }

    /// The coarsest unit of which a time is a multiple: what it may have been rounded to.
    private static func resolution(_ time: Int64) -> Int64 {
        [Nanoseconds.second, Nanoseconds.millisecond, 1000].first { time % $0 == 0 } ?? 1
    }
}
