import EventIndex
import EventModel
import Foundation

/// Standard output and standard error: the only place that prints. What goes to people is sanitised here or was before.
struct Console {
    static let standard = Console()

    /// Whether standard error is a terminal that can show progress.
    var showsProgress: Bool { isatty(STDERR_FILENO) != 0 }

    /// Whether standard output is a terminal.
    var isTerminal: Bool { isatty(STDOUT_FILENO) != 0 }

    /// The width of the terminal on standard output; nil where it is none.
    var width: Int? {
        var size = winsize()
        guard isTerminal, ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else {
            return nil
        }
        return Int(size.ws_col)
    }

    /// Whether to colour standard output.
    func usesColor(_ choice: ColorChoice) -> Bool {
        switch choice {
        case .always: true
        case .never: false
        case .auto: Console.usesColor(ProcessInfo.processInfo.environment, isTerminal: isTerminal)
        }
    }

    /// The conventions of no-color.org and bixense.com/clicolors.
    private static func usesColor(_ environment: [String: String], isTerminal: Bool) -> Bool {
        if !environment["NO_COLOR", default: ""].isEmpty { return false }
        if !["", "0"].contains(environment["CLICOLOR_FORCE", default: ""]) { return true }
        return isTerminal && environment["TERM"] != "dumb"
    }

    /// Writes bytes to standard output.
    func output(_ bytes: [UInt8]) throws(Failure) {
        do {
            try FileHandle.standardOutput.write(contentsOf: Data(bytes))
        } catch {
            throw Failure("standard output: \(Console.reason(error))", status: .unfinished)
        }
    }

    /// Writes text that is safe already to standard output.
    func output(_ text: String) throws(Failure) { try output(Array(text.utf8)) }

    /// Writes lines of a query's answer to standard output: exact, but on a terminal, which would obey what a log holds, made visible.
    func outputRecords(_ bytes: [UInt8]) throws(Failure) {
        try output(isTerminal ? Array(VisibleText.lines(ofRecords: bytes).utf8) : bytes)
    }

    /// Writes a line of text that is safe already to standard error. Where even that cannot be written, nobody is left to tell.
    func error(_ line: String) { try? FileHandle.standardError.write(contentsOf: Data((line + "\n").utf8)) }

    /// Writes a piece of a line to standard error, for progress.
    func status(_ text: String) { try? FileHandle.standardError.write(contentsOf: Data(text.utf8)) }

    /// An error that ended the command.
    func report(_ failure: Failure) {
        error("inquest: error: " + VisibleText.cell(failure.message))
        if let hint = failure.hint { error("hint: " + VisibleText.cell(hint)) }
    }

    /// Something about a place in the bundle that did not end the command.
    func note(_ place: String, _ level: String, _ text: String, hint: String? = nil) {
        error(VisibleText.cell(place) + ": " + level + ": " + VisibleText.cell(text))
        if let hint { error("hint: " + VisibleText.cell(hint)) }
    }

    /// Something about the bundle that an analysis found.
    func tell(_ note: IndexSummary.Note) {
        let level =
            switch note.kind {
            case .damage, .malformed: "error"
            case .droppedField: "warning"
            }
        self.note(note.place, level, note.text, hint: note.hint)
    }

    /// Why the system refused something, without the path that the message around it names.
    static func reason(_ error: any Error) -> String {
        let error = error as NSError
        let cause = error.userInfo[NSUnderlyingErrorKey] as? NSError ?? error
        if cause.domain == NSPOSIXErrorDomain { return String(cString: strerror(Int32(cause.code))) }
        return error.localizedDescription
    }
}
