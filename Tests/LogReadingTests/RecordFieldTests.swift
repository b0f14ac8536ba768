import EventModel
@testable import LogReading
import Testing

/// Section 2 of EVENTS.md: what each field takes, what it refuses, and what a refusal costs.
@Suite struct RecordFieldTests {
    static let integers = [
        "plan", "active", "replaces", "commit", "records", "arrived", "completed", "failed", "arrived_total",
        "completed_total", "failed_total", "requests", "errors", "throttles", "attempt",
    ]
    static let generations = ["plan", "active", "replaces", "commit"]
    static let numbers = ["depth", "oldest_ms", "latency_ms"]
    static let names = ["role", "queue", "service", "store", "by", "state"]
    static let digests = ["id", "item"]
    static let texts = names + digests + ["endpoint", "error", "reason"]

    @Test(arguments: integers) func anIntegerFieldTakesCounts(_ key: String) throws {
        for value: Int64 in [key == "attempt" ? 1 : 0, 7, .max] {
            let log = try ReadLog.of("\"\(key)\":\(value)")
            #expect(log.events.first?.integers == [key: value], "\(key) \(value) is lost")
            #expect(log.counts.droppedFields == 0, "\(key) \(value) is reported although it is right")
        }
    }

    @Test(arguments: generations) func aGenerationMayBeDecimalText(_ key: String) throws {
        for (text, value) in [("0", Int64(0)), ("7", 7), ("0042", 42), ("9223372036854775807", .max)] {
            let log = try ReadLog.of("\"\(key)\":\"\(text)\"")
            #expect(log.events.first?.integers == [key: value], "\(key) \"\(text)\" is lost")
            #expect(log.counts.droppedFields == 0, "\(key) \"\(text)\" is reported although it is right")
        }
        for text in ["", "-7", "7.0", "7 ", "x"] {
            let log = try ReadLog.of("\"\(key)\":\"\(text)\"")
            #expect(log.events.first?.integers == [:] && log.counts.droppedFields == 1, "\(key) \"\(text)\" is taken")
        }
    }

    @Test(arguments: generations) func aGenerationMayHaveAnySize(_ key: String) throws {
        let limit = String(repeating: "9", count: 300)
        for digits in ["4611686018427387904", "9223372036854775807"] {
            for text in [digits, "\"\(digits)\"", "\"00\(digits)\""] {
                let log = try ReadLog.of("\"\(key)\":\(text)")
                #expect(log.events.first?.integers == [key: Int64(digits) ?? -1], "\(key) of \(text) is lost")
            }
        }
        for digits in ["9223372036854775808", "18446744073709551615", "36893488147419103240", limit] {
            for text in [digits, "\"\(digits)\""] {
                let log = try ReadLog.of("\"\(key)\":\(text)")
                #expect(log.events.first?.large == [key: digits], "\(key) of \(text) is lost")
                #expect(log.counts.droppedFields == 0, "\(key) of \(text) is reported although it is right")
            }
        }
    }

    @Test(arguments: integers) func anIntegerFieldRefusesAnythingElse(_ key: String) throws {
        let isGeneration = Self.generations.contains(key)
        let wrong = [isGeneration ? "\"+7\"" : "\"7\"", "true", "7.5", "[]", "{}", "[7]", "7.0", "1e2"]
        let beyond = isGeneration ? [] : ["9223372036854775808", "18446744073709551616"]
        let outside = ["-1", "-9223372036854775809", "1e400"] + beyond
        for value in wrong + outside + (key == "attempt" ? ["0"] : []) {
            let log = try ReadLog.of("\"\(key)\":\(value),\"queue\":\"q\"")
            #expect(log.events.count == 1, "\(key) of \(value) takes its record with it")
            #expect(log.events.first?.integers == [:], "\(key) of \(value) is taken for a count")
            #expect(log.events.first?.large == [:], "\(key) of \(value) is taken for a large one")
            #expect(log.events.first?.names["queue"] == "q", "\(key) of \(value) takes its neighbour with it")
            #expect(log.counts.droppedFields == 1 && log.counts.malformed == 0, "\(key) of \(value) is not counted")
            let fault = try #require(log.faults.first)
            #expect(fault.kind == (wrong.contains(value) ? .wrongType : .outOfRange), "\(key) of \(value)")
            #expect(fault.first.detail.contains(key) && fault.first.line == 1)
        }
    }

