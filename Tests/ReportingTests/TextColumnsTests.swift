import Testing

@testable import Reporting

@Suite("Tables on a terminal")
struct TextColumnsTests {
    private let head = ["part", "actor", "count", "UTC", "record"]

    @Test("A place in a log is never broken while a line can hold it", arguments: [60, 72, 96, 120])
    func places(width: Int) {
        for length in 1...(width - 6) {
            let place = String(repeating: "x", count: length) + ".zst:2808"
            let row = ["the last span out of its usual range", "health-checker-az3", "#4834", "17:34:40.995", place]
            let lines = TextColumns.lines([head, row], width: width)
            #expect(lines.allSatisfy { DisplayWidth.of($0) <= width }, "\(lines)")
            if length + 9 <= width - 4 { #expect(lines.contains { $0.hasSuffix(place) }, "\(lines)") }
        }
    }

    @Test("Cells that are too wide are wrapped at their blanks, not cut")
    func wrapped() {
        let row = [
            "the last span out of its usual range", "a", "#1", "06:47:58.113", String(repeating: "y", count: 40),
        ]
        let text = TextColumns.lines([head, row], width: 90).joined(separator: "\n")
        #expect(text.contains("range") && !text.contains("…"), "\(text)")
    }
}
