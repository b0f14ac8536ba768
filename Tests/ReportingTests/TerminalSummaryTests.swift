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
        #expect(try text == fixture("summary.txt"), "\(text)")
    }

    @Test("Nothing found says what was looked for, and nothing that was not")
    func nothing() {
        var sample = Sample()
        let queue = sample.symbols.intern("queue.sampled")
        var report = sample.report()
        report.tally.add(EventBatch.of([(queue, .queueSampled)]), row: 0)
        let text = summary(report)
        #expect(text.contains("no queue fell behind"))
        #expect(!text.contains("overwritten"), "nobody looked at a write")
        #expect(text.contains("287,412 events"))
    }

    @Test("What no rule knows is named, with what was meant")
    func unknown() {
        var sample = Sample()
        let events = EventBatch.of([
            (sample.symbols.intern("queue.sample"), .other), (sample.symbols.intern("http.request"), .other),
            (sample.symbols.intern("queue.sample"), .other),
        ])
        var report = sample.report()
        for row in 0..<3 { report.tally.add(events, row: row) }
        let text = summary(report).replacing("\n", with: " ")
        #expect(text.contains("Nothing was judged"))
        #expect(text.contains("queue.sample 2 (did you mean queue.sampled?), http.request 1."))
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

extension EventBatch {
    /// Events of these names and kinds, with nothing else.
    fileprivate static func of(_ events: [(name: Symbol, kind: EventKind)]) -> EventBatch {
        var batch = EventBatch()
        for event in events {
            batch.append(
                Row(
                    time: 0, actor: .none, event: event.name, kind: event.kind, fields: [], line: 0, textStart: 0,
                    textLength: 0))
        }
        return batch
    }
}
