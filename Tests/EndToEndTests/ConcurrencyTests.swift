import Foundation
import Testing

/// Several runs on one bundle at once, and bundles that change under a run.
@Suite struct ConcurrencyTests {
    @Test func severalIndexRunsAtOnce() throws {
        let folder = try Folder()
        try folder.write(SampleLogs.orderly(3000), to: "bundle/c.log")
        let script = """
            for round in 1 2 3; do
              pids=""
              for run in 1 2 3 4; do inquest index bundle --quiet & pids="$pids $!"; done
              for pid in $pids; do wait $pid || echo "failed with $?"; done
            done
            """
        let run = try Program.shell(script, in: folder.path)
        #expect(run.text.isEmpty && run.errors.isEmpty, "\(run)")
        #expect(try folder.names == ["bundle", "bundle.inquest"], "something is left behind")
        let query = ["query", "bundle", "--endpoint", "web-3.example"]
        let indexed = try Program.run(query, in: folder.path)
        let scanned = try Program.run(query + ["--no-index"], in: folder.path)
        #expect(indexed.errors.isEmpty && indexed.bytes == scanned.bytes)
    }

    @Test func queriesWhileAnIndexIsMadeAgainAndAgain() throws {
        let folder = try Folder()
        try folder.write(SampleLogs.orderly(3000), to: "bundle/c.log")
        try folder.write(SampleLogs.a, to: "bundle/a.log")
        let query = "inquest query bundle --endpoint 'web-[37].example' --format jsonl"
        let script = """
            \(query) > wanted 2>&1
            (while [ ! -e stop ]; do inquest index bundle --quiet || echo "index failed"; done) &
            for round in 1 2 3 4 5 6 7 8 9 10 11 12; do
              \(query) > got 2> errors || echo "failed with $?"
              cmp -s wanted got || echo "another answer"
              grep -v "the index is damaged: .* is missing" errors | grep -v "run inquest index again"
            done
            touch stop; wait
            """
        let run = try Program.shell(script, in: folder.path)
        #expect(run.text.isEmpty && run.errors.isEmpty, "\(run)")
    }

    /// The query has opened the index, and comes to its logs when an index of another bundle stands in its place: the logs are of the same
    /// length, so that frames stand in the same places and their checksums are right.
    @Test func anIndexThatIsReplacedUnderAQueryIsNotMixedWithTheOther() throws {
        let folder = try Folder()
        try folder.write(SampleLogs.orderly(200), to: "bundle/c.log")
        try folder.write(SampleLogs.orderly(200, endpoint: "new"), to: "other/c.log")
        #expect(try Program.run(["index", "bundle"], in: folder.path).status == 0)
        #expect(try Program.run(["index", "other"], in: folder.path).status == 0)
        let run = try FaultyCalls.run(
            "inquest query bundle --format jsonl", "openat 1 0",
            meanwhile: "rm -r bundle.inquest; cp -r other.inquest bundle.inquest", in: folder)
        #expect(run.status == 0 && run.text == SampleLogs.orderly(200), "\(run.errors)")
        #expect(run.errors.contains("log-1.ndjson.zst is missing"), "the index's log was opened: \(run.errors)")
    }

    @Test(
        "a file that grows as it is indexed: no index, or one that is known to be stale",
        arguments: ["write 1", "fsync 1"])
    func growingWhileIndexed(_ call: String) throws {
        let folder = try Folder()
        try folder.write(SampleLogs.orderly(3000), to: "bundle/c.log")
        let more = #"echo '{"ts":1,"actor":"d","event":"late"}' >> bundle/c.log"#
        let run = try FaultyCalls.run("inquest index bundle --quiet", "\(call) 0", meanwhile: more, in: folder)
        if call == "write 1" {
            #expect(run.status == 5, "\(run)")
            let says = "inquest: error: bundle has changed while it was read\nhint: "
            #expect(run.errors.hasPrefix(says), "\(run.errors)")
            #expect(try folder.names == ["bundle"])
        } else {
            #expect(run.status == 0, "\(run)")
        }
        let query = try Program.run(["query", "bundle", "--event", "late", "--format", "jsonl"], in: folder.path)
        #expect(query.lines.count == 1, "a stale index is believed: \(query)")
    }

    /// At every opening of the file: as the bundle is looked at, in the first pass, in the second.
    @Test(
        "a file that changes between two looks at it: the right answer, or an error that names it",
        arguments: [
            "rm bundle/c.log", "mv spare bundle/c.log", "truncate -s 5000 bundle/c.log", "cat spare >> bundle/c.log",
            "rm bundle/c.log; ln -s ../spare bundle/c.log",
        ])
    func changing(_ change: String) throws {
        for command in ["timeline bundle --all", "query bundle --actor c"] {
            let whole = try SampleLogs.small()
            try whole.write(SampleLogs.orderly(300), to: "bundle/c.log")
            let wanted = try Program.run(command.components(separatedBy: " "), in: whole.path)
            var changed = 0
            var call = 0
            while true {
                call += 1
                let folder = try SampleLogs.small()
                try folder.write(SampleLogs.orderly(300), to: "bundle/c.log")
                try folder.write(SampleLogs.orderly(200, actor: "s"), to: "spare")
                let run = try FaultyCalls.run(
                    "inquest \(command) --threads 0", "open \(call) 0", meanwhile: change + "; touch done", in: folder)
                if try !folder.names.contains("done") { break }
                changed += 1
                let isRight = run.status == 0 && run.bytes == wanted.bytes
                // A name that stood in that file alone is in no log any more: that is 2, behind the word of the damage.
                let isSaid = [2, 3, 5].contains(run.status) && run.errors.contains("c.log")
                #expect(
                    isRight || isSaid,
                    "\(command), \(change) at opening \(call): status \(run.status), \(run.errors)")
            }
            #expect(changed > 4, "\(command): no file was opened")
        }
    }
}
