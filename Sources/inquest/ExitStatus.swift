import ArgumentParser
import CausalAnalysis
import EventIndex
import EventModel
import LogReading

/// The program's exit status. Where several apply, the order is 2, 5, 4, 3, 1: a script that reads 1 can rely on the whole bundle having
/// been read.
enum ExitStatus: Int32 {
    case done = 0
    /// A finding of a kind or severity named by `--fail-on`, among all findings.
    case found = 1
    case usage = 2
    /// Done, but a container was damaged or unreadable; with `--strict` also for malformed lines.
    case damaged = 3
    case nothingUsable = 4
    /// The run could not finish: no disk or memory left, a limit reached, or an input or output that failed.
    case unfinished = 5

    /// The status of a run that is done.
    init(isDamaged: Bool, malformed: UInt64, hasFound: Bool = false, _ arguments: BundleArguments) {
        if isDamaged || (arguments.reading.strict && malformed > 0) {
            self = .damaged
        } else {
            self = hasFound ? .found : .done
        }
    }
}

/// An error that ends a command: one line, a hint, and the status. Texts may hold what a log or a user wrote; the console sanitises.
struct Failure: Error, CustomStringConvertible {
    var message: String
    var hint: String?
    var status = ExitStatus.usage

    /// As the argument parser shows it.
    var description: String { message + (hint.map { "\nhint: " + $0 } ?? "") }

    init(_ message: String, hint: String? = nil, status: ExitStatus = .usage) {
        self.message = message
        self.hint = hint
        self.status = status
    }

    init(_ error: BundleError) {
        let about = error.path.isEmpty || error.message.contains(error.path) ? "" : error.path + ": "
        let status: ExitStatus =
            switch error.code {
            case .noSuchFile: .usage
            case .noPermission, .nothingToRead: .nothingUsable
            case .unreadable, .spoolFull, .spoolFailed: .unfinished
            }
        self.init(about + error.message, hint: error.hint, status: status)
    }

    init(_ error: SavedQueryError) {
        let isUnavailable = if case .unavailable = error { true } else { false }
        self.init(error.message, hint: error.hint, status: error.isOfLimits || isUnavailable ? .unfinished : .usage)
    }

    init(_ error: SpillFailure) { self.init(error.message, hint: error.hint, status: .unfinished) }
    init(_ error: TimeBound.Failure) { self.init(error.message, hint: error.hint) }
    init(_ error: PlanRange.Failure) { self.init(error.message, hint: error.hint) }
    init(_ error: IndexFault) { self.init(error.message, hint: error.hint, status: .unfinished) }
    init(_ error: EventStore.Failure) { self.init(error.message, hint: error.hint, status: .unfinished) }
}

extension Failure {
    /// Why an output could not be written.
    init(ofWriting error: any Error) {
        self = error as? Failure ?? Failure(Console.reason(error), status: .unfinished)
    }

    /// Does something that may need a temporary file, whose failure is the command's.
    static func of<T>(_ body: () throws(SpillFailure) -> T) throws(Failure) -> T {
        do throws(SpillFailure) {
            return try body()
        } catch {
            throw Failure(error)
        }
    }
}
