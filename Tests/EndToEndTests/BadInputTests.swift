import Foundation
import Testing

/// Bad input never stops the reading of what is good, and says what is wrong, where, and what to do.
@Suite struct BadInputTests {
    private func analyze(_ paths: String..., options: [String] = []) throws -> CommandRun {
        try Program.run(["analyze"] + paths + ["--format", "json"] + options)
    }

    @Test func noSuchFile() throws {
        let run = try analyze("/nowhere/to/be\u{1B}[31mfound")
        #expect(run.status == 2 && run.bytes.isEmpty)
        #expect(run.errors == "inquest: error: /nowhere/to/be\\u{1b}[31mfound: no such file or folder\n")
    }

    @Test func noPermission() throws {
        let folder = try SampleLogs.small()
        // Root may read everything, so the program runs as somebody who may not.
        let script = """
            chmod 000 bundle/enactor-a.log
            if [ "$(id -u)" = 0 ]; then chmod 755 . bundle; run="setpriv --reuid 65534 --clear-groups"; fi
            cat $(which inquest) > inquest && chmod 755 inquest
            $run ./inquest analyze bundle/enactor-a.log; echo "status $?"
            $run ./inquest analyze bundle; echo "status $?"
            """
        let run = try Program.shell(script, in: folder.path)
        #expect(run.text.contains("status 4") && run.text.contains("status 3"), "\(run)")
        #expect(run.errors.contains("enactor-a.log: permission denied\nhint: it must be readable for you"))
        #expect(run.errors.contains("enactor-a.log: error: "), "in a folder it is not named: \(run.errors)")
    }

    @Test func anEmptyBundle() throws {
        let folder = try Folder()
        try folder.write("", to: "empty/nothing.log")
        try folder.write("# Read me\n\nNot a log.\n", to: "words/README.md")
        for (name, says) in [("empty", "nothing.log"), ("words", "README.md")] {
            let run = try analyze(folder.path + "/" + name)
            #expect(run.status == 4 && run.bytes.isEmpty)
            #expect(run.errors.contains("inquest: error: nothing to read in "), "\(run.errors)")
            #expect(run.errors.contains("hint: ") && run.errors.contains(says), "\(run.errors)")
        }
    }

    @Test func aTruncatedFrame() throws {
        let folder = try Folder()
        let text = SampleLogs.orderly(20_000)
        let frame = try Archive.of(.zstd, [("x", text)])
        try folder.write(frame.dropLast(frame.count / 10), to: "c.log.zst")
        let run = try analyze(folder.path + "/c.log.zst")
        #expect(run.status == 3)
        let found = try FindingsFile(run.bytes)
        #expect((10_000..<20_000).contains(found.events), "what came before the cut does not count: \(found.events)")
        #expect(run.errors.contains("c.log.zst") && run.errors.contains("truncated after"), "\(run.errors)")
        #expect((found.quality["damage"] as? [[String: Any]])?.count == 1)
    }

    @Test func aDamagedMagicNumber() throws {
        let folder = try Folder()
        let parts = [SampleLogs.orderly(100), SampleLogs.orderly(50)]
        let kinds: [(Archive.Kind, String)] = [
            (.zstd, "zst"), (.gzip, "gz"), (.bzip2, "bz2"), (.xz, "xz"), (.lz4, "lz4"),
        ]
        for (kind, ending) in kinds {
            var file = try parts.flatMap { try Archive.of(kind, [("x", $0)]) }
            file[1] ^= 0x04
            let run = try analyze(folder.write(file, to: "a.log.\(ending)"))
            #expect(run.status == 3, "\(kind): \(run.errors)")
            // The blocks of bzip2 and xz are found without the head ahead of them: nothing is lost.
            #expect(try FindingsFile(run.bytes).events == ([.bzip2, .xz].contains(kind) ? 150 : 50), "\(kind)")
            #expect(run.errors.contains("the beginning is damaged: it should be a "), "\(run.errors)")
        }
    }

