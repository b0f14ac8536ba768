import EventModel
import Foundation
import Testing

@testable import CausalAnalysis
@testable import Reporting

@Suite("The check of the logs")
struct TrustTextTests {
    @Test("Sound logs are said to be sound, and trusted")
    func sound() throws {
        let (report, trust) = (Sample().report(), TrustReport())
        #expect(TrustText(report, trust).text().contains("Nothing is wrong with these logs."))
        #expect(!TrustJSON.hasFaults(report, trust))
        #expect(try json(report, trust)["trusted"] as? Bool == true)
    }

    @Test("Every fault stands there at once, with its first record and with what it puts in doubt")
    func all() throws {
        let (report, trust) = faulty(actor: "enactor-a")
        let text = TrustText(report, trust).text()
        let kinds = [
            "damage", "not-json", "log-gap", "missing-cause", "clock-fault", "clock-falls", "clock-not-closed",
            "clock-foresees", "log-ends-early", "clock-conflict", "silent", "cycle", "missing-log", "restart",
            "disorder", "duplicate", "inferred-clocks", "clock-skew", "passed-over", "ambiguous-order",
        ]
        for kind in kinds { #expect(text.contains("\n" + kind + " "), "\(kind) is missing") }
        #expect(text.contains("12 things wrong with these logs"))
        #expect(text.components(separatedBy: "in doubt: ").count == kinds.count + 1)
        #expect(text.contains("at a.log:12 06:47:17.000Z enactor-a plan.checked, count 3"))
        #expect(text.contains("its log ends at 40"))

        let object = try json(report, trust)
        #expect(object["schema"] as? String == "inquest.check/1")
        #expect(object["trusted"] as? Bool == false)
        let faults = try #require(object["faults"] as? [[String: Any]])
        #expect(Set(faults.compactMap { $0["kind"] as? String }) == Set(kinds))
        #expect(faults.allSatisfy { ($0["in_doubt"] as? String)?.isEmpty == false })
        let cycle = try #require(faults.first { $0["kind"] as? String == "cycle" })
        #expect((cycle["records"] as? [Any])?.count == 2, "all records of a circle are named")
    }

    @Test("What is only worth knowing does not make the logs wrong")
    func remarks() {
        var sample = Sample()
        sample.quality.skews = [
            .init(a: sample.symbols.intern("a"), b: sample.symbols.intern("b"), bounds: 5_000_000...9_000_000)
        ]
        let report = sample.report()
        #expect(!TrustJSON.hasFaults(report, TrustReport()))
        #expect(TrustText(report, TrustReport()).text().contains("at least 5.0 ms ahead of that of b"))
    }

    @Test("Pairs of clocks of which nothing is known are counted, not listed")
    func silent() {
        var sample = Sample()
        let minute = Nanoseconds.minute
        for (index, bounds) in [
            -minute...minute, -200 * minute...200 * minute, -minute...Nanoseconds.second, 2 * minute...3 * minute,
        ].enumerated() {
            sample.quality.skews.append(
                .init(a: sample.symbols.intern("a\(index)"), b: sample.symbols.intern("z"), bounds: bounds))
        }
        let text = TrustText(sample.report(), TrustReport()).text()
        #expect(!text.contains("\na0 ") && !text.contains("\na1 "), "\(text)")
        #expect(text.contains("\na2 ") && text.contains("\na3 "), "\(text)")
        #expect(text.contains("of 2 pairs of clocks the records tell no more than is assumed of any: 1 min"), "\(text)")
    }

    @Test("Nothing that hides or acts on a terminal gets through, and lines keep within the width")
    func hostile() {
        var generator = SeededGenerator(state: 11)
        for _ in 0..<50 {
            let (report, trust) = faulty(actor: Hostile.text(&generator))
            let text = TrustText(report, trust).text()
            #expect(!text.unicodeScalars.contains { $0 != "\n" && VisibleText.hides($0) })
        }
    }

    private func json(_ report: Report, _ trust: TrustReport) throws -> [String: Any] {
        var bytes: [UInt8] = []
        TrustJSON.write(report, trust) { bytes += $0 }
        return try #require(try JSONSerialization.jsonObject(with: Data(bytes)) as? [String: Any])
    }

    /// A report of logs with which everything is wrong.
    private func faulty(actor name: String) -> (Report, TrustReport) {
        var sample = Sample()
        let record = sample.record(0, 12, "2025-10-20T06:47:17Z", name, 3, .planChecked)
        let other = sample.record(1, 9, "2025-10-20T06:47:19Z", "b", 4, .planApplied)
        var trouble = OrderNotes.Trouble()
        trouble.add(record, count: 2)
        var notes = OrderNotes.Actor(actor: record.actor)
        notes.gaps = trouble
        notes.restarts = trouble
        notes.conflicts = trouble
        notes.disorders = trouble
        notes.clockFaults = trouble
        notes.duplicates = 3
        notes.missingCauses = trouble
        notes.ambiguous = trouble
        notes.ambiguousRanges = 1
        var trust = TrustReport()
        var span = LogSpan()
        span.add(record.time)
        trust.actors = [
            TrustReport.Actor(
                actor: record.actor, lives: 3, span: span, notes: notes, falls: trouble,
                unclosed: trouble, foreseen: trouble, beyond: trouble, claimed: 90, end: 40,
                silence: 2 * Nanoseconds.hour)
        ]
        trust.circles = [OrderNotes.Circle(records: [record, other], count: 2)]
        trust.circleCount = 1
        sample.quality.missingLogs = [.init(actor: sample.symbols.intern("p"), mentions: 212)]
        sample.quality.skews = [.init(a: record.actor, b: other.actor, bounds: 5_000_000...9_000_000)]
        let fault = RecordFault(kind: .notJSON, line: 4, byte: 120, detail: "unclosed string")
        sample.quality.faults = [.init(kind: .notJSON, source: SourceID(index: 0), first: fault, count: 7)]
        var report = sample.report()
        report.bundle.damage = [.init(path: "c.zst", byte: 77, message: "the last frame is truncated")]
        report.bundle.passedOver = [.init(path: "x.png", reason: "an image (PNG)")]
        return (report, trust)
    }
}
