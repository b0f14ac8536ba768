import EventModel
import Testing

@Suite struct RFC3339Tests {
    @Test("a written time reads back as the same moment, in any zone")
    func roundTrip() throws {
        var random = SeededGenerator(seed: 3339)
        for _ in 0..<20_000 {
            let nanoseconds = Int64.random(in: .min + 86_400_000_000_000 ... .max - 86_400_000_000_000, using: &random)
            let moment = Timestamp(nanoseconds: nanoseconds)
            let offset = Int.random(in: -1439...1439, using: &random) * 60
            #expect(RFC3339.read(moment.rfc3339(offset: offset)) == .moment(moment), "\(nanoseconds) at \(offset) s")
            #expect(RFC3339.read(String(moment.rfc3339().dropLast())) == .withoutZone(moment))
        }
    }

    @Test(
        "the ends of the range",
        arguments: [
            ("1677-09-21T00:12:43.145224192Z", Int64.min), ("2262-04-11T23:47:16.854775807Z", .max),
            ("1970-01-01T00:00:00Z", 0),
            ("1969-12-31T23:59:59.999999999Z", -1),
        ])
    func ends(_ text: String, _ nanoseconds: Int64) {
        #expect(RFC3339.read(text) == .moment(Timestamp(nanoseconds: nanoseconds)))
        #expect(Timestamp(nanoseconds: nanoseconds).rfc3339() == text)
    }

    @Test(
        "known moments",
        arguments: [
            ("2025-10-20T06:47:58.113Z", 1_760_942_878_113_000_000),
            ("2025-10-19T23:47:58.113-07:00", 1_760_942_878_113_000_000),
            ("2025-10-20t06:47:58z", 1_760_942_878_000_000_000), ("2025-10-20 06:47:58Z", 1_760_942_878_000_000_000),
            ("2024-02-29T00:00:00Z", 1_709_164_800_000_000_000), ("2000-02-29T00:00:00Z", 951_782_400_000_000_000),
            ("2016-12-31T23:59:60Z", 1_483_228_800_000_000_000),
            // Behind all of its own minute, ahead of all of the next.
            ("2016-12-31T23:59:60.999Z", 1_483_228_800_000_000_000),
            ("2017-01-01T05:29:60.5+05:30", 1_483_228_800_000_000_000),
            ("2025-10-20T06:47:58.1234567899Z", 1_760_942_878_123_456_789),
            ("2025-10-20T06:47:58.1-00:00", 1_760_942_878_100_000_000),
            ("2025-10-20T06:47:58,25Z", 1_760_942_878_250_000_000),
            ("2025-10-20T08:47:58+0200", 1_760_942_878_000_000_000),
            ("2025-10-20 01:47:58-05", 1_760_942_878_000_000_000),
        ])
    func known(_ text: String, _ nanoseconds: Int64) {
        #expect(RFC3339.read(text) == .moment(Timestamp(nanoseconds: nanoseconds)))
    }

    @Test(
        "every bad form is no time",
        arguments: [
            "", "2025", "2025-10-20", "2025-10-20T06:47", "2025-10-20T06:47Z", "2025-00-20T06:47:58Z",
            "2025-13-20T06:47:58Z",
            "2025-10-00T06:47:58Z", "2025-10-32T06:47:58Z", "2025-11-31T06:47:58Z", "2025-02-29T06:47:58Z",
            "1900-02-29T06:47:58Z",
            "2025-10-20T24:00:00Z", "2025-10-20T06:60:58Z", "2025-10-20T06:47:61Z", "2025-10-20T06:47:58.Z",
            "2025-10-20T06:47:58.",
            "2025-10-20T06:47:58,Z", "2025-10-20T06:47:58ZZ", "2025-10-20T06:47:58 Z", "2025-10-20T06:47:58+020",
            "2025-10-20T06:47:58+0", "2025-10-20T06:47:58+2:00", "2025-10-20T06:47:58+020:0",
            "2025-10-20T06:47:58+24:00",
            "2025-10-20T06:47:58+02:60",
            "2025-10-20T06:47:58+02:00x", "2025/10/20T06:47:58Z", "2025-10-20_06:47:58Z", "2025-10-20T06.47.58Z",
            " 2025-10-20T06:47:58Z",
            "+2025-10-20T06:47:58Z", "-025-10-20T06:47:58Z", "20251020T064758Z", "2O25-10-20T06:47:58Z",
            "２０２５-10-20T06:47:58Z",
            "1677-09-21T00:12:43.145224191Z", "2262-04-11T23:47:16.854775808Z", "0000-01-01T00:00:00Z",
            "9999-12-31T23:59:59Z",
        ])
    func bad(_ text: String) {
        #expect(RFC3339.read(text) == .none)
    }

    @Test("bytes that are no text, and every cut of a time, do not crash")
    func hostile() {
        var random = SeededGenerator(seed: 1)
        let good = Array("2025-10-20T06:47:58.113456789+02:00".utf8)
        for length in 0...good.count {
            var cut = Array(good.prefix(length))
            _ = RFC3339.read(cut.span)
            for _ in 0..<200 where !cut.isEmpty {
                cut[Int.random(in: 0..<cut.count, using: &random)] = UInt8.random(in: 0...255, using: &random)
                if case .moment(let moment) = RFC3339.read(cut.span) {
                    #expect(RFC3339.read(moment.rfc3339()) == .moment(moment))
                }
            }
        }
    }

    @Test("days and dates are each other's inverse over eight centuries")
    func calendar() {
        for day in -107_000...107_000 {
            let (year, month, ofMonth) = RFC3339.date(daysSinceEpoch: day)
            #expect(RFC3339.daysSinceEpoch(year: year, month: month, day: ofMonth) == day)
            #expect((1...12).contains(month) && ofMonth >= 1 && ofMonth <= RFC3339.daysIn(month: month, year: year))
        }
    }
}
