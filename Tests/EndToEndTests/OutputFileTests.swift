import Foundation
import Testing

/// `-o`: whole reports or none, and never over what is read.
@Suite struct OutputFileTests {
    // MARK: Sparing the bundle

    /// By its name, a symbolic link, a hard link, a path with `..`; the bundle as a folder, as the file itself and on standard input.
    @Test(arguments: [
        "timeline bundle -o bundle/enactor-a.log", "timeline bundle -o soft", "timeline bundle -o hard",
        "timeline bundle -o ./bundle/../bundle/enactor-a.log", "timeline bundle/enactor-a.log -o hard",
        "timeline - -o hard < bundle/enactor-a.log", "analyze bundle/enactor-a.log -o reports",
        "timeline link -o bundle/enactor-a.log",
    ])
    func aFileOfTheBundleIsNotReplaced(_ command: String) throws {
        let folder = try SampleLogs.small()
        let script = """
            ln -s bundle/enactor-a.log soft; ln bundle/enactor-a.log hard; ln -s bundle link
            mkdir reports; ln bundle/enactor-a.log reports/findings.json
            inquest \(command)
            """
        let run = try Program.shell(script, in: folder.path)
        #expect(run.status == 2 && run.bytes.isEmpty, "\(run)")
        #expect(run.errors.contains("would replace a file of the bundle"), "\(run.errors)")
        #expect(run.errors.contains("hint: name a file outside the bundle"), "\(run.errors)")
        #expect(try folder.text("bundle/enactor-a.log") == SampleLogs.a, "the program replaced its own input")
        #expect(try folder.names == ["bundle", "hard", "link", "reports", "soft"], "something is left behind")
    }

