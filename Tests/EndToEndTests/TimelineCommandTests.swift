import Foundation
import Testing

/// `inquest timeline`: Markdown to paste.
@Suite struct TimelineCommandTests {
    @Test func theSmallLogOfTheFormat() throws {
        let folder = try SampleLogs.small()
        let run = try Program.run(["timeline", folder.path + "/bundle"])
        #expect(run.status == 0 && run.errors.isEmpty, "\(run.errors)")
        #expect(run.text.hasPrefix("# "), "no heading")
        for words in ["db.example", "F1", "enactor-a.log:3", "06:47:58.113", "41"] {
            #expect(run.text.contains(words), "'\(words)' is not said:\n\(run.text)")
        }
        // Every link leads to an anchor that is there.
        for link in run.text.split(separator: "](#").dropFirst() {
            let anchor = link.prefix { $0 != ")" }
            #expect(
                run.text.contains("id=\"\(anchor)\"") || run.text.contains("name=\"\(anchor)\"")
                    || run.text.lowercased().contains("# \(anchor)"), "the link #\(anchor) leads nowhere")
        }
        // Every row of a table has as many cells as its head.
        var cells: Int?
        for line in run.text.split(separator: "\n", omittingEmptySubsequences: false) {
            guard line.hasPrefix("|") else { cells = nil; continue }
            let count = line.replacingOccurrences(of: "\\|", with: "").filter { $0 == "|" }.count
            if let cells { #expect(cells == count, "a row of another width: \(line)") } else { cells = count }
        }
    }

    @Test func pages() throws {
        let folder = try SampleLogs.small()
        try folder.write(SampleLogs.orderly(2000), to: "bundle/c.log")
        let run = try Program.run(
            ["timeline", "bundle", "--all", "--max-bytes", "8192", "-o", "out/t.md", "--force"], in: folder.path)
        #expect(run.status == 5, "a folder that is not there is made: \(run)")
        try FileManager.default.createDirectory(atPath: folder.path + "/out", withIntermediateDirectories: true)
        let whole = try Program.run(
            ["timeline", "bundle", "--all", "--max-bytes", "8192", "-o", "out/t.md", "--force"], in: folder.path)
        #expect(whole.status == 0, "\(whole.errors)")
        let names = try FileManager.default.contentsOfDirectory(atPath: folder.path + "/out").sorted()
        #expect(names.contains("t.md"))
        for name in names {
            #expect(name == "t.md" || name.wholeMatch(of: /t-[0-9]+\.md/) != nil, "a page is called \(name)")
            #expect(try folder.read("out/" + name).count <= 8192, "\(name) is longer than --max-bytes")
        }
        for (index, name) in names.enumerated() where index > 0 {
            #expect(try names.contains { try folder.text("out/" + $0).contains(name) }, "nothing leads to \(name)")
        }
    }

    @Test func detailAddsTheTableAndEvidence() throws {
        let folder = try SampleLogs.small()
        let story = try Program.run(["timeline", folder.path + "/bundle"]).text
        let detail = try Program.run(["timeline", folder.path + "/bundle", "--detail"]).text
        #expect(!story.contains("## Evidence") && !story.contains("| row |"), "the story holds the detailed table")
        for part in ["## Milestones", "| row |", "## Evidence", "the displaced write", "## Left out of the table"] {
            #expect(detail.contains(part), "\(part) is missing")
        }
    }

    @Test func severalEndpointsByPatterns() throws {
        let folder = try SampleLogs.small()
        try folder.write(SampleLogs.orderly(100), to: "bundle/c.log")
        let run = try Program.run(
            ["timeline", folder.path + "/bundle", "--endpoint", "db.*", "--endpoint", "web-3.*", "--all"])
        #expect(
            run.status == 0 && run.text.contains("web-3.example") && !run.text.contains("web-4.example"),
            "\(run.errors)")
        let wrong = try Program.run(["timeline", folder.path + "/bundle", "--endpoint", "db.*", "--endpoint", "none.*"])
        #expect(wrong.status == 2 && wrong.errors.contains("no endpoint matches 'none.*'"), "\(wrong.errors)")
    }

    @Test func annotationsBesideTheBundleAreFound() throws {
        let folder = try SampleLogs.small()
        try folder.write(
            "entries: [{at: 2025-10-20T06:50:00Z, who: on-call, what: customers call}]\nfindings: [{id: zzzz, hide: true}]\n",
            to: "bundle.annotations.yaml")
        let run = try Program.run(["timeline", "bundle/"], in: folder.path)
        #expect(run.status == 0 && run.text.contains("| customers call | on-call |"), "\(run.text)")
        #expect(
            run.errors.contains("bundle.annotations.yaml: note: no finding has the id zzzz any more"), "\(run.errors)")
        let again = try Program.run(["analyze", "bundle", "-o", "out"], in: folder.path)
        #expect(try again.status == 0 && folder.text("out/timeline.md").contains("customers call"), "\(again.errors)")
        try folder.write("entries: nothing", to: "bad.yaml")
        let bad = try Program.run(["timeline", "bundle", "--annotations", "bad.yaml"], in: folder.path)
        #expect(bad.status == 2 && bad.errors.contains("bad.yaml:1:"), "\(bad.errors)")
    }

    @Test func whatLeavesTheCompanyIsRedacted() throws {
        let folder = try SampleLogs.small()
        let run = try Program.run(
            ["timeline", folder.path + "/bundle", "--detail", "--redact", "db\\.\\w+", "--redact-actors"])
        #expect(run.status == 0 && !run.text.contains("db.example"), "an endpoint is shown")
        #expect(run.text.contains("[redacted]") || run.text.contains("`[redacted]`"))
        #expect(run.text.contains("Redacted: ") && run.text.contains("of 3 actors"), "\(run.text.suffix(300))")
        let wrong = try Program.run(["timeline", folder.path + "/bundle", "--redact", "(a"])
        #expect(wrong.status == 2 && wrong.errors.contains("--redact '(a'"), "\(wrong.errors)")
        let link = try Program.run(["timeline", folder.path + "/bundle", "--link-template", "javascript:{line}"])
        #expect(link.status == 2 && link.errors.contains("http:// or https://"), "\(link.errors)")
    }

    @Test func oneEndpoint() throws {
        let folder = try SampleLogs.small()
        try folder.write(SampleLogs.orderly(100), to: "bundle/c.log")
        let run = try Program.run(["timeline", folder.path + "/bundle", "--endpoint", "db.example", "--all"])
        #expect(run.status == 0 && run.text.contains("db.example") && !run.text.contains("web-3.example"))
        let wrong = try Program.run(["timeline", folder.path + "/bundle", "--endpoint", "db.exmple"])
        #expect(wrong.status == 2 && wrong.bytes.isEmpty)
        #expect(
            wrong.errors == "inquest: error: no endpoint matches 'db.exmple'. Did you mean db.example (4 events)?\n")
    }
}
