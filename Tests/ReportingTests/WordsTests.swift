import EventModel
import Testing

@testable import Reporting

@Suite("Figures, spans and hostile text, for people")
struct WordsTests {
    @Test(
        "Figures read easily and never say more than is so",
        arguments: [
            (Figures.grouped(287_412), "287,412"), (Figures.grouped(Int64.min), "−9,223,372,036,854,775,808"),
            (Figures.grouped(12), "12"), (Figures.short(1_600_000), "1.6 M"), (Figures.short(38_000), "38,000"),
            (Figures.short(412_000), "412 k"), (Figures.short(0.25), "0.25"), (Figures.short(.infinity), "–"),
            (Figures.short(999_999), "1 M"), (Figures.bytes(5_200_000), "5.2 MB"), (Figures.bytes(91_000_000), "91 MB"),
            (Figures.bytes(812), "812 B"), (Figures.bytes(.max), "18 EB"), (Figures.percent(94, of: 100), "94 %"),
            (Figures.percent(99_999, of: 100_000), ">99 %"), (Figures.percent(1, of: 100_000), "<1 %"),
            (Figures.percent(0, of: 0), "–"), (Figures.count(1, "log"), "1 log"),
            (Figures.count(1200, "log"), "1,200 logs"),
        ])
    func figures(text: String, expected: String) {
        #expect(text == expected)
    }

    @Test(
        "Numbers to check by keep three digits that count",
        arguments: [
            (28_469, "28,469"), (1.4178, "1.42"), (0.045_12, "0.0451"), (0.5, "0.5"), (12.34, "12.3"),
            (-3.456, "−3.46"),
            (1234.5, "1,235"), (0, "0"), (1e300, "beyond counting"), (.nan, "–"), (1e-30, "0"), (0.999_99, "1"),
        ])
    func exact(value: Double, expected: String) {
        #expect(Figures.exact(value) == expected)
    }

    @Test(
        "Spans are given in their two largest units",
        arguments: [
            (41 * Nanoseconds.second, "41 s"), (192 * Nanoseconds.second, "3 min 12 s"),
            (157 * Nanoseconds.minute, "2 h 37 min"), (76 * Nanoseconds.hour, "3 d 4 h"),
            (-192 * Nanoseconds.second, "−3 min 12 s"), (2 * Nanoseconds.hour, "2 h"),
            (1900 * Nanoseconds.millisecond, "1.9 s"),
        ])
    func spans(span: Int64, expected: String) {
        #expect(Nanoseconds.words(span) == expected)
        #expect(!Nanoseconds.words(.min).isEmpty)
    }

    @Test(
        "What hides is spelled out",
        arguments: [
            ("a\u{1B}[31mb", "a\\u{1b}[31mb"), ("a\nb\tc\r", "a\\nb\\tc\\r"), ("\u{202E}x", "\\u{202e}x"),
            ("\u{200B}", "\\u{200b}"), ("\u{0}", "\\u{00}"), ("\u{85}", "\\u{85}"), ("\u{7F}", "\\u{7f}"),
            ("plain – ünïcode 日本", "plain – ünïcode 日本"),
        ])
    func visible(text: String, expected: String) {
        #expect(VisibleText.cell(text) == expected)
    }

    @Test("Bytes that are no UTF-8 are shown as bytes, all others as text")
    func bytes() {
        #expect(VisibleText.cell(bytes: [0x61, 0xFF, 0xC3, 0xA9, 0xC3, 0x62, 0xE2, 0x82]) == "a\\xffé\\xc3b\\xe2\\x82")
        #expect(VisibleText.lines("a\n\u{1B}\tb") == "a\n\\u{1b}\tb")
    }

    @Test("A machine's format on a terminal moves no cursor, and its lines end where they end")
    func records() {
        #expect(VisibleText.lines(ofRecords: Array("a,\"\u{1B}[2J\"\r\nb\rc\n".utf8)) == "a,\"\\u{1b}[2J\"\nb\\rc\n")
    }

    @Test("Words that a reader is told to type do what they show")
    func shell() {
        #expect(ShellWord.quote("logs/a.tar") == "logs/a.tar")
        #expect(ShellWord.quote("my logs") == "'my logs'")
        #expect(ShellWord.quote("it's") == "'it'\\''s'")
        #expect(ShellWord.quote("$(rm x)") == "'$(rm x)'")
        #expect(ShellWord.quote("a\n'") == "$'a\\x0a\\''")
        #expect(ShellWord.quote("-x") == "'-x'")
    }

    @Test("Cells are cut and padded by what a terminal shows")
    func width() {
        #expect(DisplayWidth.of("日本") == 4)
        #expect(DisplayWidth.fit("dynamodb.us-east-1.amazonaws.com", to: 11) == "dynam…s.com")
        #expect(DisplayWidth.of(DisplayWidth.fit("日本日本日本", to: 7)) == 7)
        #expect(DisplayWidth.wrap("a bb ccc ddddddddddddddddd", to: 8) == ["a bb ccc", "dddddddd", "dddddddd", "d"])
        #expect(
            DisplayWidth.wrap("usually 0 %; back", to: 10) == ["usually", "0 %; back"],
            "a percent sign without its number")
    }
}
