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
    func golden() {
        var sample = Sample()
        sample.addRace(endpoints: 3)
        sample.quality.gaps = 2
        sample.quality.missingLogs = [.init(actor: sample.symbols.intern("p"), mentions: 212)]
        let text = summary(sample.report()) { $0.bundle = ["logs/my bundle"] }
        #expect(text == """
            bundle · 2 logs, 5.2 MB (91 MB inflated) · 287,412 events from 61 actors
            2025-10-20 05:48:00Z to 21:35:00Z · clocks: 94 % given, 6 % inferred · 0 malformed · 2 gaps

            CRITICAL  F1  06:47:58.113Z  stale-plan-overwrite  db.example and 2 more            2 h 37 min
                          a wrote plan 4 over plan 9; its check was 41 s old, 5 plans newer since.
                          proven (replaces 9); on some endpoints only likely · unaware: the newer write is not
                          in its past
            CRITICAL  F2  06:48:00.402Z  endpoint-emptied      db.example and 2 more            to the end
                          b's clean-up deleted plan 4 while it was active: no addresses are left.
                          proven
            info: 1 stale check that did no harm
            Still broken at the end of the logs: F2 endpoint-emptied
            No logs from: p (seen in 212 records)

            Evidence: inquest query 'logs/my bundle' --finding F1
            Look:     inquest query 'logs/my bundle' --endpoint db.example
            Paste:    inquest timeline 'logs/my bundle' -o timeline.md

            """)
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
