import EventModel
@testable import LogReading
import Testing

/// `ts`: RFC 3339 with up to nanoseconds and any offset, or a count since 1970 whose size tells its unit.
@Suite struct RecordTimeTests {
    private func read(_ times: [String], zone: Int? = nil) throws -> ReadLog {
        var options = ReadingOptions()
        options.assumedZone = zone
        return try ReadLog.lines(times.map { #"{"ts":\#($0),"actor":"a","event":"e"}"# }, options: options)
    }

    /// Good times, with nanoseconds since 1970.
    static let good: [(String, Int64)] = [
        (#""2025-10-20T06:47:58Z""#, 1_760_942_878_000_000_000),
        (#""2025-10-20T06:47:58.113Z""#, 1_760_942_878_113_000_000),
        (#""2025-10-20T06:47:58.113000001Z""#, 1_760_942_878_113_000_001),
        (#""2025-10-20T06:47:58.1130000019Z""#, 1_760_942_878_113_000_001),
        (#""2025-10-20t06:47:58.5z""#, 1_760_942_878_500_000_000),
        (#""2025-10-20 06:47:58Z""#, 1_760_942_878_000_000_000),
        (#""2025-10-20T08:47:58+02:00""#, 1_760_942_878_000_000_000),
        (#""2025-10-19T23:47:58.25-07:00""#, 1_760_942_878_250_000_000),
        (#""2025-10-20T06:47:58-00:00""#, 1_760_942_878_000_000_000),
        (#""2025-10-20T12:32:58+05:45""#, 1_760_942_878_000_000_000),
        (#""2025-10-20T06:47:60Z""#, 1_760_942_880_000_000_000),
        (#""2025-10-20T06:47:60.75Z""#, 1_760_942_880_000_000_000),
        (#""2025-10-20T06:47:59.999999999Z""#, 1_760_942_879_999_999_999),
        (#""2024-02-29T00:00:00Z""#, 1_709_164_800_000_000_000),
        (#""1969-12-31T23:59:59.5Z""#, -500_000_000),
        (#""1677-09-21T00:12:43.145224194Z""#, .min + 2), (#""2262-04-11T23:47:16.854775806Z""#, .max - 1),
        (#""2025-10-20T06:47:58,5Z""#, 1_760_942_878_500_000_000),
        (#""2025-10-20T08:47:58+0200""#, 1_760_942_878_000_000_000),
        (#""2025-10-20T01:47:58-05""#, 1_760_942_878_000_000_000),
        (#""2025-10-20T06\u003a47:58Z""#, 1_760_942_878_000_000_000),
        ("1760942878113000001", 1_760_942_878_113_000_001), ("1760942878", 1_760_942_878_000_000_000),
        ("1760942878113", 1_760_942_878_113_000_000), ("1760942878113001", 1_760_942_878_113_001_000),
        ("1760942878.113", 1_760_942_878_113_000_000), (#""1760942878.1130000019""#, 1_760_942_878_113_000_001),
        (#""1760942878113""#, 1_760_942_878_113_000_000), ("1.760942878113e9", 1_760_942_878_113_000_000),
        ("1760942878113.25", 1_760_942_878_113_250_000),
        ("-2", -2_000_000_000), ("1.5", 1_500_000_000), ("9223372036854775806", .max - 1),
    ]

    /// What programs write where they have no time.
    static let placeholders = [
        "0", "-1", "9223372036854775807", "-9223372036854775808", "18446744073709551615", "-6795364578871345152",
        #""0""#, #""-1""#, "0.0", #""1970-01-01T00:00:00Z""#, #""1970-01-01T01:00:00+01:00""#,
        #""0001-01-01T00:00:00Z""#, #""0001-01-01T00:00:00.000Z""#, #""0001-01-01 00:00:00+00:00""#,
        #""1601-01-01T00:00:00Z""#, #""1900-01-01T00:00:00Z""#, #""9999-12-31T23:59:59.999Z""#,
        #""9999-12-31T00:00:00""#, #""1677-09-21T00:12:43.145224192Z""#, #""1677-09-21T00:12:43.145224193Z""#,
        #""1754-08-30T22:43:41.128654848Z""#,
    ]

    @Test(arguments: placeholders) func placeholderForNoTime(_ text: String) throws {
        let log = try read([#""2025-10-20T06:47:58Z""#, text])
        #expect(log.events.map(\.time).dropFirst().first == .min, "\(text) is taken for a time")
        #expect(log.counts.malformed == 0, "a record whose time is \(text) is lost")
        #expect(log.notes.filter { $0.kind == .noTime }.map(\.count) == [1], "\(text) is not said to be no time")
    }

    @Test func unitsAreNamedOnceForEachLog() throws {
        let log = try read(["1760942878", "1760942878.5", "1760942879", "1760942878113", "1760942879113"])
        #expect(log.notes.first { $0.kind == .unixSeconds }?.count == 4, "the three, and the line behind them")
        #expect(log.notes.first { $0.kind == .unixSeconds }?.first.line == 1)
        #expect(log.notes.first { $0.kind == .unixMilliseconds }?.count == 2)
        #expect(log.notes.first { $0.kind == .unixMilliseconds }?.first.line == 4)
        #expect(log.counts.malformed == 0 && log.counts.droppedFields == 0)
    }

    @Test func timesBefore1990AreKeptAndNamed() throws {
        let log = try read(["12345", #""1985-01-01T00:00:00Z""#, #""1990-01-01T00:00:00Z""#])
        #expect(log.notes.first { $0.kind == .earlyTime }?.count == 3, "the two, and the line behind them")
        #expect(log.events.first?.time == 12_345_000_000_000)
    }

    @Test func timesOfAllForms() throws {
        let log = try read(RecordTimeTests.good.map(\.0))
        #expect(log.counts.malformed == 0, "good times are refused: \(log.faults.map(\.first))")
        for ((text, time), event) in zip(RecordTimeTests.good, log.events) {
            #expect(event.time == time, "\(text) is read as another moment")
        }
    }

    /// By the scanner and by the judge, each once; what is malformed does not count.
    @Test func leapSecondsAreCounted() throws {
        let times = [
            #""2025-10-20T06:47:60Z""#, #""2025-10-20T06:47\u003a60.25Z""#, #""2025-10-20T06:47:59Z""#,
            #""2025-10-20T06:47:61Z""#, #""2025-10-20T06:47:60+02:00""#, "60",
        ]
        #expect(try read(times).counts.leapSeconds == 3)
        let nobody = #"{"ts":"2025-10-20T06:47:60Z","actor":1,"event":"e"}"#
        #expect(try ReadLog.lines([nobody]).counts.leapSeconds == 0)
        #expect(try read([#""2025-10-20T06:47:60""#], zone: 0).counts.leapSeconds == 1)
    }

    @Test func theSameWhateverStoodBefore() throws {
        // Neighbours share a minute; whoever remembers it must not be misled.
        var dice = Dice(state: 4)
        let chosen = (0..<3000).map { _ in RecordTimeTests.good[dice.roll(0..<RecordTimeTests.good.count)] }
        #expect(try read(chosen.map(\.0)).events.map(\.time) == chosen.map(\.1) + [ReadLog.goodTime])
    }

    @Test(arguments: [
        #""""#, #""yesterday""#, #""2025-10-20""#, #""2025-10-20T06:47Z""#, #""2025-02-29T00:00:00Z""#,
        #""2025-13-01T00:00:00Z""#, #""2025-00-01T00:00:00Z""#, #""2025-10-32T00:00:00Z""#,
        #""2025-10-20T24:00:00Z""#, #""2025-10-20T06:60:00Z""#, #""2025-10-20T06:47:61Z""#,
        #""2025-10-20T06:47:58.Z""#, #""2025-10-20T06:47:58,Z""#, #""2025-10-20T06:47:58Z ""#,
        #"" 2025-10-20T06:47:58Z""#, #""2025-10-20T06:47:58+020""#, #""2025-10-20T06:47:58+24:00""#,
        #""2025-10-20T06:47:58+02:60""#, #""2025-10-20T06:47:58ZZ""#, #""2025-10-20T06:47:5xZ""#,
        #""2025-10-20T06:47:58.12x4Z""#, #""+025-10-20T06:47:58Z""#, #""1677-09-21T00:12:43.145224191Z""#,
        #""2262-04-11T23:47:16.854775808Z""#, #""0001-01-01T00:00:01Z""#, #""9998-12-31T23:59:59Z""#,
        #""17609428x""#, #""1760942878s""#, "9223372036854775809", "18446744073709551616", "-9223372036854775809",
        "99999999999999999999999999",
    ])
    func noTime(_ text: String) throws {
        // After a good time of the same minute, so that nothing remembered of it stands in.
        let log = try read([#""2025-10-20T06:47:58.113Z""#, text])
        #expect(log.events.map(\.time) == [1_760_942_878_113_000_000, ReadLog.goodTime], "\(text) is taken for a time")
        #expect(log.faults.map(\.kind) == [.badTime], "\(text)")
        #expect(log.faults.first?.first.line == 2)
    }

    @Test(arguments: ["1e400", "true", "[]", "{}"]) func noTimeAtAll(_ text: String) throws {
        let log = try read([text])
        #expect(
            log.events.map(\.time) == [ReadLog.goodTime] && log.counts.malformed == 1, "\(text) is taken for a time")
    }

    @Test func timesWithoutZone() throws {
        let times = [#""2025-10-20T06:47:58""#, #""2025-10-20 06:47:58.25""#]
        let log = try read(times)
        #expect(log.events.map(\.time) == [ReadLog.goodTime])
        #expect(log.faults.map(\.kind) == [.timeWithoutZone] && log.counts.malformed == 2)
        for zone in [0, 7200, -25_200, 20_700] {
            let seconds = 1_760_942_878 - Int64(zone)
            #expect(
                try read(times, zone: zone).events.map(\.time)
                    == [seconds * 1_000_000_000, seconds * 1_000_000_000 + 250_000_000, ReadLog.goodTime],
                "--assume-tz \(zone)")
        }
        #expect(
            try read([#""2025-10-20T06:47:58Z""#], zone: 7200).events.first?.time == 1_760_942_878_000_000_000,
            "--assume-tz moves a time that has a zone")
    }
}
