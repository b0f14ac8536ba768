import EventModel
import Foundation
import LogReading

/// How far the reading has come, on one line of a terminal's standard error, a few times a second.
final class ProgressLine {
    private let console: Console
    private let start = ContinuousClock.now
    private var last: ContinuousClock.Instant?
    /// The most that was shown: workers report in any order.
    private var highest = (stored: UInt64(0), events: UInt64(0))

    /// Nil where nobody watches.
    init?(_ console: Console) {
        if !console.showsProgress { return nil }
        self.console = console
    }

    func show(_ progress: BundleReader.Progress) {
        let now = ContinuousClock.now
        if let last, now - last < .milliseconds(200) { return }
        last = now
        let seconds = Double((now - start).components.seconds) + Double((now - start).components.attoseconds) / 1e18
        highest = (max(highest.stored, progress.storedBytes), max(highest.events, progress.events))
        let rate = seconds > 0 ? Double(highest.events) / seconds : 0
        let left =
            highest.stored > 0 && progress.ofStoredBytes >= highest.stored
            ? seconds * Double(progress.ofStoredBytes - highest.stored) / Double(highest.stored) : 0
        console.status(
            "\r\u{1B}[K\(Figures.percent(min(highest.stored, progress.ofStoredBytes), of: progress.ofStoredBytes)) of "
                + "\(Figures.bytes(progress.ofStoredBytes)) · \(Figures.count(highest.events, "event")) · "
                + "\(Figures.short(rate))/s · \(Nanoseconds.words(Int64(left * 1e9))) left")
    }

    /// Takes the line away again.
    static func clear(_ arguments: BundleArguments) {
        if !arguments.quiet, Console.standard.showsProgress { Console.standard.status("\r\u{1B}[K") }
    }
}
