import Dispatch
import Synchronization

/// The time that a question in SQL may take, and what ends it when that is over.
///
/// SQLite looks between two steps of a statement whether it was interrupted. Inside one function it does not: `instr` on two long texts can
/// take minutes. So the clock interrupts the statement from outside, again and again, and where that has not helped after `grace`, somebody
/// who can end the process is called. Time in which an answer waits for its reader does not count: see `pause`.
///
/// A clock is one question's. Where that is asked in a second way, as `IndexedEvents` may give up, both attempts share its time.
package final class QueryClock: Sendable {
    /// The time that is allowed.
    package let limit: Duration
    private let whenStuck: (@Sendable (QueryClock) -> Void)?
    private let queue = DispatchQueue(label: "sql", qos: .userInteractive)
    private let state: Mutex<State>

    private struct State {
        /// The time used by what has been run, up to `started`.
        var used = Duration.zero
        /// Since when something has been running; nil: nothing runs.
        var started: ContinuousClock.Instant?
        /// Interrupts what runs.
        var interrupt: (@Sendable () -> Void)?
        /// Counts starts and stops, so that an earlier alarm does nothing.
        var turn = 0
        var isLate = false
    }

    /// How long a statement may take to notice that it was interrupted.
    private static let grace = Duration.seconds(2)
    /// An interruption between two statements is lost, so it is repeated.
    private static let interval = Duration.milliseconds(20)

    /// A clock that stands still.
    /// - Parameter whenStuck: called, on another thread, when a statement has not ended some time after it was interrupted. The statement
    ///   cannot be ended in any other way than with the process; without this the clock waits for it.
    package init(_ limit: Duration, whenStuck: (@Sendable (QueryClock) -> Void)? = nil) {
        self.limit = limit
        self.whenStuck = whenStuck
        state = Mutex(State())
    }

    /// Whether the time is over.
    var isLate: Bool { state.withLock { $0.isLate } }

    /// Runs a statement; `interrupt` ends it, as far as it can be ended.
    func run<T>(interrupt: @escaping @Sendable () -> Void, _ body: () throws -> T) rethrows -> T {
        start(interrupt)
        defer { stop() }
        return try body()
    }

    /// Does something that is not the statement's, such as waiting for a reader of its rows, while the clock stands still.
    package func pause<T, Problem: Error>(_ body: () throws(Problem) -> T) throws(Problem) -> T {
        guard let interrupt = stop() else { return try body() }
        defer { start(interrupt) }
        return try body()
    }

    private func start(_ interrupt: @escaping @Sendable () -> Void) {
        let (turn, left) = state.withLock { state in
            state.started = .now
            state.interrupt = interrupt
            state.turn += 1
            return (state.turn, limit - state.used)
        }
        look(turn, after: left)
    }

    @discardableResult
    private func stop() -> (@Sendable () -> Void)? {
        state.withLock { state in
            if let started = state.started { state.used += .now - started }
            state.started = nil
            state.turn += 1
            return state.interrupt.take()
        }
    }

    private func look(_ turn: Int, after time: Duration) {
        let (seconds, attoseconds) = max(.zero, time).components
        let nanoseconds = Int(clamping: seconds.multipliedReportingOverflow(by: 1_000_000_000).partialValue)
        let alarm = DispatchTime.now() + .nanoseconds(nanoseconds + Int(attoseconds / 1_000_000_000))
        queue.asyncAfter(deadline: alarm) { [weak self] in self?.look(turn) }
    }

    private func look(_ turn: Int) {
        let isStuck: Bool? = state.withLock { state in
            guard state.turn == turn, let started = state.started else { return nil }
            let late = state.used + (.now - started) - limit
            state.isLate = true
            // Under the lock, so that it cannot hit what runs after this.
            state.interrupt?()
            return late > QueryClock.grace
        }
        guard let isStuck else { return }
        if isStuck { whenStuck?(self) }
        look(turn, after: QueryClock.interval)
    }
}
