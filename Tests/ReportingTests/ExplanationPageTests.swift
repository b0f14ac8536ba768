import CausalAnalysis
import EventModel
import Testing

@testable import Reporting

@Suite("An explanation")
struct ExplanationPageTests {
    /// The race's overwrite with all that its detector says of it, explained.
    private func page(_ race: RaceFeed, offset: Int = 0) -> ExplanationPage {
        var report = race.report
        report.findings[0].displaced = 9
        report.findings[0].awareness = .unaware
        report.findings[0].basis = .replaces(9)
        report.findings[0].checkAge = 41_113 * Nanoseconds.millisecond
        report.findings[0].newerPlans = 5
        report.findings[0].safeguards = [
            .init(.compareAndSet, .yes, because: "plan 9 was active: the store would have refused an older one"),
            .init(.freshCheck, .ifWithin(1902 * Nanoseconds.millisecond), because: "plan 9 was written 1.9 s before"),
            .init(.guardedCleanup, .no, because: "the write is no clean-up's"),
        ]
        report.quality.skews = [
            .init(
                a: race.feed.references[race.write].actor, b: report.findings[0].evidence[1].record.actor,
                bounds: -3_000_000...41_000_000)
        ]
        var miss = Finding(
            kind: .staleCheck, severity: .info, confidence: .proven, at: Sample.write.advanced(by: -Nanoseconds.hour))
        miss.count = 14
        report.findings.append(miss)
        let list = FindingList(report.findings)
        var pass = ExplanationPass(report.findings[0], span: report.span) { [symbols = race.feed.symbols] in
            symbols[$0]
        }
        race.feed.run(&pass)
        return ExplanationPage(
            pass.finish(), 0, list, report, TimeStyle(offset: offset, span: report.span))
    }

    @Test("Whatever the names, lines keep within the width, tables keep their cells, and nothing hides")
    func hostile() {
        var generator = SeededGenerator(state: 11)
        for _ in 0..<100 {
            let race = RaceFeed(endpoint: Hostile.text(&generator), actorA: Hostile.text(&generator), endpoints: 2)
            let page = page(race)
            let text = page.text(width: 80)
            for line in text.split(separator: "\n") { #expect(DisplayWidth.of(line) <= 80, "\(line)") }
            let markdown = page.markdown()
            for whole in [text, markdown] {
                #expect(!whole.unicodeScalars.contains { $0 != "\n" && VisibleText.hides($0) })
            }
            for section in page.sections where !section.table.isEmpty {
                #expect(Set(section.table.map(\.count)).count == 1, "\(section.title)")
            }
        }
    }

    @Test("Times are in the zone asked for, and say so")
    func zone() {
        let text = page(RaceFeed(), offset: -7 * 3600).text()
        #expect(text.contains("2025-10-19 23:47:58.113-07:00"))
        #expect(text.contains("-07:00"))
        #expect(!text.contains("06:47:58.113"))
    }
}
