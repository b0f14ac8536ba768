import EventModel
import Testing

@Suite struct TimeBoundTests {
    static let last = Timestamp(nanoseconds: 1_760_942_878_113_000_000)

    @Test(
        "every form of a time",
        arguments: [
            ("2025", 0, "2025-01-01T00:00:00Z"), ("2025-10", 0, "2025-10-01T00:00:00Z"),
            ("2025-10-20", 0, "2025-10-20T00:00:00Z"), ("2025-10-20T07", 0, "2025-10-20T07:00:00Z"),
            ("2025-10-20T06:47", 0, "2025-10-20T06:47:00Z"), ("2025-10-20 06:47", 0, "2025-10-20T06:47:00Z"),
            ("2025-10-20T06:47:58", 0, "2025-10-20T06:47:58Z"),
            ("2025-10-20T06:47:58.113Z", 0, "2025-10-20T06:47:58.113Z"),
            ("2025-10-20T06:47Z", 0, "2025-10-20T06:47:00Z"), ("2025-10-19T23:47-07:00", 0, "2025-10-20T06:47:00Z"),
            ("2025-10-20T08+02:00", 0, "2025-10-20T06:00:00Z"), ("2025-10-19T23:48", -25_200, "2025-10-20T06:48:00Z"),
            ("2025-10-20", 7200, "2025-10-19T22:00:00Z"), ("2025-10-20T06:47Z", 7200, "2025-10-20T06:47:00Z"),
            ("@1760942878", 0, "2025-10-20T06:47:58Z"), ("@1760942878.113", 0, "2025-10-20T06:47:58.113Z"),
            ("@1760942878.1134567891", 0, "2025-10-20T06:47:58.113456789Z"), ("@0", 0, "1970-01-01T00:00:00Z"),
            ("@-1.5", 0, "1969-12-31T23:59:58.500Z"), ("-90m", 0, "2025-10-20T05:17:58.113Z"),
            ("-2h30m", 0, "2025-10-20T04:17:58.113Z"), ("-45s", 0, "2025-10-20T06:47:13.113Z"),
            ("-1d", 0, "2025-10-19T06:47:58.113Z"), ("-1d1h1m1s", 0, "2025-10-19T05:46:57.113Z"),
            ("-0s", 0, "2025-10-20T06:47:58.113Z"),
        ])
    func reads(_ text: String, _ offset: Int, _ expected: String) throws {
        #expect(try TimeBound(text, offset: offset).resolved(lastEvent: Self.last).rfc3339() == expected)
    }

    @Test(
        "what is no time is refused",
        arguments: [
            "", " ", "yesterday", "20", "202", "20251", "2025-1", "2025-13", "2025-10-32", "2025-02-29", "2025-10-20T",
            "2025-10-20T6",
            "2025-10-20T24", "2025-10-20T06:60", "2025-10-20T06:47:58.", "2025-10-20T06:47:58.113X",
            "2025-10-20T06:47+2",
            "2025-10-20T06:47+02:00Z", "2025Z", "2025-10-20Z", "@", "@-", "@x", "@1.", "@.5", "@1.5.5", "@1e9", "-",
            "-m", "-90", "-90x",
            "-30m2h", "-1m1m", "-1.5h", "--5m", "-٣m", "٢٠٢٥", "+5m", "2025-10-20T06:47:58Z ", "2025-10-20\0", "💥💥💥💥",
        ])
    func refuses(_ text: String) {
        let failure = #expect(throws: TimeBound.Failure.self) { try TimeBound(text) }
        #expect(failure == .unreadable(text))
        #expect(failure?.hint.contains("2025-10-20T06:47") == true)
    }

    @Test(
        "what no 64 bits of nanoseconds reach is refused, not wrapped",
        arguments: [
            "0001-01-01", "9999", "1677-09-21T00:12:43Z", "2262-04-12", "@9223372036.854775808",
            "@99999999999999999999",
            "@-9223372037", "-999999999999d", "-9999999999999999999999s", "-106752d",
        ])
    func outOfRange(_ text: String) {
        #expect(throws: TimeBound.Failure.outOfRange(text)) { try TimeBound(text) }
    }

    @Test("a span that reaches before the beginning of time ends there")
    func saturates() throws {
        let bound = try TimeBound("-106751d")
        #expect(bound.resolved(lastEvent: Timestamp(nanoseconds: .min)).nanoseconds == .min)
    }

    @Test("zones", arguments: [("Z", 0), ("UTC", 0), ("+02:00", 7200), ("-07:00", -25_200), ("+05:45", 20_700)])
    func zones(_ text: String, _ seconds: Int) throws {
        #expect(try TimeBound.zoneOffset(text) == seconds)
    }

    @Test(
        "what is no offset is refused",
        arguments: ["", "+2", "02:00", "+24:00", "+02:60", "PDT", "+02:00 ", ".5Z", "0"])
    func badZones(_ text: String) {
        #expect(throws: TimeBound.Failure.badZone(text)) { try TimeBound.zoneOffset(text) }
    }

    @Test("a window has both its ends, and no end before its beginning")
    func window() throws {
        let a = Timestamp(nanoseconds: 5)
        let b = Timestamp(nanoseconds: 9)
        let window = try TimeWindow(since: a, until: b)
        #expect([4, 5, 9, 10].map { window.contains(Timestamp(nanoseconds: $0)) } == [false, true, true, false])
        #expect(try TimeWindow(since: a, until: a).contains(a))
        #expect(TimeWindow.all.contains(a))
        let failure = #expect(throws: TimeBound.Failure.self) { try TimeWindow(since: b, until: a) }
        #expect(failure == .reversed(since: b, until: a))
        #expect(
            failure?.message
                == "--since 1970-01-01T00:00:00.000000009Z is later than --until 1970-01-01T00:00:00.000000005Z")
    }
}