    @Test(arguments: numbers) func aNumberFieldTakesWhatIsNotNegative(_ key: String) throws {
        for (text, value) in [
            ("0", 0), ("0.25", 0.25), ("1e3", 1000), ("9223372036854775808", 9_223_372_036_854_775_808.0),
            ("36893488147419103232", 36_893_488_147_419_103_232.0), ("1e-400", 0), ("-0", 0),
        ] {
            let log = try ReadLog.of("\"\(key)\":\(text)")
            #expect(log.events.first?.numbers == [key: value], "\(key) of \(text) is read wrongly")
            #expect(log.counts.droppedFields == 0)
        }
        for text in ["-1", "-0.5", "1e400", "-1e400", "\"3\"", "true", "[]"] {
            let log = try ReadLog.of("\"\(key)\":\(text)")
            #expect(log.events.first?.numbers == [:], "\(key) of \(text) is taken")
            #expect(log.counts.droppedFields == 1, "\(key) of \(text) is not counted")
        }
    }

    @Test(arguments: texts) func aTextFieldTakesStringsOnly(_ key: String) throws {
        for value in ["1", "99999999999999999999", "1e999", "true", "[]", "{}", "[\"x\"]"] {
            let log = try ReadLog.of("\"\(key)\":\(value)")
            let event = try #require(log.events.first, "\(key) of \(value) takes its record with it")
            #expect(event.names.isEmpty && event.digests.isEmpty && event.endpoint.isEmpty)
            #expect(log.counts.droppedFields == 1, "\(key) of \(value) is not counted")
            #expect(log.faults.map(\.kind) == [.wrongType])
        }
        let log = try ReadLog.of("\"\(key)\":\"ok\"")
        #expect(log.counts.droppedFields == 0)
    }

