import EventModel
@testable import LogReading
import Testing

/// What each codec makes of good lines, odd ones, and lines that are not its own.
@Suite struct CodecTests {
    /// Lines by a codec, each record kept as it is.
    private func records(_ lines: String, _ codec: String, more: String = "") throws -> [[String: String]] {
        try ProfileInputs.events(
            lines,
            "codec: \(codec)\n\(more)\nfields: {ts: {const: '2025-07-02T09:00:00Z'}, actor: {const: a}, event: {const: e}}"
                .replacing("ts: {const: '2025-07-02T09:00:00Z'}", with: "ts: t"))
    }

    private static let time = "2025-07-02T09:00:00Z"

    @Test func logfmtReadsQuotesEscapesAndEmptyValues() throws {
        let line = #"t=\#(Self.time) a=1 b="x \"y\" \n \u00e9" c= d=a=b bare "quoted bare" e="unclosed"# + "\n"
        let record = try #require(try records(line, "logfmt").first)
        #expect(record["a"] == "\"1\"")
        #expect(record["b"] == #""x \"y\" \n é""#, "\(record["b"] ?? "nothing")")
        #expect(record["c"] == "\"\"")
        #expect(record["d"] == "\"a=b\"")
        #expect(record["e"] == "\"unclosed\"")
        #expect(record["bare"] == nil)
    }

    @Test(arguments: [
        ("read 12 rows of 'shop' in 3 ms", "read … rows of … in … ms"), ("it said \"no", "it said \"no"), ("\"", "\""),
        ("\"\"\"x", "…\"x"),
    ])
    func messagesOfOneKindAreAlike(_ message: String, _ template: String) {
        var scratch = ScratchText()
        let found = Array(message.utf8).withUnsafeBytes { bytes in
            String(decoding: MessageTemplate.of(bytes, &scratch), as: UTF8.self)
        }
        #expect(found == template)
    }

    @Test func aDelimitedLineGivesItsLastPartTheRest() throws {
        let codec = "{delimited: \"|\", names: [t, \"-\", m, text]}"
        let record = try #require(try records("\(Self.time)|7|mod|a|b|c\n", codec).first)
        #expect(record["m"] == "\"mod\"" && record["text"] == "\"a|b|c\"")
        #expect(try records("\(Self.time)|7\n", codec).isEmpty, "a line with too few separators is taken")
    }

    @Test func pairsMayHaveAnySpelling() throws {
        let record = try #require(try records("t: \(Self.time); a: x y; b: 2\n", "{pairs: ';', assign: ': '}").first)
        #expect(record["a"] == "\"x y\"" && record["b"] == "\"2\"")
    }

    @Test func csvHasAHeaderQuotesAndSeparators() throws {
        let text = "t,a,b\n\(Self.time),\"x, \"\"y\"\"\",2\n\(Self.time),only\nt,a,b\n\(Self.time),,\"\"\n"
        let made = try records(text, "csv")
        #expect(made.count == 2, "\(made)")
        #expect(made.first?["a"] == #""x, \"y\"""#)
        #expect(made.last?["a"] == nil && made.last?["b"] == "\"\"", "an empty cell is nothing, a quoted one a text")
        let named = try records("\(Self.time);7\n", "{csv: ';', names: [t, a]}")
        #expect(named.first?["a"] == "\"7\"")
    }

    @Test func aTableFollowsItsHeaderWhereverThatPutsTheColumns() throws {
        let text = "A  T  B\n1  \(Self.time)  -\nB A T\n3 4 \(Self.time)\n5 6\n"
        let made = try records(text, "{table: [A, T]}", more: "decode: [{from: T, codec: {pattern: '^(?<t>.*)$'}}]")
        #expect(made.count == 2, "\(made)")
        #expect(made.first?["A"] == "\"1\"" && made.first?["B"] == nil)
        #expect(made.last?["A"] == "\"4\"" && made.last?["B"] == "\"3\"")
    }

    @Test func ofSeveralCodecsTheFirstThatFitsReads() throws {
        let codecs = "[json, {pattern: '^(?<t>\\S+) (?<text>.*)$'}]"
        let made = try records("{\"t\":\"\(Self.time)\",\"n\":1}\n\(Self.time) words\n", codecs)
        #expect(made.count == 2)
        #expect(made.first?["n"] == "1" && made.last?["text"] == "\"words\"")
    }