    @Test func aFlippedBit() throws {
        let folder = try Folder()
        var frame = try Archive.of(.zstd, [("x", SampleLogs.orderly(20_000))])
        frame[frame.count / 2] ^= 0x10
        try folder.write(frame, to: "bundle/c.log.zst")
        try folder.write(SampleLogs.a, to: "bundle/enactor-a.log")
        let run = try analyze(folder.path + "/bundle")
        #expect(run.status == 3)
        #expect(try FindingsFile(run.bytes).events >= 3, "a log beside the damaged one was lost")
        #expect(run.errors.contains("c.log.zst"), "the damaged file is not named: \(run.errors)")
    }

    @Test func ofManyLogsThoseWithoutARecordAreNamedToo() throws {
        let folder = try Folder()
        for number in 0..<40 {
            try folder.write(
                #"{"ts":\#(number + 1),"actor":"a-\#(number)","event":"e"}"# + "\n", to: "bundle/a-\(number).log")
        }
        try folder.write(#"{"actor":"b","event":"e"}"# + "\n", to: "bundle/timeless.log")
        try folder.write(
            try Archive.of(.zstd, [("x", SampleLogs.orderly(20_000))]).prefix(200), to: "bundle/cut.log.zst")
        let run = try analyze(folder.path + "/bundle")
        #expect(run.status == 3, "damage of a log without a record does not show: \(run.errors)")
        #expect(run.errors.contains("timeless.log:1:") && run.errors.contains("ts is missing"), "\(run.errors)")
        #expect(run.errors.contains("cut.log.zst"), "\(run.errors)")
        #expect(try FindingsFile(run.bytes).events == 40)
    }

    @Test func theContentDecidesNotTheName() throws {
        let folder = try Folder()
        try folder.write(Archive.of(.gzip, [("x", SampleLogs.a)]), to: "bundle/enactor-a.log.zst")
        try folder.write(Archive.of(.zstd, [("x", SampleLogs.b)]), to: "bundle/enactor-b.tar")
        let run = try analyze(folder.path + "/bundle")
        #expect(run.status == 0 && run.errors.isEmpty, "\(run.errors)")
        #expect(try FindingsFile(run.bytes).events == 7)
    }

    @Test func onlyMalformedLines() throws {
        let folder = try Folder()
        let path = try folder.write("{\"ts\":1\n{\"ts\":1,\"actor\":\"a\"}\n[1,2]\n{\"ts\":2}\n", to: "bad.log")
        let run = try analyze(path)
        #expect(run.status == 4 && run.bytes.isEmpty)
        #expect(run.errors.contains("bad.log:1:0: error: not a JSON object: "), "\(run.errors)")
        #expect(run.errors.contains("bad.log:2:8: error: event is missing; 1 line more like it\n"), "\(run.errors)")
        #expect(run.errors.contains("bad.log:3:29: error: not a JSON object\n"), "\(run.errors)")
        #expect(run.errors.contains("inquest: error: no usable record in bad.log"), "\(run.errors)")
    }

    @Test func malformedLinesCostNothingElse() throws {
        let folder = try Folder()
        let nested =
            #"{"ts":1,"actor":"a","event":"e","m":"# + String(repeating: "[", count: 10_000)
            + String(repeating: "]", count: 10_000) + "}"
        var bytes = Array(SampleLogs.a.utf8)
        for bad in ["{\"a\": tru}", nested, "a\u{0}b", "\u{0}\u{0}\u{0}", String(repeating: "x", count: 1_100_000)] {
            bytes += Array((bad + "\n").utf8)
        }
        bytes += Array("{\"ts\":1,\"actor\":\"".utf8) + [0xFF, 0xFE] + Array("\",\"event\":\"e\"}\r\n\n".utf8)
        let path = try folder.write(bytes + Array(SampleLogs.b.utf8), to: "all.log")
        let run = try analyze(path)
        let found = try FindingsFile(run.bytes)
        #expect(run.status == 0 && found.events == 7, "a good line was lost: \(run.errors)")
        #expect(found.counts["malformed"] as? Int == 6)
        #expect(found.kinds.contains("stale-plan-overwrite"))
        for words in ["nested deeper than 128", "not UTF-8", "a line of 1100000 bytes", "--max-line", "--max-depth"] {
            #expect(run.errors.contains(words), "'\(words)' is not said: \(run.errors)")
        }
        #expect(try analyze(path, options: ["--strict"]).status == 3, "--strict does not make malformed lines 3")
        #expect(
            try analyze(path, options: ["--strict", "--fail-on", "stale-plan-overwrite"]).status == 3,
            "--fail-on hides what --strict counts as damage")
        #expect(try analyze(path, options: ["--quiet"]).errors.isEmpty, "--quiet is not quiet")
    }

    @Test func aLineOfTwoGibibytesIsNotHeld() throws {
        let folder = try Folder()
        let path = try folder.write(SampleLogs.a, to: "long.log")
        let file = try FileHandle(forWritingTo: URL(fileURLWithPath: path))
        // A hole in the file: two gibibytes of NUL bytes that take no disk.
        try file.truncate(atOffset: 2 << 30)
        try file.seekToEnd()
        try file.write(contentsOf: Data(("\n" + SampleLogs.b).utf8))
        try file.close()
        // Less address space than the line is long.
        let run = try Program.shell("ulimit -v 1500000; inquest analyze --format json \(path)")
        #expect(run.status == 0, "\(run.errors)")
        #expect(try FindingsFile(run.bytes).events == 7, "\(run.errors)")
        #expect(run.errors.contains("long.log:4:"), "the line is not named: \(run.errors)")
    }

    @Test func namesInArchivesAreNoPaths() throws {
        let folder = try Folder()
        let members = [
            ("../../up.log", SampleLogs.a), ("/tmp/inquest-absolute.log", SampleLogs.b),
            ("../up.log", SampleLogs.orderly(3)),
        ]
        for kind in [Archive.Kind.tar, .zip, .tarZstd] {
            try folder.write(Archive.of(kind, members), to: "in/logs")
            let run = try Program.run(["analyze", "logs", "--format", "json"], in: folder.path + "/in")
            #expect(run.status == 0, "\(kind): \(run.errors)")
            #expect(try FindingsFile(run.bytes).events == 10, "\(kind): a member was lost")
            #expect(try folder.names == ["in"], "\(kind): a member was written to disk")
            #expect(!FileManager.default.fileExists(atPath: "/tmp/inquest-absolute.log"))
        }
    }

    @Test func aFolderThatLinksToItself() throws {
        let folder = try SampleLogs.small()
        let manager = FileManager.default
        try manager.createSymbolicLink(atPath: folder.path + "/bundle/loop", withDestinationPath: ".")
        try manager.createSymbolicLink(atPath: folder.path + "/bundle/round", withDestinationPath: "round")
        try manager.createSymbolicLink(atPath: folder.path + "/bundle/out", withDestinationPath: "/etc")
        let run = try analyze(folder.path + "/bundle")
        #expect(run.status == 0, "\(run.errors)")
        #expect(try FindingsFile(run.bytes).events == 7)
    }

    @Test func hugeAndEmptyNames() throws {
        let folder = try Folder()
        let long = String(repeating: "n", count: 200_000)
        let path = try folder.write(
            """
            {"ts":1,"actor":"","event":"","vc":{"":1},"endpoint":"","queue":"","service":"","id":"","causes":[""]}
            {"ts":-9223372036854775808,"actor":"\(long)","event":"plan.applied","plan":9223372036854775807,"endpoint":"\(long)"}
            {"ts":9223372036854775807,"actor":"\(long)","event":"plan.applied","plan":0,"endpoint":"\(long)","replaces":9223372036854775807}
            {"ts":9223372036854775807,"actor":"x","vc":{"x":9223372036854775807,"y":9223372036854775807},"event":"queue.sampled","queue":"q","depth":9223372036854775807,"oldest_ms":1e308,"arrived":9223372036854775807}
            {"ts":-9223372036854775808,"actor":"x","vc":{"x":0},"event":"queue.sampled","queue":"q","depth":0,"arrived_total":9223372036854775807}

            """, to: "odd.log")
        for arguments in [
            ["analyze"], ["analyze", "--format", "json"], ["timeline"], ["timeline", "--all"], ["query"],
        ] {
            let run = try Program.run([arguments[0], path] + arguments.dropFirst())
            #expect(run.status == 0, "\(arguments) ends with \(run.status): \(run.errors.prefix(500))")
        }
    }
}
