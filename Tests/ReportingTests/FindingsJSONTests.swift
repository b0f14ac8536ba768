import EventModel
import Foundation
import Testing

@testable import Reporting

@Suite("findings.json is valid, exact and the same every time")
struct FindingsJSONTests {
    private func bytes(_ report: Report) -> [UInt8] {
        var bytes: [UInt8] = []
        FindingsJSON.write(report, FindingList(report.findings)) { bytes += $0 }
        return bytes
    }

    private func object(_ bytes: [UInt8]) throws -> [String: Any] {
        try #require(try JSONSerialization.jsonObject(with: Data(bytes)) as? [String: Any])
    }

    @Test("A finding has the fields of EVENTS.md, section 5")
    func fields() throws {
        var sample = Sample()
        sample.addRace()
        let json = try object(bytes(sample.report()))
        #expect(json["schema"] as? String == "inquest.findings/1")
        let findings = try #require(json["findings"] as? [[String: Any]])
        #expect(findings.count == 3)
        let first = findings[0]
        #expect(first["label"] as? String == "F1", "the name that summary and timeline use")
        #expect(first["kind"] as? String == "stale-plan-overwrite")
        #expect(first["endpoint"] as? String == "db.example")
        #expect(first["actor"] as? String == "a")
        #expect(first["plan"] as? Int == 4)
        #expect(first["displaced"] as? Int == 9)
        #expect(first["awareness"] as? String == "unaware")
        #expect(first["at"] as? String == "2025-10-20T06:47:58.113000000Z")
        #expect(first["until"] as? String == "2025-10-20T09:25:00.000000000Z")
        #expect(first["check_age_ms"] as? Int == 41_113)
        #expect(first["queue"] == nil, "a key that does not apply is left out")
        let evidence = try #require(first["evidence"] as? [[String: Any]])
        #expect(evidence[2]["file"] as? String == "a.log")
        #expect(evidence[2]["line"] as? Int == 3)
        #expect(evidence[2]["counter"] as? Int == 3)
        #expect(findings[1]["until"] is NSNull, "until is null while it lasts")
        let inferred = try #require((findings[1]["evidence"] as? [[String: Any]])?.first)
        #expect(inferred["counter"] is NSNull && inferred["inferred"] as? Bool == true)
    }

    @Test(
        "A part of a report keeps the labels of the whole; a window's numbers stand with their units and what they stand for"
    )
    func labelsAndFigures() throws {
        var sample = Sample()
        sample.addRace()
        sample.findings[1].began = Sample.deletion...Sample.deletion.advanced(by: Nanoseconds.minute)
        sample.findings[1].detail = .backlog(
            Finding.Backlog(
                alarm: Sample.deletion, lastUsual: Sample.write, peak: Sample.deletion, recovered: nil,
                rates: Finding.Rates(arrivals: 0, completions: 0, failures: 0), busy: nil, dating: .lastUsual,
                measure: .age, isDepthMeasured: false, depthBefore: 0, depthAtAlarm: 0, peakDepth: 0, depthAfter: 0,
                usualWait: 33.5, usualWaitLimit: 40, longestWait: 400, waitAfter: 0, oldest: .nan))
        let list = FindingList(sample.findings)
        sample.findings.removeFirst()
        var bytes: [UInt8] = []
        FindingsJSON.write(sample.report(), list) { bytes += $0 }
        let findings = try #require(try object(bytes)["findings"] as? [[String: Any]])
        #expect(findings.map { $0["label"] as? String } == ["F2", "F3"])
        let figures = try #require(findings[0]["figures"] as? [[String: Any]])
        #expect(figures.map { $0["name"] as? String } == ["longest wait", "usual wait", "usual wait, at most"])
        #expect(figures[1]["value"] as? Double == 33.5 && figures[1]["unit"] as? String == "seconds")
        #expect(figures[1]["stands_for"] as? String == "before the backlog, by the same measure")
        #expect((findings[0]["began"] as? [String: Any])?["to"] as? String == "2025-10-20T06:49:00.402000000Z")
    }

    @Test("Hostile text comes back exactly, and the file itself holds no byte that a terminal obeys")
    func exact() throws {
        var generator = SeededGenerator(state: 11)
        for _ in 0..<300 {
            let text = Hostile.text(&generator)
            var sample = Sample()
            sample.endpoint = text
            sample.addRace()
            let bytes = bytes(sample.report(name: text, files: [text, text]))
            let json = try object(bytes)
            let finding = try #require((json["findings"] as? [[String: Any]])?.first)
            let endpoint = try #require(finding["endpoint"] as? String)
            #expect(endpoint.unicodeScalars.elementsEqual(text.unicodeScalars))
            let shown = String(decoding: bytes, as: UTF8.self).unicodeScalars
            #expect(!shown.contains { $0 != "\n" && VisibleText.hides($0) })
        }
    }

    @Test("Numbers keep every digit; what is no number is never written")
    func numbers() throws {
        var sample = Sample()
        sample.addRace()
        sample.findings[0].plan = Generation(.max)
        sample.findings[0].peak = .infinity
        sample.findings[1].peak = 1.5e300
        let text = String(decoding: bytes(sample.report()), as: UTF8.self)
        #expect(text.contains("\"plan\": 9223372036854775807"))
        #expect(!text.lowercased().contains("inf,"))
        let findings = try #require(try object(bytes(sample.report()))["findings"] as? [[String: Any]])
        #expect(findings[0]["peak"] == nil)
        #expect(findings[1]["peak"] as? Double == 1.5e300)
    }

    @Test("An empty report is valid too")
    func empty() throws {
        let report = Report(
            bundle: BundleSummary(name: ""), span: nil, counts: .init(), findings: [], quality: Quality(),
            symbols: SymbolTable())
        #expect(try object(bytes(report))["span"] is NSNull)
    }
}
