import ArgumentParser
import CausalAnalysis
import EventIndex
import EventModel
import LogReading

/// What the exit status says; see DESIGN, "Trust".
enum ExitStatus: Int32 {
    case done = 0
    /// A finding of a kind named by `--fail-on`.
    case found = 1
    case usage = 2
    /// Done, but a container was damaged or unreadable; with `--strict` also for malformed lines.
    case damaged = 3
    case nothingUsable = 4

    /// What a bundle that was read deserves.
    init(isDamaged: Bool, malformed: UInt64, _ arguments: BundleArguments) {
        self = isDamaged || (arguments.strict && malformed > 0) ? .damaged : .done
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
        self.init(about + error.message, hint: error.hint, status: error.code == .noSuchFile ? .usage : .nothingUsable)
    }

    init(_ error: TimeBound.Failure) { self.init(error.message, hint: error.hint) }
    init(_ error: PlanRange.Failure) { self.init(error.message, hint: error.hint) }
    init(_ error: SavedQueryError) { self.init(error.message, hint: error.hint) }
    init(_ error: IndexFault) { self.init(error.message, hint: error.hint, status: .nothingUsable) }
    init(_ error: EventStore.Failure) { self.init(error.message, hint: error.hint, status: .nothingUsable) }
}
