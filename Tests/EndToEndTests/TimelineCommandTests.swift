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
