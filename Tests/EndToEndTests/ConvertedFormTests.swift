import EventModel
import Foundation
import Testing

/// What `convert --to otlp` writes is what the built-in profile of OpenTelemetry's logs reads: the same events again.
@Suite struct ConvertedFormTests {
    private static let log = #"""
        {"ts":"2025-07-02T09:00:00.000000001Z","actor":"a","role":"enactor","vc":{"p":4,"a":1},"event":"plan.checked","plan":4,"active":3}
        {"ts":"2025-07-02T09:00:00.2Z","actor":"a","vc":{"p":4,"a":2},"event":"plan.applied","plan":123456789012345678901234,"endpoint":"db \"x\" ü\n","replaces":9,"records":5,"outcome":"refused","error":"too late"}
        {"ts":"2025-07-02T09:00:00.3Z","actor":"b","event":"work.enqueued","id":"m1","causes":["m0","q,\"]"],"queue":"work","item":"7"}
        {"ts":0,"actor":"b","event":"queue.sampled","queue":"work","depth":3,"oldest_ms":1250.5,"arrived_total":40}
        {"ts":"2025-07-02T09:00:02Z","actor":"b","event":"order 66 placed","message":"order 66 placed","level":"warn","mine":true,"half":0.5,"nested":{"a":[1,{"b":"x"}]}}

        """#

    @Test func otlpReadsBackAsTheSameEvents() throws {
        let folder = try Folder()
        try folder.write(Self.log, to: "a.jsonl")
        let otlp = try Program.run(["convert", "a.jsonl", "--to", "otlp", "--quiet"], in: folder.path)
        #expect(otlp.status == 0, "\(otlp.errors)")
        try folder.write(otlp.bytes, to: "otlp.json")
        let back = try Program.run(["convert", "otlp.json", "--quiet"], in: folder.path)
        #expect(back.status == 0, "\(back.errors)")
        let before = Self.log.split(separator: "\n").map { RecordMembers(Array($0.utf8)) }
        let after = back.lines.map { RecordMembers(Array($0.utf8)) }
        #expect(after.count == before.count, "\(back.text)\(back.errors)")
        for (old, new) in zip(before, after) {
            for (key, value) in old.members where key != "ts" && key != "nested" {
                #expect(
                    new.text(key) == String(decoding: value, as: UTF8.self),
                    "\(key) of \(old.string("event") ?? "") is changed by the way through OTLP")
            }
        }
        #expect(after[0].string("ts") == "2025-07-02T09:00:00.000000001Z", "nanoseconds are lost")
        #expect(after[3].text("ts") == "0", "what has no time gets one: \(after[3].text("ts") ?? "none")")
    }

    @Test func analysisFindsTheSameInWhatWasConverted() throws {
        let folder = try SampleLogs.small()
        let written = try Program.run(
            ["convert", "bundle", "--to", "otlp", "-o", "otlp", "--quiet"], in: folder.path)
        #expect(written.status == 0, "\(written.errors)")
        let exported = try Program.run(["export", "bundle", "--to", "otlp", "-o", "exported.json"], in: folder.path)
        #expect(exported.status == 0, "\(exported.errors)")
        let again = try PlanFindings(
            Program.run(["analyze", "exported.json", "--format", "json", "-q"], in: folder.path))
        let before = try PlanFindings(Program.run(["analyze", "bundle", "--format", "json", "-q"], in: folder.path))
        let after = try PlanFindings(Program.run(["analyze", "otlp", "--format", "json", "-q"], in: folder.path))
        #expect(!before.lines.isEmpty)
        #expect(after.lines == before.lines, "OTLP changes what is found")
        #expect(again.lines == before.lines, "what is exported as OTLP tells something else")
    }
}

/// The findings of a run in the words that do not depend on the form of its logs.
struct PlanFindings {
    /// Kind, time, endpoint, plans, severity and confidence of each, in order.
    private(set) var lines: [String] = []

    init(_ run: CommandRun, naming fields: [String] = ["at", "severity", "confidence"]) throws {
        let report = try #require(
            try JSONSerialization.jsonObject(with: Data(run.bytes)) as? [String: Any], "\(run.text)\(run.errors)")
        let findings = try #require(report["findings"] as? [[String: Any]])
        for finding in findings {
            let words = (["kind", "endpoint", "plan", "displaced"] + fields).map { "\(finding[$0] ?? "-")" }
            lines.append(words.joined(separator: " "))
        }
        lines.sort()
    }
}
