import EventModel
@testable import LogReading
import Testing

/// Lines that are no records: each is reported with file, line, byte and reason, and takes no other with it.
@Suite struct RecordMalformedTests {
    struct Case: CustomTestStringConvertible, Sendable {
        var line: [UInt8]
        var kind: RecordFault.Kind
        /// A part of the reason.
        var reason: String
        init(_ text: String, _ kind: RecordFault.Kind, _ reason: String) {
            self.init(Array(text.utf8), kind, reason)
        }
        init(_ line: [UInt8], _ kind: RecordFault.Kind, _ reason: String) {
            (self.line, self.kind, self.reason) = (line, kind, reason)
        }
        var testDescription: String { String(decoding: line.prefix(60), as: UTF8.self) }
    }

    static let cases = [
        Case(#"{"ts":1,"actor":"a"}"#, .missingField, "event is missing"),
        Case(#"{"ts":1,"event":"e"}"#, .missingField, "actor is missing"),
        Case(#"{"actor":"a","event":"e"}"#, .missingField, "ts is missing"),
        Case("{}", .missingField, "ts is missing"),
        Case(#"{"ts":null,"actor":"a","event":"e"}"#, .missingField, "ts is missing"),
        Case(#"{"ts":1,"actor":null,"event":"e"}"#, .missingField, "actor is missing"),
        Case(#"{"ts":1,"actor":"a","actor":null,"event":"e"}"#, .missingField, "actor is missing"),
        Case(#"{"ts":1,"actor":7,"event":"e"}"#, .wrongRequiredType, "actor is no string"),
        Case(#"{"ts":1,"actor":99999999999999999999,"event":"e"}"#, .wrongRequiredType, "actor is no string"),
        Case(#"{"ts":1,"actor":"a","event":1e400}"#, .wrongRequiredType, "event is no string"),
        Case(#"{"ts":1,"actor":"a","event":{}}"#, .wrongRequiredType, "event is no string"),
        Case(#"{"ts":true,"actor":"a","event":"e"}"#, .wrongRequiredType, "ts is neither"),
        Case("[1,2]", .notAnObject, "not a JSON object"), Case("7", .notAnObject, "not a JSON object"),
        Case("\"x\"", .notAnObject, "not a JSON object"), Case("null", .notAnObject, "not a JSON object"),
        Case("plain text", .notJSON, "column 1"),
        Case(#"{"ts":1,"actor":"a","event":"e""#, .notJSON, "unclosed object at column 1"),
        Case(#"{"ts":1,"actor":"a","event":"e"#, .notJSON, "unclosed string at column 29"),
        Case(#"{"ts":1,"actor":"a","event":"e"}x"#, .notJSON, "something follows the object at column 33"),
        Case(#"{"ts":1,"actor":"a","event":"e"}{"ts":1}"#, .notJSON, "something follows"),
        Case(#"{"ts":1,"actor":"a","event":"e",}"#, .notJSON, "no key in quotes"),
        Case(#"{"ts":1 "actor":"a","event":"e"}"#, .notJSON, "no comma"),
        Case(#"{"ts" 1,"actor":"a","event":"e"}"#, .notJSON, "no colon"),
        Case(#"{'ts':1}"#, .notJSON, "no key in quotes"),
        Case(#"{"ts":1,"actor":"a","event":"e","m":tru}"#, .notJSON, "neither a number nor true"),
        Case(#"{"ts":1,"actor":"a","event":"e","m":NaN}"#, .notJSON, "neither a number"),
        Case(#"{"ts":1,"actor":"a","event":"e","m":Infinity}"#, .notJSON, "neither a number"),
        Case(#"{"ts":1,"actor":"a","event":"e","m":01}"#, .notJSON, "neither a number"),
        Case(#"{"ts":1,"actor":"a","event":"e","m":1.}"#, .notJSON, "neither a number"),
        Case(#"{"ts":1,"actor":"a","event":"e","m":.5}"#, .notJSON, "neither a number"),
        Case(#"{"ts":1,"actor":"a","event":"e","m":+1}"#, .notJSON, "neither a number"),
        Case(#"{"ts":1,"actor":"a","event":"e","m":[1,2}"#, .notJSON, "no comma or closing bracket"),
        Case(#"{"ts":1,"actor":"a","event":"e","m":1e400"#, .notJSON, "unclosed object"),
        Case(#"{"ts":1,"actor":"a","event":"e","m":99999999999999999999,}"#, .notJSON, "no key in quotes"),
        Case(#"{"ts":1,"actor":"a","event":"\x"}"#, .notJSON, "an unknown escape"),
        Case(#"{"ts":1,"actor":"a","event":"\u12g4"}"#, .notJSON, "four hexadecimal digits"),
        Case(#"{"ts":1,"actor":"a","event":"\ud800"}"#, .notJSON, "half of a surrogate pair"),
        Case(#"{"ts":1,"actor":"a","event":"\ud800\u0041"}"#, .notJSON, "half of a surrogate pair"),
        Case("{\"ts\":1,\"actor\":\"a\tb\",\"event\":\"e\"}", .notJSON, "a control character"),
        Case("{\"ts\":1,\"actor\":\"a\u{0}b\",\"event\":\"e\"}", .notJSON, "a control character"),
        Case("\u{0}{\"ts\":1,\"actor\":\"a\",\"event\":\"e\"}", .notJSON, "column 1"),
        Case(Array("{\"ts\":1,\"actor\":\"a".utf8) + [0xFF] + Array("\",\"event\":\"e\"}".utf8), .invalidUTF8, "UTF-8"),
        Case(
            Array("{\"ts\":1,\"actor\":\"".utf8) + [0xC0, 0x80] + Array("\",\"event\":\"e\"}".utf8), .invalidUTF8,
            "UTF-8"),
        Case(
            Array("{\"ts\":1,\"actor\":\"".utf8) + [0xED, 0xA0, 0x80] + Array("\",\"event\":\"e\"}".utf8), .invalidUTF8,
            "UTF-8"),
        Case(
            Array("{\"ts\":1,\"actor\":\"".utf8) + [0xF4, 0x90, 0x80, 0x80] + Array("\",\"event\":\"e\"}".utf8),
            .invalidUTF8, "UTF-8"),
        Case(Array("{\"ts\":1,\"actor\":\"a\",\"event\":\"e".utf8) + [0xE2, 0x82], .notJSON, "unclosed string"),
        Case(
            #"{"ts":1,"actor":"a","event":"e","m":"# + String(repeating: "[", count: 10_000)
                + String(repeating: "]", count: 10_000) + "}", .nestedTooDeep, "deeper than 128"),
        // Never closed too, which is what is found first.
        Case(String(repeating: "[", count: 10_000), .notJSON, "deeper than 128"),
        Case(String(repeating: "{\"a\":", count: 10_000), .notJSON, "deeper than 128"),
    ]

    @Test(arguments: cases) func aMalformedLineCostsItselfAlone(_ bad: Case) throws {
        let good = Array(ReadLog.good.utf8)
        let bytes = good + [0x0A] + bad.line + [0x0A] + good + [0x0A]
        let log = try ReadLog(bytes)
        #expect(log.events.map(\.line) == [1, 3], "a good line was lost beside a malformed one")
        #expect(log.counts.malformed == 1 && log.counts.lines == 3 && log.counts.events == 2)
        let fault = try #require(log.faults.first)
        #expect(fault.kind == bad.kind, "it is called \(fault.first.detail)")
        #expect(fault.first.detail.contains(bad.reason), "the reason given is: \(fault.first.detail)")
        #expect(fault.first.line == 2 && fault.first.byte == UInt64(good.count + 1))
    }

    @Test func theFirstOfEachKindIsToldAndTheRestCounted() throws {
        var lines: [String] = []
        for round in 0..<50 { lines += ["no json \(round)", "[]", "{}", "{\"ts\":1}", ReadLog.good, "more of it"] }
        for blockSize in [64, 1000, 256 << 10] {
            let log = try ReadLog(Array(lines.joined(separator: "\n").utf8), blockSize: blockSize)
            #expect(log.faults.map(\.kind) == [.notJSON, .notAnObject, .missingField])
            #expect(log.faults.map(\.count) == [100, 50, 100])
            #expect(log.faults.map(\.first.line) == [1, 2, 3])
            #expect(log.faults.map(\.first.byte) == [0, 10, 13])
            #expect(log.counts.malformed == 250 && log.counts.events == 50)
        }
    }

    @Test func nestingUpToTheLimitIsRead() throws {
        func nested(_ depth: Int) -> String {
            #"{"ts":1,"actor":"a","event":"e","m":"# + String(repeating: "[", count: depth - 1)
                + String(repeating: "]", count: depth - 1) + "}"
        }
        var options = ReadingOptions()
        for limit in [2, 16, 128] {
            options.maxDepth = limit
            let log = try ReadLog.lines([nested(limit), nested(limit + 1)], options: options)
            #expect(log.events.map(\.line) == [1, 3], "a limit of \(limit) is another one")
            #expect(log.faults.map(\.kind) == [.nestedTooDeep])
        }
    }
}
