import Foundation
import Testing

/// What `-o` writes: whole or not at all.
@Suite struct ReportFolderTests {
    @Test func theFilesAreWhatTheCommandsPrint() throws {
        let folder = try SampleLogs.small()
        let out = folder.path + "/deep/report"
        let run = try Program.run(["analyze", folder.path + "/bundle", "-o", out])
        #expect(run.status == 0, "\(run.errors)")
        #expect(
            try FileManager.default.contentsOfDirectory(atPath: out).sorted() == [
                "findings.json", "overview-dark.svg", "overview.svg", "report.html", "timeline.md",
            ])
        let json = try Program.run(["analyze", folder.path + "/bundle", "--format", "json"])
        #expect(try folder.read("deep/report/findings.json") == json.bytes)
        let timeline = try Program.run(["timeline", folder.path + "/bundle"])
        // But for the picture, which lies beside the one alone.
        let written = try folder.text("deep/report/timeline.md").split(separator: "\n").filter {
            !$0.hasPrefix("<picture>")
        }
        #expect(written == timeline.text.split(separator: "\n"))
    }

    /// A disk that is full after a kibibyte of a file, as far as a program can tell.
    private func onFullDisk(_ command: String) -> String {
        "trap '' XFSZ; ulimit -f 1; inquest \(command)"
    }

    @Test func aGoodReportStaysWhenTheDiskIsFull() throws {
        let folder = try SampleLogs.small()
        try folder.write("good findings", to: "report/findings.json")
        try folder.write("good timeline", to: "report/timeline.md")
        let run = try Program.shell(onFullDisk("analyze bundle -o report --force"), in: folder.path)
        #expect(run.status == 5, "a full disk ends with \(run.status)")
        #expect(run.errors.contains("inquest: error: report/findings.json: File too large"), "\(run.errors)")
        #expect(run.errors.contains("hint: what was there before was left as it is"), "\(run.errors)")
        #expect(try folder.text("report/findings.json") == "good findings", "findings.json was lost")
        #expect(try folder.text("report/timeline.md") == "good timeline", "timeline.md was lost")
        let left = try names(in: folder.path + "/report")
        #expect(left == ["findings.json", "timeline.md"], "half a file was left behind: \(left)")
    }

    @Test func aReportIsWrittenWholeOrNotAtAll() throws {
        let folder = try SampleLogs.small()
        try folder.write("good findings", to: "report/findings.json")
        // The second file cannot be written, when the first one is ready.
        try folder.write("in the way", to: "report/timeline.md/file")
        let run = try Program.run(["analyze", "bundle", "-o", "report", "--force"], in: folder.path)
        #expect(run.status == 2 && run.errors.contains("report/timeline.md is a folder"), "\(run.errors)")
        #expect(try folder.text("report/findings.json") == "good findings", "a report of two runs was left behind")
        #expect(try names(in: folder.path + "/report") == ["findings.json", "timeline.md"])
    }

    private func names(in path: String) throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: path).sorted()
    }

    @Test func aGoodTimelineStaysWhenTheDiskIsFull() throws {
        let folder = try SampleLogs.small()
        try folder.write("good", to: "t.md")
        let run = try Program.shell(onFullDisk("timeline bundle -o t.md --force"), in: folder.path)
        #expect(run.status == 5 && run.errors.contains("t.md: File too large"), "\(run.errors)")
        #expect(try folder.text("t.md") == "good" && folder.names == ["bundle", "t.md"])
    }

    @Test func standardOutputThatIsFull() throws {
        let folder = try SampleLogs.small()
        for command in ["analyze", "analyze --format json", "timeline", "query", "query --saved last-writer"] {
            let run = try Program.shell("inquest \(command) '\(folder.path)/bundle' > /dev/full")
            #expect(run.status == 5, "\(command) ends with \(run.status)")
            #expect(run.errors.contains("standard output: No space left on device"), "\(run.errors)")
        }
    }

    @Test func aClosedPipe() throws {
        let folder = try SampleLogs.small()
        try folder.write(SampleLogs.orderly(30_000), to: "bundle/c.log")
        let commands = ["query --format jsonl", "query", "timeline --all", "query --saved events-a-minute"]
        // A shell hands its signals down: those that it ignores are ignored in what it starts.
        for setting in ["trap - PIPE", "trap '' PIPE"] {
            for command in commands {
                let run = try Program.shell(
                    "\(setting); inquest \(command) '\(folder.path)/bundle' | head -c 100; exit ${PIPESTATUS[0]}")
                #expect(run.errors.isEmpty, "\(setting), \(command): \(run.errors)")
                #expect([0, 141].contains(run.status), "\(setting), \(command) ends with \(run.status)")
            }
        }
    }

    @Test func whatIsNoFileIsNotReplaced() throws {
        let folder = try SampleLogs.small()
        let script = """
            inquest timeline bundle -o /dev/null; echo $?; test -c /dev/null && echo still a device
            mkfifo pipe; timeout 300 cat pipe > got & inquest timeline bundle -o pipe; echo $?; wait; test -p pipe && echo still a pipe
            echo old > real.md; ln -s real.md link.md; inquest timeline bundle -o link.md --force; test -L link.md && echo still a link
            inquest timeline bundle -o bundle; echo $?
            """
        let run = try Program.shell(script, in: folder.path)
        #expect(run.lines == ["0", "still a device", "0", "still a pipe", "still a link", "2"], "\(run.errors)")
        let timeline = try Program.run(["timeline", folder.path + "/bundle"]).bytes
        #expect(try folder.read("got") == timeline && folder.read("real.md") == timeline)
        #expect(run.errors.contains("bundle is a folder"), "\(run.errors)")
    }

    @Test func aFolderThatCannotBeMade() throws {
        let folder = try SampleLogs.small()
        try folder.write("x", to: "file")
        for place in ["file", "file/report", "/proc/report"] {
            let run = try Program.run(["analyze", "bundle", "-o", place], in: folder.path)
            #expect(run.status == 5 || run.status == 2, "\(place) ends with \(run.status)")
            #expect(run.errors.contains("inquest: error: \(place)"), "\(run.errors)")
        }
        #expect(try folder.text("file") == "x")
    }
}
