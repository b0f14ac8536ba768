import EventModel
import Foundation
import LogReading

/// How far the reading has come, on one line of a terminal's standard error, a few times a second.
final class ProgressLine {
    private let console: Console
    private let start = ContinuousClock.now
    private var last: ContinuousClock.Instant?

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
        let rate = seconds > 0 ? Double(progress.events) / seconds : 0
        console.status(
            "\r\u{1B}[K\(Figures.bytes(progress.storedBytes)) of \(Figures.bytes(progress.ofStoredBytes)) · "
                + "\(Figures.count(progress.events, "event")) · \(Figures.short(rate))/s")
    }

    /// Takes the line away again.
    static func clear(_ arguments: BundleArguments) {
        if !arguments.quiet, Console.standard.showsProgress { Console.standard.status("\r\u{1B}[K") }
    }
}
