import ArgumentParser
import Dispatch
import EventIndex
import EventModel
import Foundation
import LogReading
import Synchronization

/// The most memory that a run may take: `--memory 64M`.
///
/// It never changes what is found: a run that would need more ends, and says so. What grows with a bundle grows in many places (names, findings,
/// logs that are open at once, SQL's tables), some of it in libraries: so the process's own size is watched, beside the work.
final class MemoryCap: ExpressibleByArgument, Sendable {
    /// The cap in bytes.
    let bytes: Int
    private let text: String
    private let progress = Mutex<BundleReader.Progress?>(nil)
    private let queue = DispatchQueue(label: "memory", qos: .userInteractive)

    /// Less than this the program takes by itself.
    private static let least = 40 << 20
    /// In this time even a fast machine fills little of what is kept free below the cap.
    private static let interval = DispatchTimeInterval.milliseconds(2)
    /// What is kept free at the least: on a busy machine a look may come some turns late.
    private static let margin = 8 << 20

    /// Reads a size: bytes, or so many K, M or G of 1,024, 1,024² or 1,024³ bytes, also written KiB, MiB, GiB.
    init?(argument: String) {
        let digits = argument.prefix { $0.isASCII && $0.isNumber }
        let units = ["": 0, "K": 10, "M": 20, "G": 30, "KiB": 10, "MiB": 20, "GiB": 30]
        guard let count = Int(digits), let shift = units[String(argument[digits.endIndex...])],
            count <= Int.max >> shift
        else { return nil }
        bytes = count << shift
        text = argument
    }

    /// Refuses a cap that not even an empty bundle keeps to.
    func validate() throws {
        guard bytes >= MemoryCap.least else {
            throw ValidationError("--memory must be at least \(MemoryCap.least >> 20)M, which the program itself takes")
        }
    }

    /// How much of SQL's tables is kept in memory; the rest of them goes to a temporary file.
    var tableBytes: Int { min(EventStore.usualCache, bytes / 4) }

    // MARK: Watching

    /// How far the run has come, for the words in which it ends.
    func note(_ progress: BundleReader.Progress) {
        self.progress.withLock { $0 = progress }
    }

    /// Looks from now on, every few milliseconds, at how much memory is in use; ends the process shortly below the cap.
    func watch() {
        if let used = MemoryCap.residentBytes(), used > bytes - max(MemoryCap.margin, bytes / 16) {
            Console.standard.report(failure(used))
            Leftovers.ofThisRun.exit(with: .unfinished)
        }
        queue.asyncAfter(deadline: .now() + MemoryCap.interval) { [self] in watch() }
    }

    private func failure(_ used: Int) -> Failure {
        var message = "--memory \(text) is not enough: \(used >> 20) MiB are in use"
        if let progress = progress.withLock({ $0 }) {
            message +=
                " after \(Figures.count(progress.events, "event")), with \(Figures.count(progress.names, "name"))"
                + " (actors, endpoints and the like); read: \(Figures.bytes(progress.storedBytes))"
                + " of \(Figures.bytes(progress.ofStoredBytes))"
        }
        return Failure(
            message,
            hint:
                "memory grows with actors, endpoints, plans and findings and with the logs that are open at once: allow more, "
                + "or leave --memory out",
            status: .unfinished)
    }

    /// The bytes of memory that the process occupies now.
    private static func residentBytes() -> Int? {
        // In pages: all that is mapped, then what of it is resident.
        guard let words = try? String(contentsOfFile: "/proc/self/statm", encoding: .ascii).split(separator: " "),
            words.count > 1, let pages = Int(words[1])
        else { return nil }
        return pages * sysconf(Int32(_SC_PAGESIZE))
    }
}

/// A command that reads a bundle.
protocol BundleCommand: ParsableCommand {
    var input: BundleArguments { get }
}