    @Test func theErrorNamesBothPaths() throws {
        let folder = try SampleLogs.small()
        let run = try Program.shell(
            "ln bundle/enactor-b.log page.md; inquest timeline bundle -o page.md", in: folder.path)
        #expect(
            run.errors == """
                inquest: error: -o page.md would replace a file of the bundle, the same file as bundle/enactor-b.log
                hint: name a file outside the bundle

                """)
    }

    @Test(arguments: ["bundle", "bundle/", "bundle/new/deep", "link/report", "bundle/sub/..", "sub-of-bundle"])
    func aFolderInsideTheBundleIsRefused(_ output: String) throws {
        let folder = try SampleLogs.small()
        try folder.write(SampleLogs.a, to: "bundle/sub/c.log")
        let run = try Program.shell(
            "ln -s bundle link; ln -s bundle/sub sub-of-bundle; inquest analyze bundle -o \(output)", in: folder.path)
        #expect(run.status == 2 && run.bytes.isEmpty, "\(run)")
        #expect(run.errors.hasPrefix("inquest: error: -o \(output) lies inside the bundle\nhint: "), "\(run.errors)")
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path + "/bundle").count == 3)
    }

    @Test func itIsRefusedBeforeAnythingIsRead() throws {
        let folder = try SampleLogs.small()
        // A pipe that nobody writes to would be waited for.
        let run = try Program.shell(
            "mkfifo pipe; timeout 20 inquest timeline pipe bundle -o bundle/enactor-a.log", in: folder.path)
        #expect(run.status == 2, "\(run)")
    }

    @Test func aNewFileInTheBundlesFolderIsWrittenAgainAndAgain() throws {
        let folder = try SampleLogs.small()
        for round in 1...2 {
            let run = try Program.run(
                ["timeline", ".", "-o", "timeline.md"] + (round == 1 ? [] : ["--force"]), in: folder.path + "/bundle")
            #expect(run.status == 0, "round \(round): \(run.errors)")
        }
        let pages = ["timeline", ".", "-o", "paged.md", "--max-bytes", "8192", "--all", "--force"]
        for _ in 1...2 { #expect(try Program.run(pages, in: folder.path + "/bundle").status == 0) }
        #expect(try folder.text("bundle/timeline.md").hasPrefix("# What happened: "))
        // Another text there is the user's.
        try folder.write("# Notes\n", to: "bundle/notes.md")
        #expect(try Program.run(["timeline", ".", "-o", "notes.md"], in: folder.path + "/bundle").status == 2)
    }

    @Test func whatIsThereIsReplacedOnlyByForce() throws {
        let folder = try SampleLogs.small()
        try folder.write("old", to: "x")
        try folder.write("old", to: "out/findings.json")
        // A pipe that nobody writes to: they are refused before anything is read.
        for (command, name) in [
            ("timeline pipe bundle -o x", "x"), ("export pipe bundle --to csv -o x", "x"),
            ("analyze pipe bundle -o out", "out/findings.json"),
        ] {
            let run = try Program.shell("mkfifo pipe; timeout 20 inquest \(command)", in: folder.path)
            #expect(
                run.status == 2 && run.errors.hasSuffix("inquest: error: \(name) exists\nhint: --force replaces it\n"),
                "\(run)")
        }
        #expect(try folder.text("x") == "old" && folder.text("out/findings.json") == "old")
        let run = try Program.shell("inquest export bundle --to csv -o x --force && head -c 3 x", in: folder.path)
        #expect(run.text == "ts,", "\(run)")
    }

    @Test func aBadOutputFailsBeforeTheWork() throws {
        let folder = try SampleLogs.small()
        try folder.write("x", to: "file")
        for (output, says) in [
            ("no/x", "no/x: No such file or directory"), ("bundle", "bundle is a folder"),
            ("file/x", "file/x: Not a directory"),
        ] {
            for command in ["timeline", "export --to csv"] {
                let run = try Program.shell(
                    "mkfifo pipe; timeout 20 inquest \(command) pipe -o \(output)", in: folder.path)
                #expect([2, 5].contains(run.status) && run.errors.contains("inquest: error: \(says)"), "\(run)")
            }
        }
    }

    @Test func aHyphenIsStandardOutput() throws {
        let folder = try SampleLogs.small()
        for command in ["timeline bundle", "export bundle --to csv", "convert bundle", "query bundle"] {
            let run = try Program.shell("inquest \(command) -o - --quiet", in: folder.path)
            let plain = try Program.shell("inquest \(command) --quiet", in: folder.path)
            #expect(run.status == 0 && run.bytes == plain.bytes && !run.bytes.isEmpty, "\(command): \(run.errors)")
            #expect(try folder.names == ["bundle"])
        }
    }

    @Test func anIndexInsideTheBundleIsMadeAgain() throws {
        let folder = try SampleLogs.small()
        for _ in 1...2 {
            let run = try Program.run(["index", "bundle", "--index-dir", "bundle"], in: folder.path)
            #expect(run.status == 0, "\(run.errors)")
        }
        let query = ["query", "bundle", "--index-dir", "bundle", "--event", "plan.deleted", "--format", "jsonl"]
        let run = try Program.run(query, in: folder.path)
        #expect(run.status == 0 && run.errors.isEmpty && run.lines.count == 1, "\(run)")
    }

    @Test func whatIsNotAnIndexIsNotReplacedByOne() throws {
        let folder = try SampleLogs.small()
        try folder.write("mine", to: "bundle.inquest/thesis.txt")
        let run = try Program.run(["index", "bundle"], in: folder.path)
        #expect(run.status == 5, "\(run)")
        #expect(run.errors.contains("is not an index"), "\(run.errors)")
        #expect(try folder.text("bundle.inquest/thesis.txt") == "mine")
    }

    // MARK: All or nothing

    /// A bundle, and a report folder with an old report in it.
    private func folderWithReport() throws -> Folder {
        let folder = try SampleLogs.small()
        try folder.write("old findings", to: "out/findings.json")
        try folder.write("old timeline", to: "out/timeline.md")
        return folder
    }

    private func expectOldReport(_ folder: Folder, _ names: [String] = ["findings.json", "timeline.md"]) throws {
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path + "/out").sorted() == names)
        if names.contains("findings.json") { #expect(try folder.text("out/findings.json") == "old findings") }
        if names.contains("timeline.md") { #expect(try folder.text("out/timeline.md") == "old timeline") }
    }

    @Test(
        "a rename that fails brings back what was renamed before",
        arguments: [
            // The first of two, the second, and where no second name can be given to the old file.
            "rename 1 5", "rename 2 5", "rename 2 5 link 1 1",
        ])
    func aFailedRename(_ faults: String) throws {
        let folder = try folderWithReport()
        let run = try FaultyCalls.run("inquest analyze bundle -o out --force", faults, in: folder)
        #expect(run.status == 5, "\(run)")
        let says = "Input/output error\nhint: what was there before was left as it is"
        #expect(run.errors.contains(says), "\(run.errors)")
        try expectOldReport(folder)
    }

    @Test func aFailedRenameTakesANewFileAway() throws {
        let folder = try folderWithReport()
        try FileManager.default.removeItem(atPath: folder.path + "/out/findings.json")
        let run = try FaultyCalls.run("inquest analyze bundle -o out --force", "rename 2 5", in: folder)
        #expect(run.status == 5, "\(run)")
        try expectOldReport(folder, ["timeline.md"])
    }

    @Test("a full disk, and one that fails when it is told to keep what was written", arguments: [28, 5])
    func aFullDisk(_ number: Int) throws {
        for fault in ["fsync 1", "fsync 2"] {
            let folder = try folderWithReport()
            let run = try FaultyCalls.run("inquest analyze bundle -o out --force", "\(fault) \(number)", in: folder)
            #expect(run.status == 5 && run.errors.contains("hint: what was there before was left as it is"), "\(run)")
            try expectOldReport(folder)
        }
    }

    @Test func aFileThatMayNotGrow() throws {
        let folder = try folderWithReport()
        try folder.write(SampleLogs.orderly(5000), to: "bundle/c.log")
        let run = try Program.shell(
            "ulimit -f 1; inquest analyze bundle -o out --force 2> >(cat >&2)", in: folder.path)
        #expect(run.status == 5, "\(run)")
        #expect(run.errors.lowercased().contains("file too large"), "\(run.errors)")
        try expectOldReport(folder)
    }

    @Test(
        "a signal between two renames waits; one before them leaves nothing behind", arguments: ["TERM", "INT", "HUP"])
    func aSignal(_ name: String) throws {
        let folder = try folderWithReport()
        let number = ["TERM": 15, "INT": 2, "HUP": 1][name] ?? 15
        // Raised inside the call, a signal has come before the call ends.
        let between = try FaultyCalls.run("inquest analyze bundle -o out --force", "rename 2 -\(number)", in: folder)
        #expect(between.status == 128 + number || between.status == 0, "\(between)")
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path + "/out").count == 5)
        #expect(try folder.text("out/findings.json").hasPrefix("{"))
        #expect(try folder.text("out/timeline.md").hasPrefix("# What happened"), "only one of two files was replaced")

        let other = try folderWithReport()
        let before = try FaultyCalls.run("inquest analyze bundle -o out --force", "fsync 1 -\(number)", in: other)
        #expect(before.status == 128 + number || before.status == 0, "\(before)")
        if before.status != 0 { try expectOldReport(other) }
    }

    @Test func aFileKeepsItsPermissions() throws {
        let folder = try SampleLogs.small()
        let run = try Program.shell(
            "echo old > t.md; chmod 640 t.md; inquest timeline bundle -o t.md --force && stat -c %a t.md",
            in: folder.path)
        #expect(run.text == "640\n", "\(run)")
    }

    @Test func aPipeIsWrittenTo() throws {
        let folder = try SampleLogs.small()
        let run = try Program.shell(
            "mkfifo p; timeout 60 cat p & inquest timeline bundle -o p; wait", in: folder.path)
        #expect(run.text.hasPrefix("# What happened: "), "\(run)")
    }

    @Test func standardOutputThatIsFullIsSaid() throws {
        let folder = try SampleLogs.small()
        for command in ["analyze bundle", "query bundle", "timeline bundle", "check bundle --format json"] {
            let run = try Program.shell("inquest \(command) > /dev/full", in: folder.path)
            #expect(run.status == 5, "\(command): \(run)")
            #expect(run.errors.contains("standard output: No space left on device"), "\(run.errors)")
        }
    }
}
