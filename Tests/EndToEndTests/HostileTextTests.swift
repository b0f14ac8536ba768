import Foundation
import Testing

/// Nothing that a log holds moves the cursor, turns the reading direction or hides on a terminal or in a timeline.
@Suite struct HostileTextTests {
    /// What must never be seen as it is: C0 but newline and tab, DEL, C1, bidirectional controls, zero-width characters.
    static let hidden: [Unicode.Scalar] = [
        "\u{0}", "\u{7}", "\u{8}", "\u{D}", "\u{1B}", "\u{7F}", "\u{85}", "\u{9B}", "\u{200B}", "\u{200D}", "\u{200E}",
        "\u{200F}", "\u{2028}", "\u{202A}", "\u{202E}", "\u{2060}", "\u{2066}", "\u{2069}", "\u{FEFF}", "\u{E0001}",
    ]
    private let forbidden = Set(hidden)

    private func bundle() throws -> Folder {
        let folder = try Folder()
        let text = String(String.UnicodeScalarView(HostileTextTests.hidden)) + "[2J]0;t@all <b>|`[x](http://e.example)"
        // As JSON escapes where JSON wants them, else raw: both come out the same.
        var json = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"", "\\": json += "\\\(scalar)"
            case _ where scalar.value < 0x20:
                json += "\\u00" + (scalar.value < 16 ? "0" : "") + String(scalar.value, radix: 16)
            default: json.unicodeScalars.append(scalar)
            }
        }
        func line(_ second: Int, _ actor: String, _ members: String) -> String {
            #"{"ts":"2025-10-20T06:47:\#(second)Z","actor":"\#(actor)\#(json)","role":"\#(json)","reason":"\#(json)","error":"\#(json)","id":"\#(json)\#(second)","item":"\#(json)","by":"\#(json)","store":"\#(json)","state":"\#(json)","service":"\#(json)","outcome":"ok","x\#(json)":{"\#(json)":"\#(json)"},\#(members)}"#
                + "\n"
        }
        let endpoint = #""endpoint":"db\#(json)""#
        let log =
            line(10, "p", #""event":"plan.created","plan":4"#) + line(11, "p", #""event":"plan.created","plan":9"#)
            + line(12, "a", #""event":"plan.checked","plan":4,"active":3"#)
            + line(13, "b", #""event":"plan.applied","plan":9,\#(endpoint),"replaces":3,"records":6"#)
            + line(14, "a", #""event":"plan.applied","plan":4,\#(endpoint),"replaces":9,"records":5"#)
            + line(15, "b", #""event":"plan.deleted","plan":4"#)
            + line(16, "b", #""event":"record.emptied","plan":4,\#(endpoint)"#)
            + line(17, "b", #""event":"queue.sampled","queue":"q\#(json)","depth":5"#)
            + line(18, "b", #""event":"odd\#(json)","causes":["\#(json)"],"plan":"\#(json)""#)
            + "\u{1B}]0;malformed\u{7}\u{202E}\n" + "{\"ts\":1,\"actor\":\"\u{9B}\u{202E}\"}\n"
        // A file's name cannot bear NUL or a slash.
        let name = String(text.filter { $0 != "/" && $0 != "\u{0}" }.prefix(60))
        try folder.write(log, to: "b\(name)/\(name).log")
        try folder.write("no log \u{1B}\n", to: "b\(name)/\(name)")
        return folder
    }

    @Test(arguments: [
        ["analyze"], ["timeline"], ["timeline", "--all"], ["query"], ["query", "--format", "markdown"],
        ["query", "--endpoint", "db*"], ["query", "--endpoint", "nothing\u{1B}\u{202E}"],
        ["query", "--saved", "last-writer"], ["query", "--saved", "last-writer", "--format", "markdown"],
        ["query", "--finding", "F1"], ["query", "--finding", "\u{1B}\u{202E}"], ["query", "--endpoint", "\u{1B}["],
        ["timeline", "--endpoint", "\u{202E}"], ["analyze", "--fail-on", "\u{1B}\u{202E}"],
        ["analyze", "--since", "\u{1B}\u{202E}"], ["query", "--saved", "\u{1B}\u{202E}"],
        ["query", "--saved", "last-writer", "--param", "\u{1B}\u{202E}=x"], ["query", "--plan", "\u{1B}\u{202E}"],
        ["analyze", "--\u{1B}\u{202E}"], ["query", "--limit", "\u{1B}\u{202E}"],
    ])
    func nothingHiddenIsPrinted(_ arguments: [String]) throws {
        let folder = try bundle()
        let run = try Program.run([arguments[0], folder.path] + arguments.dropFirst() + ["--color", "never"])
        for (name, text) in [("standard output", run.text), ("standard error", run.errors)] {
            let seen = Set(text.unicodeScalars).intersection(forbidden)
            #expect(seen.isEmpty, "\(arguments) prints \(seen.map { "U+" + String($0.value, radix: 16) }) to \(name)")
        }
        #expect(run.status < 128, "\(arguments) ends with \(run.status)")
        #expect(!(run.bytes.isEmpty && run.errors.isEmpty), "\(arguments) says nothing")
    }

    @Test func reportFiles() throws {
        let folder = try bundle()
        let out = try Folder()
        let run = try Program.run(["analyze", folder.path, "-o", out.path + "/report", "--color", "never"])
        #expect(run.status == 0, "\(run.errors)")
        let timeline = try out.text("report/timeline.md")
        #expect(Set(timeline.unicodeScalars).isDisjoint(with: forbidden))
        // What could mean something to GitHub stands in code, behind at least one backtick.
        for mark in ["@all", "<b>", "[x](http"] {
            for line in timeline.split(separator: "\n") {
                guard let place = line.range(of: mark) else { continue }
                #expect(line[..<place.lowerBound].contains("`"), "\(mark) of a log is markup in: \(line)")
            }
        }
        #expect(timeline.contains("\\u{202e}") || timeline.contains("u{202e}"), "what is hidden is left out, not shown")
    }

    private static let renderer = "/usr/bin/cmark-gfm"

    /// As GitHub's own renderer reads it: `make test` installs it, where it is missing this is not run.
    @Test(
        .enabled(if: FileManager.default.isExecutableFile(atPath: renderer)),
        arguments: [[], ["--for", "github"], ["--for", "docs"], ["--all"]])
    func nothingOfALogIsRendered(_ options: [String]) throws {
        let folder = try bundle()
        let run = try Program.run(["timeline", folder.path, "--quiet"] + options)
        let out = try Folder()
        try out.write(run.bytes, to: "t.md")
        let html = try Program.shell(
            "\(Self.renderer) -e table -e autolink -e strikethrough -e tasklist --unsafe '\(out.path)/t.md'")
        #expect(html.status == 0 && html.text.contains("<h1>What happened"), "\(html.errors)")
        // What is code shows as it stands.
        let shown = html.text.replacing(#/<(code|pre)[^>]*>.*?<\/(code|pre)>/#.dotMatchesNewlines(), with: "")
        let tags = Set(shown.matches(of: #/<\/?([a-z0-9]+)/#).map { String($0.output.1) })
        let own: Set = [
            "h1", "h2", "h3", "p", "table", "thead", "tbody", "tr", "th", "td", "strong", "ul", "ol", "li", "a", "br",
        ]
        #expect(tags.isSubset(of: own), "\(tags.subtracting(own)) come from the logs")
        for address in shown.matches(of: #/href="([^"]*)"/#).map({ String($0.output.1) }) {
            #expect(address.hasPrefix("#f"), "a log makes a link to \(address)")
        }
        #expect(!shown.contains("@all"), "somebody is called")
    }

    @Test func machineFormatsStayExact() throws {
        let folder = try bundle()
        let run = try Program.run(["query", folder.path, "--format", "jsonl", "--endpoint", "db*"])
        let manager = FileManager.default
        let inner = folder.path + "/" + (try folder.names[0])
        let file = try #require(try manager.contentsOfDirectory(atPath: inner).first { $0.hasSuffix(".log") })
        let log = String(decoding: try Data(contentsOf: URL(fileURLWithPath: inner + "/" + file)), as: UTF8.self)
        let wanted = log.split(separator: "\n").filter { $0.contains(#""endpoint":"db"#) }.map { $0 + "\n" }.joined()
        #expect(run.bytes == Array(wanted.utf8), "jsonl is not the records' own bytes")
        let json = try Program.run(["analyze", folder.path, "--format", "json"])
        let endpoint = try FindingsFile(json.bytes).findings.compactMap { $0["endpoint"] as? String }.first
        #expect(endpoint?.unicodeScalars.contains("\u{202E}") == true, "the JSON is not exact")
    }
}