    @Test func namesAreKept() throws {
        for key in RecordFieldTests.names {
            #expect(try ReadLog.of("\"\(key)\":\"Zürich\"").events.first?.names == [key: "Zürich"])
        }
        #expect(try ReadLog.of(#""endpoint":"db.example""#).events.first?.endpoint == "db.example")
        let log = try ReadLog.of(#""id":"x","item":"x""#, #""id":"y","item":"x""#)
        #expect(log.events[0].digests["id"] == log.events[0].digests["item"])
        #expect(log.events[0].digests["id"] != log.events[1].digests["id"])
    }

    @Test(arguments: integers + numbers + texts + ["vc", "causes"])
    func nullIsAbsence(_ key: String) throws {
        let log = try ReadLog.of("\"\(key)\":null")
        let without = try ReadLog.of("\"x\":null")
        var (a, b) = (try #require(log.events.first), try #require(without.events.first))
        (a.text, b.text) = ("", "")
        #expect(a == b, "\(key): null is more than absence")
        #expect(log.counts.droppedFields == 0, "\(key): null is counted as wrong")
    }

    @Test func theLastOfTwoEqualKeysWins() throws {
        let log = try ReadLog.of(
            #""plan":1,"plan":2"#, #""plan":1,"plan":null"#, #""plan":"x","plan":3"#, #""plan":1,"\u0070lan":4"#,
            #""endpoint":"a","endpoint":"b""#, #""actor":"b""#, #""ts":9,"vc":{"a":1},"vc":{"a":2,"b":1,"b":5}"#)
        #expect(log.events.map { $0.integers["plan"] } == [2, nil, 3, 4, nil, nil, nil])
        #expect(log.events[4].endpoint == "b")
        #expect(log.events[5].actor == "b")
        #expect(log.events[6].time == 9_000_000_000 && log.events[6].counter == 2 && log.events[6].clock == ["b": 5])
        #expect(log.counts.droppedFields == 0, "what a later key replaced is counted")
    }

    @Test func theLastOfTwoEqualEntriesOfALargeClockWins() throws {
        let entries = (0..<100).map { "\"p\($0)\":\($0)" } + ["\"p7\":700", "\"a\":5"]
        let event = try #require(ReadLog.of("\"vc\":{\(entries.joined(separator: ","))}").events.first)
        #expect(event.clock.count == 100 && event.clock["p7"] == 700 && event.counter == 5)
    }

    @Test func outcomesAreWords() throws {
        for outcome in Outcome.allCases {
            #expect(try ReadLog.of("\"outcome\":\"\(outcome.name)\"").events.first?.outcome == outcome)
        }
        let words: [(String, Outcome)] = [
            (#""OK""#, .ok), (#""Success""#, .ok), (#""APPLIED""#, .ok), ("true", .ok), ("false", .error),
            (#""Failure""#, .error), (#""DEADLINE_EXCEEDED""#, .timeout), (#""rate limited""#, .throttled),
            (#""Conflict""#, .refused), (#""denied""#, .refused), ("409", .unknown), (#"{"code":1}"#, .unknown),
            (#""frobbed""#, .unknown), ("null", .ok),
        ]
        for (word, outcome) in words {
            #expect(try ReadLog.of("\"outcome\":\(word)").events.first?.outcome == outcome, "\(word)")
        }
        #expect(try ReadLog.of(#""outcome":"exploded""#).counts.droppedFields == 0)
    }

    @Test func reasonsAndRolesThatMeanSomething() throws {
        let log = try ReadLog.of(
            #""reason":"rollback""#, #""reason":"rollback now""#, #""role":"operator""#, #""role":"operators""#)
        #expect(log.events.map(\.isRollback) == [true, false, false, false])
        #expect(log.events.map(\.isByOperator) == [false, false, true, false])
    }

    @Test func clocks() throws {
        let log = try ReadLog.of(
            #""vc":{"a":3,"b":0,"c":9223372036854775807}"#, #""vc":{"b":1}"#, #""vc":{}"#, #""vc":{"a":-1}"#,
            #""vc":{"a":1,"b":"x"}"#, #""vc":{"a":1,"b":1.5}"#, #""vc":{"a":1,"b":9223372036854775808}"#,
            #""vc":{"a":1,"b":18446744073709551616}"#, #""vc":{"a":{}}"#, #""x":1"#)
        #expect(log.events.count == 10)
        #expect(log.events[0].counter == 3 && log.events[0].clock == ["b": 0, "c": .max])
        #expect(log.events.map(\.isFaulty) == [false] + Array(repeating: true, count: 8) + [false])
        #expect(log.events.dropFirst().allSatisfy { $0.counter == -1 && $0.clock.isEmpty })
        #expect(log.counts.droppedFields == 0, "a clock that is a fault is reported as one, not as a dropped field")
        for wrong in ["[]", "1", "\"a\"", "true", "1e400"] {
            let log = try ReadLog.of("\"vc\":\(wrong)")
            #expect(log.counts.droppedFields == 1 && log.events.first?.isFaulty == false, "a vc of \(wrong)")
        }
    }

    @Test func causes() throws {
        let ids = try ReadLog.of(#""id":"x""#, #""id":"y""#).events.compactMap { $0.digests["id"] }
        let log = try ReadLog.of(#""causes":["x","y","x"]"#, #""causes":[]"#)
        #expect(log.events[0].causes == [ids[0], ids[1], ids[0]])
        #expect(log.events[1].causes == [] && log.counts.droppedFields == 0)
        for wrong in ["\"x\"", "{}", "7", #"["x",7]"#, #"["x",null]"#, #"["x",["y"]]"#, #"["x",1e400]"#, "[1,2,3]"] {
            let log = try ReadLog.of("\"causes\":\(wrong)", #""causes":["y"]"#)
            #expect(log.events.map(\.causes) == [[], [ids[1]]], "causes of \(wrong)")
            #expect(log.counts.droppedFields == 1, "causes of \(wrong) count as \(log.counts.droppedFields) fields")
        }
    }

    @Test func unknownFieldsAreNeverAnError() throws {
        let values = [
            "null", "true", "\"x\"", "{\"plan\":\"x\"}", "[[1,[2]],{}]", "123456789012345678901234567890",
            "-123456789012345678901234567890", "1e999", "-1e999", "1e-999",
            "0." + String(repeating: "1", count: 2000), String(repeating: "9", count: 5000),
        ]
        for value in values {
            let log = try ReadLog.of("\"shard\":\(value),\"plan\":4")
            #expect(log.counts.malformed == 0 && log.counts.droppedFields == 0, "shard of \(value.prefix(40))")
            #expect(log.events.first?.integers == ["plan": 4], "shard of \(value.prefix(40)) costs the record")
            #expect(log.events.first?.text.contains("\"shard\":\(value),") == true)
        }
    }

    @Test func escapesInKeysAndNames() throws {
        let log = try ReadLog.of(
            #""\u0065ndpoint":"a\u002db\"\\\/\b\f\n\r\t\u00e9\ud83d\ude00","\u0076\u0063":{"\u0061":4,"x\ty":2}"#)
        #expect(log.events.first?.endpoint == "a-b\"\\/\u{8}\u{c}\n\r\té😀")
        #expect(log.events.first?.counter == 4 && log.events.first?.clock == ["x\ty": 2])
    }

    @Test func namesThatLookAlikeAreTwo() throws {
        let log = try ReadLog.of(#""endpoint":"caf\u00e9""#, #""endpoint":"cafe\u0301""#)
        #expect(
            log.events.map { Array($0.endpoint.utf8) } == [Array("caf\u{e9}".utf8), Array("cafe\u{301}".utf8)],
            "two endpoints of different bytes became one")
    }
}
