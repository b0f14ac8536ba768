import ArgumentParser
import CMalloc
import EventModel
import Foundation

/// The command line: parses it, runs the command, turns whatever went wrong into one clear line and an exit status.
@main
struct Inquest: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "inquest",
        abstract: "What happened, in which order and why: a postmortem from an outage's logs.",
        discussion: """
            A BUNDLE is a log file, a folder of them, a tar or zip archive, or - for standard input: one JSON object a \
            line, plain or compressed with zstd, gzip, bzip2, xz or lz4. Several may be given.

            Exit status: 0 done; 1 findings of a kind or severity named by --fail-on; 2 wrong usage; 3 done, but part of \
            the bundle was damaged or unreadable (with --strict also for malformed lines); 4 nothing usable; 5 could not \
            finish (disk, memory, time, input or output). Where several apply: 2, 5, 4, 3, 1.
            """,
        version: "0.1.0",
        groupedSubcommands: [
            CommandGroup(
                name: "What happened",
                subcommands: [
                    AnalyzeCommand.self, ExplainCommand.self, TimelineCommand.self, QueryCommand.self,
                    CompareCommand.self,
                ]),
            CommandGroup(name: "The logs", subcommands: [CheckCommand.self, IndexCommand.self, ProfileCommand.self]),
            CommandGroup(name: "Other tools", subcommands: [ExportCommand.self, ConvertCommand.self]),
            CommandGroup(
                name: "Inquest itself",
                subcommands: [SimulateCommand.self, CompletionsCommand.self, ManualCommand.self]),
        ])

    static func main() {
        // Who reads no further ends the command quietly, also where a parent that ignores the signal started it.
        signal(SIGPIPE, SIG_DFL)
        // A file that grows beyond `ulimit -f` is an output that failed, with a message.
        signal(SIGXFSZ, SIG_IGN)
        Leftovers.ofThisRun.removeOnSignals()
        // What is large, as a log's zstd window, goes back to the system with its log. Without this the allocator takes the first large piece that
        // is freed as a sign to keep all others.
        mallopt(M_MMAP_THRESHOLD, 1 << 20)
        // What is small is soon wanted again: without this the allocator hands the system every free page at a heap's end, and asks for it anew.
        mallopt(M_TRIM_THRESHOLD, 16 << 20)
        do {
            try checkCommand()
            var command = try parseAsRoot()
            (command as? any BundleCommand)?.input.limits.memory?.watch()
            try command.run()
        } catch let failure as Failure {
            Console.standard.report(failure)
            exit(with: failure.status)
        } catch {
            // Help and version come as errors too, with a status of 0.
            if exitCode(for: error) == .success {
                exit(withError: error)
            }
            if let status = (error as? ExitCode).flatMap({ ExitStatus(rawValue: $0.rawValue) }) { exit(with: status) }
            let message = fullMessage(for: error)
            let named = message.hasPrefix("Error: ") ? "inquest: error: " + message.dropFirst(7) : message
            Console.standard.error(VisibleText.lines(named))
            exit(with: .usage)
        }
    }

    /// Says which command was probably meant by a first word that is none.
    private static func checkCommand() throws(Failure) {
        let names = configuration.subcommands.compactMap { $0.configuration.commandName } + ["help"]
        guard let word = CommandLine.arguments.dropFirst().first, !word.hasPrefix("-"), !names.contains(word) else {
            return
        }
        let meant = Suggestion.nearest(word, among: names.map { ($0, 0) }).map { " Did you mean \($0.name)?" } ?? ""
        throw Failure("no command is called '\(word)'.\(meant)", hint: "inquest --help lists them")
    }

    private static func exit(with status: ExitStatus) -> Never {
        exit(withError: ExitCode(status.rawValue))
    }
}
