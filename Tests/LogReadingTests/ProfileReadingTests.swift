import EventModel
@testable import LogReading
import Testing

/// Logs that a profile reads: what becomes of them does not depend on how they are cut, and their text says what their columns hold.
@Suite struct ProfileReadingTests {
    /// A log of a built-in profile's samples, many times over.
    private func log(_ plan: Plan, times: Int) -> String {
        (0..<times).map { _ in
            plan.parts.samples.map { $0.lines.joined(separator: "\n") + "\n" }.joined()
        }.joined()
    }

    @Test(arguments: BuiltInProfiles.all.map(\.name)) func blocksOfAnySizeGiveTheSame(_ name: String) throws {
        let plan = try #require(BuiltInProfiles.named(name))
        let text = log(plan, times: 40)
        let whole = try ProfileInputs.read(text, plan, blockSize: 1 << 20)
        #expect(!whole.events.isEmpty)
        for size in [512, 1000, 4096] {
            let cut = try ProfileInputs.read(text, plan, blockSize: size, threads: 3)
            #expect(cut.events.map(placed) == whole.events.map(placed), "blocks of \(size) bytes change what is read")
            #expect(cut.counts.malformed == whole.counts.malformed)
            #expect(cut.counts.lines == whole.counts.lines, "blocks of \(size) bytes change the count of records")
        }
    }

    /// The text is a log of our own format that holds the same.
    @Test(arguments: BuiltInProfiles.all.map(\.name)) func whatIsConvertedReadsTheSame(_ name: String) throws {
        let plan = try #require(BuiltInProfiles.named(name))
        let before = try ProfileInputs.read(log(plan, times: 3), plan)
        let text = before.events.map { $0.text + "\n" }.joined()
        let after = try ReadLog(Array(text.utf8))
        #expect(
            after.counts.malformed == 0 && after.counts.droppedFields == 0,
            "what is written is not read: \(after.faults)")
        #expect(after.events.map(bare) == before.events.map(bare), "what is written says something else")
    }

    /// Generations of any size keep their digits, and their order: by length, then by text.
    @Test func generationsOfAnySizeAreRead() throws {
        let yaml = """
            codec: {delimited: " ", names: [t, first, second]}
            fields:
              ts: t
              actor: {const: a}
              event: {const: plan.applied}
              plan: {composite: [first, second], width: 6}
              commit: first
            """
        let big = "98765432109876543210"
        let made = try ProfileInputs.events(
            "2025-07-02T09:00:00Z \(big) 42\n2025-07-02T09:00:01Z 1748779200 3\n2025-07-02T09:00:02Z \(big) 1234567\n",
            yaml)
        #expect(made.map { $0["plan"] } == [big + "000042", "1748779200000003", nil], "\(made)")
        #expect(made.first?["commit"] == big)
        let log = try ProfileInputs.read(
            "2025-07-02T09:00:00Z \(big) 42\n", try ProfileInputs.profile(yaml))
        #expect(log.counts.droppedFields == 0, "a generation is left out for its size: \(log.faults)")
    }

    /// An event without where its line lies among those that were written.
    private func placed(_ event: ReadEvent) -> ReadEvent {
        var event = event
        event.byte = 0
        return event
    }

    /// An event without where it stood.
    private func bare(_ event: ReadEvent) -> ReadEvent {
        var event = event
        event.line = 0
        event.byte = 0
        event.text = ""
        return event
    }

    @Test func aRecordThatIsTooLongCostsItselfAlone() throws {
        let plan = try ProfileInputs.profile("codec: logfmt\nfields: {ts: t, actor: a, event: {const: e}}")
        var options = ReadingOptions()
        options.profiles = [plan]
        options.maxLineLength = 2048
        let line = "t=2025-07-02T09:00:00Z a=x\n"
        let text = line + line + "t=2025-07-02T09:00:00Z a=" + String(repeating: "y", count: 9000) + "\n" + line
        let place = try Workplace()
        try place.write(Array(text.utf8), to: "a.log")
        for size in [700, 4096, 1 << 20] {
            let log = try ReadLog(place.open("a.log", options: options), options, 1, size)
            #expect(log.events.map(\.line) == [1, 2, 4], "blocks of \(size): \(log.events.map(\.line))")
            #expect(log.counts.malformed == 1)
        }
    }

    @Test func continuationLinesBelongToTheRecordAheadOfThem() throws {
        let yaml =
            "codec: {pattern: '^(?<t>\\S+Z) (?<msg>(?s:.*))$'}\ncontinues: '^\\s'\nfields: {ts: t, actor: '@file', event: {const: e}, message: msg}"
        let made = try ProfileInputs.events(
            "2025-07-02T09:00:00Z one\n  at a\n  at b\n2025-07-02T09:00:01Z two\n", yaml)
        #expect(made.map { $0["message"] } == [#""one\n  at a\n  at b""#, "\"two\""])
    }

    @Test func theYearAndTheZoneMayComeFromOutside() throws {
        let yaml =
            "codec: {pattern: '^(?<t>\\d{4} \\S+) (?<m>.*)$'}\nfields: {ts: {from: t, time: '%m%d %H:%M:%S'}, actor: '@file', event: m}"
        var options = ReadingOptions()
        let line = "0702 09:00:00 x\n"
        let plan = try ProfileInputs.profile(yaml)
        #expect(ProfileTrial(plan, path: "a", options).read(line).faults.first?.contains("no zone") == true)
        options.assumedZone = 7200
        #expect(ProfileTrial(plan, path: "a", options).read(line).faults.first?.contains("no year") == true)
        options.assumedYear = 2025
        let event = try #require(ProfileTrial(plan, path: "a", options).read(line).events.first)
        #expect(event.text.contains("2025-07-02T07:00:00"), "\(event.text)")
    }

    @Test func aHugeArrayIsStreamed() throws {
        let plan = try #require(BuiltInProfiles.named("cloudtrail"))
        let record =
            #"{"eventVersion":"1.08","eventSource":"s3.amazonaws.com","userIdentity":{"arn":"a/b"},"eventTime":"2025-07-02T09:00:00Z","eventName":"E","requestID":"r"}"#
        let text =
            #"{"other": [1, {"Records": [2]}], "Records": ["#
            + Array(repeating: record, count: 5000).joined(separator: ", ") + "], \"end\": 1}"
        let log = try ProfileInputs.read(text, plan, blockSize: 4096)
        #expect(log.events.count == 5000)
        #expect(log.events.last?.line == 5000, "records are numbered to \(log.events.last?.line ?? 0)")
        #expect(log.counts.malformed == 0)
    }

    @Test func aProfileSaysWhatItLeft() throws {
        let yaml =
            "codec: logfmt\nfields: {ts: t, actor: a}\nevents: [{when: {k: x}, event: e}, {when: {k: y}, skip: ys}]"
        let reading = ProfileTrial(try ProfileInputs.profile(yaml), path: "a").read(
            "t=2025-07-02T09:00:00Z a=b k=x\nt=2025-07-02T09:00:00Z a=b k=y\nt=2025-07-02T09:00:00Z a=b k=z\nwords alone\n"
        )
        #expect(reading.events.count == 1)
        #expect(
            reading.left == ["1 (no key=value pairs)", "1 (no rule of the profile is for it)", "1 (ys)"],
            "\(reading.left)")
    }
}
