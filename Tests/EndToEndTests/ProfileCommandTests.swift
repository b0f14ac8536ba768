import Testing

/// Logs of other systems from the command line: read by their content or by a profile, converted, explained, drafted.
@Suite struct ProfileCommandTests {
    private static let klog = """
        2025-02-02T03:00:00.000000Z I0202 03:00:00.000000    2171 proxier.go:832] "SyncProxyRules complete" elapsed="142.671ms"
        2025-02-02T03:00:15.000000Z E0202 03:00:15.000000    2171 proxier.go:900] cannot list 12 nodes

        """

    private static let profile = """
        profile: proxy
        codec: {pattern: '^(?<time>\\S+) \\S+ \\S+ +\\d+ \\S+ "(?<msg>[^"]*)"(?<tail>.*)$'}
        decode: [{from: tail, codec: logfmt}]
        fields:
          ts: time
          actor: "@file"
          latency_ms: {from: elapsed, duration: true}
        events:
          - when: {msg: SyncProxyRules complete}
            event: state.propagated
        samples:
          - path: kube-proxy.log
            lines: '2025-02-02T03:00:00Z I0202 03:00:00.000000 2171 a.go:8] "SyncProxyRules complete" elapsed="1s"'
            events: [{ts: "2025-02-02T03:00:00Z", actor: kube-proxy, event: state.propagated, latency_ms: 1000}]
        """

    private func folder() throws -> Folder {
        let folder = try Folder()
        try folder.write(Self.klog, to: "logs/node-1/kube-proxy.log")
        try folder.write(Self.profile, to: "proxy.yaml")
        return folder
    }

