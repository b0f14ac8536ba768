import EventModel
import Testing

/// Spans of time in words, rounded down.
@Suite struct DurationsTests {
    @Test(
        arguments: [
            (0, "0.0 ms"), (4_050_000, "4.0 ms"), (1_999_999_999, "1.9 s"), (41_112_000_000, "41 s"),
            (60 * Nanoseconds.second, "1 min"), (192 * Nanoseconds.second, "3 min 12 s"),
            (157 * Nanoseconds.minute, "2 h 37 min"), (76 * Nanoseconds.hour, "3 d 4 h"),
            (-2 * Nanoseconds.second, "−2.0 s"),
        ] as [(Int64, String)])
    func saysASpanInWords(span: Int64, words: String) {
        #expect(Nanoseconds.words(span) == words)
    }

    @Test func theLongestSpansDoNotOverflow() {
        #expect(Nanoseconds.words(.min) == "−106751 d 23 h")
        #expect(Nanoseconds.words(.max) == "106751 d 23 h")
    }
}
