import EventModel
import Testing

@testable import Reporting

@Suite("The timeline as Markdown")
struct MarkdownTimelineTests {
    private func render(
        _ race: RaceFeed, _ timeline: Timeline, _ change: (inout MarkdownTimeline.Options) -> Void = { _ in }
    ) -> [String] {
        var options = MarkdownTimeline.Options()
        change(&options)
        return MarkdownTimeline.render(timeline, race.report, FindingList(race.report.findings), options)
    }

    /// The cells of a table's line as GitHub cuts it: at every pipe that no backslash precedes.
    private func cells(_ line: Substring) -> Int {
        line.split(separator: "|", omittingEmptySubsequences: false).count - 2
    }

    @Test("It reads like this")
    func golden() throws {
        let race = RaceFeed()
        let pages = render(race, race.timeline())
        #expect(pages.count == 1)
        #expect(try pages[0] == fixture("timeline.md"))
    }

    @Test("Whatever the names, rows keep their cells and lines, and nothing opens markup")
    func hostile() {
        var generator = SeededGenerator(state: 5)
        for _ in 0..<150 {
            let race = RaceFeed(
                endpoint: Hostile.text(&generator), actorA: Hostile.text(&generator), reason: Hostile.text(&generator),
                endpoints: 3)
            let timeline = race.timeline()
            let page = render(race, timeline)[0]
            let rows = page.split(separator: "\n").filter { $0.hasPrefix("|") }
            #expect(rows.count == timeline.rows.count + 2)
            #expect(rows.allSatisfy { cells($0) == 9 })
            #expect(!page.unicodeScalars.contains { $0 != "\n" && VisibleText.hides($0) })
            #expect(
                page.count { $0 == "\n" } == page.split(separator: "\n", omittingEmptySubsequences: false).count - 1)
        }
    }

    @Test("Pages keep to the limit, and each row is on just one", arguments: [8192, 10_000, 20_000])
    func pages(limit: Int) {
        let race = RaceFeed()
        var timeline = race.timeline()
        let row = timeline.rows[5]
        timeline.rows = (0..<200).map { index in
            var copy = row
            copy.what = "row-\(index)-" + String(repeating: "|", count: index)
            return copy
        }
        let pages = render(race, timeline) { $0.maxBytes = limit }
        #expect(pages.count > 1)
        #expect(pages.allSatisfy { $0.utf8.count <= limit })
        for index in 0..<200 {
            #expect(pages.count { $0.contains("row-\(index)-") } == 1, "row \(index)")
        }
        #expect(pages.dropFirst().filter { $0.contains("row-") }.allSatisfy { $0.contains("| # | UTC |") })
        #expect(pages[0].contains("[next](timeline-2.md)"))
        #expect(pages[1].contains("[previous](timeline.md)"))
        #expect(pages[1].contains("](timeline.md#f1)"), "a finding is linked on the page where it stands")
    }

    @Test("In another zone the column says which")
    func zone() {
        let race = RaceFeed()
        let page = render(race, race.timeline()) { $0.offset = 7200 }[0]
        #expect(page.contains("| time (+02:00) |"))
        #expect(page.contains("08:47:58.113"))
        #expect(!page.contains("06:47:58.113"))
    }

    @Test("The same report gives the same bytes")
    func deterministic() {
        #expect(render(RaceFeed(), RaceFeed().timeline()) == render(RaceFeed(), RaceFeed().timeline()))
    }
}
