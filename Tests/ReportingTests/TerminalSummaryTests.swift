import EventModel
import Testing

@testable import Reporting

@Suite("The summary on a terminal")
struct TerminalSummaryTests {
    private func summary(_ report: Report, _ change: (inout TerminalSummary.Options) -> Void = { _ in }) -> String {
        var options = TerminalSummary.Options()
        change(&options)
        return TerminalSummary(report, FindingList(report.findings), options).text()
    }

    @Test("It reads like this")
    func golden() throws {
        var sample = Sample()
        sample.addRace(endpoints: 3)
        sample.quality.gaps = 2
        sample.quality.missingLogs = [.init(actor: sample.symbols.intern("p"), mentions: 212)]
        let text = summary(sample.report()) { $0.bundle = ["logs/my bundle"] }
        #expect(try text == fixture("summary.txt"))
    }

    @Test("Nothing found says what was looked for")
    func nothing() {
        let text = summary(Sample().report())
        #expect(text.contains("no queue fell behind"))
        #expect(text.contains("287,412 events"))
    }

    @Test("Lines keep within the width and hold nothing that hides, whatever the names")
    func width() {
        var generator = SeededGenerator(state: 3)
        for _ in 0..<200 {
            var sample = Sample()
            sample.endpoint = Hostile.text(&generator)
            sample.addRace(endpoints: 2)
            let text = summary(sample.report(name: Hostile.text(&generator)))
            for line in text.split(separator: "\n").prefix(9) {
                #expect(DisplayWidth.of(line) <= 100, "\(line)")
            }
            #expect(!text.unicodeScalars.contains { $0 != "\n" && VisibleText.hides($0) })
        }
    }

    @Test("Times are in the zone asked for, and say so")
    func zone() {
        var sample = Sample()
        sample.addRace()
        let text = summary(sample.report()) { $0.offset = -7 * 3600 }
        #expect(text.contains("23:47:58.113-07:00"))
        #expect(!text.contains("06:47:58.113"))
    }
}
