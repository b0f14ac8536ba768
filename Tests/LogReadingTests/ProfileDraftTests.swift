@testable import LogReading
import Testing

/// A draft for a log that nothing covers runs at once, and finds its time, its actor and what its messages are.
@Suite struct ProfileDraftTests {
    private static let logs: [(name: String, lines: [String], actor: String, event: String)] = [
        (
            "haproxy.log",
            (0..<60).map {
                "Jul  2 09:00:\($0 < 10 ? "0" : "")\($0) lb-1 haproxy[812]: Server web/srv\($0 % 4) is DOWN, check duration: \($0)ms"
            },
            "lb-1", "Server … is DOWN, check duration: …"
        ),
        (
            "app.json",
            (0..<60).map {
                #"{"when":"2025-07-02T09:00:\#($0 < 10 ? "0" : "")\#($0)Z","host":"h\#($0 % 3)","what":"write \#($0) accepted","rev":\#($0)}"#
            },
            "h0", "write … accepted"
        ),
        (
            "gateway.log",
            (0..<60).map { "2025/07/02 09:00:\($0 < 10 ? "0" : "")\($0) [ERROR] upstream timed out after \($0) s" },
            "gateway",
            "upstream timed out after … s"
        ),
        (
            "odd.log",
            (0..<60).map {
                "2025-07-02 09:00:\($0 < 10 ? "0" : "")\($0),250;node-\($0 % 2);lease renewed;took=\($0)ms"
            }, "odd",
            ""
        ),
    ]

    @Test(arguments: logs.indices) func aDraftRunsAtOnce(_ at: Int) throws {
        let (name, lines, actor, event) = Self.logs[at]
        var options = ReadingOptions()
        options.assumedYear = 2025
        let yaml = try ProfileDraft(path: SourceName(path: name), lines: lines, options).yaml()
        let plan = try Plan(yaml: yaml, file: "draft.yaml")
        #expect(ProfileTest.mismatches(of: plan) == [], "the draft's own samples fail:\n\(yaml)")
        let made = ProfileTrial(plan, path: name, options).read(lines.joined(separator: "\n") + "\n")
        #expect(
            made.events.count == lines.count, "\(made.events.count) of \(lines.count) lines become events:\n\(yaml)")
        let first = try #require(made.events.first?.text)
        #expect(first.contains("\"ts\":\"2025-07-02T09:00:00"), "the time is not found: \(first)")
        #expect(first.contains("\"actor\":\"\(actor)\""), "the actor is not \(actor): \(first)")
        if !event.isEmpty { #expect(first.contains("\"event\":\"\(event)\""), "the event is not \(event): \(first)") }
    }

    @Test func aGenerationAndALatencyAreSuggested() throws {
        let lines = (0..<60).map {
            "time=2025-07-02T09:00:00Z msg=\"stored\" resourceVersion=\(100 + $0) elapsed=\($0)ms"
        }
        let yaml = try ProfileDraft(path: SourceName(path: "a.log"), lines: lines, ReadingOptions()).yaml()
        #expect(yaml.contains("# plan: resourceVersion"), "\(yaml)")
        #expect(yaml.contains("# latency_ms: {from: elapsed, duration: true}"), "\(yaml)")
    }

    @Test func aTextWithoutATimeIsRefusedWithWords() {
        do throws(ProfileDraft.Failure) {
            _ = try ProfileDraft(
                path: SourceName(path: "a.txt"), lines: ["# Notes", "nothing here", "at all"], ReadingOptions()
            ).yaml()
            Issue.record("a text without times gets a profile")
        } catch {
            #expect(error.message.contains("holds a time"))
        }
    }
}