    @Test func aLogOfAKnownFormIsReadAndTheReportSaysByWhat() throws {
        let folder = try folder()
        let run = try Program.run(["analyze", "logs"], in: folder.path)
        #expect(run.status == 0, "\(run.errors)")
        #expect(
            run.text.contains("profile klog: 2 events of 2 records"),
            "the report does not say who read the log: \(run.text)")
    }

    @Test func aProfileGoesAheadOfTheBuiltInOnesAndSaysWhatItLeft() throws {
        let folder = try folder()
        let run = try Program.run(["analyze", "logs", "--profile", "proxy.yaml"], in: folder.path)
        let text = run.text.split(whereSeparator: \.isWhitespace).joined(separator: " ")
        #expect(text.contains("profile proxy: 1 event of 2 records"), "\(run.text)")
        #expect(text.contains("the pattern does not match"), "what was left is not said: \(run.text)")
    }

    @Test func whatIsConvertedIsABundleThatReadsTheSame() throws {
        let folder = try folder()
        let lines = try Program.run(["convert", "logs", "--profile", "proxy.yaml", "--quiet"], in: folder.path)
        #expect(lines.status == 0 && lines.lines.count == 1, "\(lines.text)\(lines.errors)")
        #expect(
            lines.lines.first?.contains(#""event":"state.propagated","latency_ms":142.671"#) == true, "\(lines.text)")
        let written = try Program.run(["convert", "logs", "-o", "out", "--quiet"], in: folder.path)
        #expect(written.status == 0, "\(written.errors)")
        let again = try Program.run(["convert", "out", "--quiet"], in: folder.path)
        let direct = try Program.run(["convert", "logs", "--quiet"], in: folder.path)
        #expect(again.text == direct.text && !direct.text.isEmpty, "converted twice is not converted once")
    }

    @Test func queriesAnswerTheSameFromAnIndex() throws {
        let folder = try folder()
        let query = ["query", "logs", "--event", "*", "--format", "csv", "--quiet"]
        let direct = try Program.run(query + ["--no-index"], in: folder.path)
        let made = try Program.run(["index", "logs", "--index-dir", "idx", "--quiet"], in: folder.path)
        #expect(made.status == 0, "\(made.errors)")
        let indexed = try Program.run(query + ["--index-dir", "idx"], in: folder.path)
        #expect(
            indexed.text == direct.text && direct.lines.count == 3, "\(direct.text)\n\(indexed.text)\(indexed.errors)")
    }

    @Test func aWrongProfileEndsWithItsPlaceAndWhatWasMeant() throws {
        let folder = try folder()
        try folder.write(Self.profile.replacing("codec: {pattern", with: "codec: {patern"), to: "wrong.yaml")
        let run = try Program.run(["analyze", "logs", "--profile", "wrong.yaml"], in: folder.path)
        #expect(run.status == 2)
        #expect(run.errors.contains("wrong.yaml:2:9") && run.errors.contains("Did you mean pattern?"), "\(run.errors)")
    }

    @Test func profilesAreListedShownTestedAndExplained() throws {
        let folder = try folder()
        let list = try Program.run(["profile", "list"], in: folder.path)
        #expect(list.text.contains("k8s-audit") && list.text.contains("otlp-logs"))
        let shown = try Program.run(["profile", "show", "klog"], in: folder.path)
        try folder.write(shown.bytes, to: "copy.yaml")
        let tested = try Program.run(["profile", "test", "copy.yaml"], in: folder.path)
        #expect(tested.status == 0 && tested.text.contains("all samples are right"), "\(tested.errors)")
        let failing = try folder.write(
            Self.profile.replacing("latency_ms: 1000", with: "latency_ms: 999"), to: "failing.yaml")
        let failed = try Program.run(["profile", "test", failing], in: folder.path)
        #expect(failed.status == 1 && failed.errors.contains("latency_ms is 1000, not 999"), "\(failed.errors)")
        let explained = try Program.run(
            ["profile", "explain", "logs/node-1/kube-proxy.log", "1", "--profile", "proxy.yaml"], in: folder.path)
        #expect(
            explained.text.contains("latency_ms  from {from:elapsed,duration:true}: 142.671"),
            "\(explained.text)\(explained.errors)")
    }

    @Test func aLogOfNoKnownFormIsShownAndADraftReadsIt() throws {
        let folder = try Folder()
        let lines = (10..<60).map { "2025-07-02 09:00:\($0) lb-1 haproxy[812]: Server web/srv\($0 % 4) is DOWN\n" }
            .joined()
        try folder.write(lines, to: "lb.log")
        let run = try Program.run(["analyze", "lb.log"], in: folder.path)
        #expect(run.status == 4)
        #expect(run.errors.contains("inquest profile draft lb.log") && run.errors.contains("haproxy"), "\(run.errors)")
        let draft = try Program.run(["profile", "draft", "lb.log"], in: folder.path)
        #expect(draft.status == 0, "\(draft.errors)")
        try folder.write(draft.bytes, to: "lb.yaml")
        let read = try Program.run(["convert", "lb.log", "--profile", "lb.yaml", "--quiet"], in: folder.path)
        #expect(read.lines.count == 50, "\(read.errors)")
        #expect(read.lines.first?.contains(#""actor":"lb-1""#) == true, "\(read.lines.first ?? "")")
    }

    @Test func fieldsCanBeNamedWithoutAFile() throws {
        let folder = try Folder()
        try folder.write(
            #"{"when":"2025-07-02T09:00:00Z","who":"a","event":"plan.applied","plan":3}"# + "\n", to: "a.json")
        let run = try Program.run(["convert", "a.json", "--map", "ts=when,actor=who", "--quiet"], in: folder.path)
        #expect(run.text.contains(#""actor":"a","event":"plan.applied","plan":3"#), "\(run.text)\(run.errors)")
        let wrong = try Program.run(["convert", "a.json", "--map", "tss=when"], in: folder.path)
        #expect(wrong.status == 2 && wrong.errors.contains("Did you mean ts?"), "\(wrong.errors)")
    }

    @Test func pairsOfALogWithClocksAreCounted() throws {
        let folder = try Folder()
        try folder.write("a {\"a\":1}\nsends\nb {\"b\":1,\"a\":1}\nreceives\n", to: "a.log")
        let run = try Program.run(["check", "a.log", "--pairs", "--format", "json", "--quiet"], in: folder.path)
        #expect(run.status == 0, "\(run.errors)")
        #expect(
            run.text.contains("\"happened_before_pairs\": 1") && run.text.contains("\"direct_cross_host_edges\": 1"))
    }
}
