import Foundation
import Testing

/// Help, completions and the manual: what they show does what it says.
@Suite struct HelpTests {
    /// The commands, by the root's help.
    private static let commands = [
        "analyze", "explain", "timeline", "query", "compare", "check", "index", "export", "convert", "simulate",
        "completions", "manual",
    ]

    private func help(_ command: String) throws -> [String] {
        let run = try Program.run([command, "--help"], environment: ["COLUMNS": "200"])
        #expect(run.status == 0, "\(run.errors)")
        return run.lines
    }

    @Test func everyCommandIsInTheHelp() throws {
        let text = try Program.run(["--help"]).text
        for command in Self.commands + ["profile"] { #expect(text.contains("  \(command) "), "\(command): \(text)") }
        for group in ["WHAT HAPPENED", "THE LOGS", "OTHER TOOLS", "INQUEST ITSELF"] {
            #expect(text.uppercased().contains(group), "\(group): \(text)")
        }
    }

    /// On a small bundle in the sample's place.
    @Test(arguments: commands) func theExamplesRun(_ command: String) throws {
        let examples = try help(command).map { $0.trimmingCharacters(in: .whitespaces) }
            .filter { $0.hasPrefix("inquest ") && !$0.contains("<") || $0.hasPrefix("inquest completions") }
            .filter { !$0.hasPrefix("inquest completions <") }
        #expect(examples.count >= 2, "\(command) has \(examples)")
        let folder = try Folder()
        let made = try Program.shell(
            """
            inquest simulate race --seed 1 --faults none -o SampleLogs/us-east-1-2025-10-20 -q
            inquest simulate race --seed 1 --faults none -o before -q
            inquest simulate race --seed 1 --faults none --safeguard compare-and-set -o after -q
            touch events.db
            """, in: folder.path)
        try #require(made.status == 0, "\(made.errors)")
        for example in examples {
            let run = try Program.shell("set -o pipefail; " + example, in: folder.path)
            #expect(
                run.status == 0 || run.status == 1 || run.status == 141,
                "\(example) ends with \(run.status): \(run.errors)")
            #expect(!run.errors.contains("inquest: error"), "\(example): \(run.errors)")
        }
    }

    /// A command's own options come first, those that all share under titles.
    @Test func ownOptionsComeFirst() throws {
        let lines = try help("query")
        func index(_ text: String) throws -> Int {
            try #require(lines.firstIndex { $0.contains(text) }, "\(text) is not in \(lines)")
        }
        #expect(try index("--endpoint") < index("--tz") && index("--saved") < index("--tz"))
        #expect(try lines[..<index("--max-line")].contains { $0.uppercased().hasPrefix("LIMITS") })
    }

    @Test func completionsKnowTheBundle() throws {
        let folder = try SampleLogs.small()
        let made = try Program.run(["index", "bundle", "--quiet"], in: folder.path)
        try #require(made.status == 0, "\(made.errors)")
        let script = try Program.run(["completions", "bash"])
        #expect(script.status == 0 && script.text.contains("complete"), "\(script.errors)")
        try folder.write(script.bytes, to: "completions.bash")
        func complete(_ words: String) throws -> [String] {
            let run = try Program.shell(
                """
                source completions.bash
                words=(\(words))
                COMP_WORDS=("${words[@]}"); COMP_CWORD=$((${#words[@]} - 1)); COMP_LINE="${words[*]}"
                COMP_POINT=${#COMP_LINE}; COMP_TYPE=9; COMP_KEY=9
                _inquest inquest "${words[-1]}" "${words[-2]}"
                printf '%s\\n' "${COMPREPLY[@]}"
                """, in: folder.path)
            return run.lines.map { $0.trimmingCharacters(in: .whitespaces) }
        }
        #expect(try complete("inquest query bundle --endpoint db").contains("db.example"))
        #expect(try complete("inquest query bundle --finding F").contains("F1"))
        #expect(try complete("inquest query bundle --saved last").contains("last-writer"))
        for shell in ["zsh", "fish"] {
            #expect(try Program.run(["completions", shell]).text.contains("inquest"), "\(shell)")
        }
    }

    @Test func theManualIsOne() throws {
        let folder = try Folder()
        try folder.write(try Program.run(["manual"]).bytes, to: "inquest.1")
        let run = try Program.shell("man --warnings -l inquest.1 | col -b", in: folder.path)
        #expect(run.status == 0 && run.errors.isEmpty, "\(run.errors)")
        #expect(run.text.contains("--mark-findings") && run.text.contains("INQUEST EXPORT"), "\(run.text.prefix(500))")
    }

    @Test func mistypedWordsAreTold() throws {
        for (arguments, meant) in [
            (["analyse", "x"], "Did you mean analyze?"),
            (["query", "x", "--endpont", "y"], "Did you mean '--endpoint'?"),
        ] {
            let run = try Program.run(arguments)
            #expect(run.status == 2 && run.errors.contains(meant), "\(run.errors)")
        }
    }
}
