import Foundation
import Testing

/// The README's examples do what it says they do.
///
/// Fences marked `console` are run from the package's root, with `inquest` on PATH: lines that begin with `$ ` are commands, the
/// lines after them what the command prints. A fence marked `console output` is compared with that; `…` alone on a line stands for
/// any lines, `…` inside a line for anything. Every command must succeed but those of a fence marked `console fails`.
@Suite struct ReadmeTests {
    struct Step: Sendable {
        var line: Int
        var command: String
        var output: [String]
        var isCompared: Bool
        var fails: Bool
    }

    /// The steps of all fences marked `console`.
    static func steps(of markdown: String) -> [Step] {
        var steps: [Step] = []
        var words: [Substring]?
        for (index, line) in markdown.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
            if line.hasPrefix("```") {
                words = words == nil ? line.dropFirst(3).split(separator: " ") : nil
            } else if let words, words.first == "console" {
                if line.hasPrefix("$ ") {
                    steps.append(
                        Step(
                            line: index + 1, command: String(line.dropFirst(2)), output: [],
                            isCompared: words.contains("output"), fails: words.contains("fails")))
                } else if !steps.isEmpty {
                    steps[steps.count - 1].output.append(String(line))
                }
            }
        }
        return steps
    }

    /// Whether lines are as the pattern says.
    static func matches(_ lines: ArraySlice<String>, _ pattern: ArraySlice<String>) -> Bool {
        guard let first = pattern.first else { return lines.isEmpty }
        if first.trimmingCharacters(in: .whitespaces) == "…" {
            return (lines.startIndex...lines.endIndex).contains { matches(lines[$0...], pattern.dropFirst()) }
        }
        guard let line = lines.first, matches(line, first) else { return false }
        return matches(lines.dropFirst(), pattern.dropFirst())
    }

    private static func matches(_ line: String, _ pattern: String) -> Bool {
        var rest = line[...]
        let parts = pattern.components(separatedBy: "…")
        guard parts.count > 1 else { return line == pattern }
        for (index, part) in parts.enumerated() {
            if index == 0 {
                guard rest.hasPrefix(part) else { return false }
                rest = rest.dropFirst(part.count)
            } else if index == parts.count - 1 {
                return rest.hasSuffix(part)
            } else {
                guard let found = rest.range(of: part) else { return part.isEmpty }
                rest = rest[found.upperBound...]
            }
        }
        return true
    }

    @Test func everyExampleDoesWhatTheReadmeSays() throws {
        let markdown = try String(contentsOfFile: Program.package + "/README.md", encoding: .utf8)
        let steps = ReadmeTests.steps(of: markdown)
        #expect(!steps.isEmpty, "README.md has no example that could be run")
        #expect(
            steps.contains { $0.isCompared && !$0.output.isEmpty }, "README.md shows no output that could be compared")
        for step in steps {
            let run = try Program.shell(step.command)
            #expect(
                (run.status == 0) != step.fails,
                "README.md:\(step.line): $ \(step.command) ends with \(run.status): \(run.errors)")
            if step.isCompared {
                let shown = (run.text + run.errors).split(separator: "\n", omittingEmptySubsequences: false).dropLast()
                #expect(
                    ReadmeTests.matches(shown.map(String.init)[...], step.output[...]),
                    "README.md:\(step.line): $ \(step.command) prints\n\(run.text)\(run.errors)")
            }
        }
    }

    @Test func theHarnessTellsRightFromWrong() {
        let steps = ReadmeTests.steps(
            of:
                "```\n$ no\n```\n```console output\n$ a\n1\n…\n3\n$ b\n```\n```console\n$ c\n```\n```console fails\n$ d\n```"
        )
        #expect(steps.map(\.command) == ["a", "b", "c", "d"])
        #expect(
            steps.map(\.isCompared) == [true, true, false, false] && steps.map(\.fails) == [false, false, false, true])
        #expect(steps.map(\.output) == [["1", "…", "3"], [], [], []])
        for (lines, pattern, wanted) in [
            (["1", "2", "3"], ["1", "…", "3"], true), (["1", "3"], ["1", "…", "3"], true),
            (["1", "2"], ["1", "…", "3"], false),
            (["1"], ["1", "2"], false), (["1", "2"], ["1"], false), (["a b c"], ["a … c"], true),
            (["a b d"], ["a … c"], false),
            ([], ["…"], true), ([], [], true), (["x"], [], false),
        ] {
            #expect(ReadmeTests.matches(lines[...], pattern[...]) == wanted, "\(lines) against \(pattern)")
        }
    }
}