    @Test func aBrokenLineOfJSONIsMalformedAndNamed() throws {
        let plan = try ProfileInputs.profile("codec: json\nfields: {ts: t, actor: a, event: e}")
        let log = try ProfileInputs.read(
            "{\"t\":\"\(Self.time)\",\"a\":\"x\",\"e\":\"y\"}\n{\"t\":\n{\"t\":\"\(Self.time)\",\"a\":\"x\",\"e\":\"z\"}\n",
            plan)
        #expect(log.events.map(\.event) == ["y", "z"])
        #expect(log.events.map(\.line) == [1, 3], "the lines are numbered \(log.events.map(\.line))")
        #expect(log.counts.malformed == 1 && log.faults.first?.first.line == 2)
    }

    @Test func textThatIsNotUTF8IsShownSo() throws {
        let plan = try ProfileInputs.profile(
            "codec: {delimited: '|', names: [t, a]}\nfields: {ts: t, actor: a, event: {const: e}}")
        let place = try Workplace()
        try place.write(Array("\(Self.time)|".utf8) + [0xC3, 0x28, 0x0A], to: "a.log")
        var options = ReadingOptions()
        options.profiles = [plan]
        let log = try ReadLog(place.open("a.log", options: options), options)
        #expect(log.events.first?.actor == "\u{FFFD}(")
    }

    @Test func whatRuntimesPutAroundALineIsTakenOff() throws {
        let yaml = "codec: logfmt\nfields: {ts: '@time', actor: who, event: '@stream'}"
        let docker = #"{"log":"who=a x=1\n","stream":"stderr","time":"2025-07-02T09:00:00.5Z"}"# + "\n"
        let made = try ProfileInputs.events(docker + "2025-07-02T09:00:01.000000000Z stdout F who=b x=2\n", yaml)
        #expect(made.map { $0["actor"] } == ["\"a\"", "\"b\""])
        #expect(made.map { $0["event"] } == ["\"stderr\"", "\"stdout\""])
        #expect(made.first?["ts"] == "\"2025-07-02T09:00:00.500000000Z\"")
    }

    @Test func durationsAreReadInAnyUnit() {
        let forms: [(String, Double?)] = [
            ("175.6ms", 175.6), ("1.2s", 1200), ("1m3s", 63_000), ("2h45m", 9_900_000), ("15µs", 0.015), ("3", 3000),
            ("1.5 s", 1500),
            ("-2s", -2000), ("1x", nil), ("", nil), ("ms", nil), ("1h2", nil),
        ]
        for (text, value) in forms {
            let read = Array(text.utf8).withUnsafeBytes { DurationText.milliseconds($0) }
            #expect(read == value, "\(text) is \(read.map { "\($0)" } ?? "nothing")")
        }
    }

    @Test func layoutsReadTimesToTheirEnd() {
        let forms: [(String, String, String?)] = [
            ("%m%d %H:%M:%S.%f", "0702 09:00:00.250000", "2025-07-02T09:00:00.250Z"),
            ("%d/%b/%Y:%H:%M:%S %z", "02/Jul/2025:09:00:00 +0200", "2025-07-02T07:00:00Z"),
            ("%b %e %H:%M:%S", "Jul  2 09:00:00", "2025-07-02T09:00:00Z"),
            ("%m/%d/%Y %I:%M:%S %p", "07/02/2025 09:00:00 PM", "2025-07-02T21:00:00Z"),
            ("%s.%f", "1751446800.5", "2025-07-02T09:00:00.500Z"),
            ("%Y %j %H:%M:%S", "2025 183 09:00:00", "2025-07-02T09:00:00Z"),
            ("%H:%M:%S", "25:00:00", nil), ("%Y-%m-%d", "2025-02-30", nil), ("%Y-%m-%d", "2025-07-02x", nil),
        ]
        for (layout, text, time) in forms {
            let reading = Array(text.utf8).withUnsafeBytes { TimeLayout(layout)?.read($0) }
            #expect(reading?.moment(year: 2025, zone: 0)?.rfc3339() == time, "\(text) by \(layout)")
        }
    }

    @Test func aCompositeIsOrderedAsItsPair() throws {
        let yaml =
            "codec: {pattern: '^(?<t>\\S+) (?<a>\\d+)/(?<b>\\d+)$'}\nfields: {ts: t, actor: '@file', event: {const: e}, plan: {composite: [a, b], width: 3}}"
        let made = try ProfileInputs.events(
            "\(Self.time) 5/9\n\(Self.time) 5/10\n\(Self.time) 6/0\n\(Self.time) 6/1000\n", yaml)
        #expect(made.map { $0["plan"] } == ["5009", "5010", "6000", nil], "\(made)")
    }
}
