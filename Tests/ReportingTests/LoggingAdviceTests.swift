import EventModel
import Foundation
import Testing

@testable import Reporting

@Suite("What to log next time is what settles most")
struct LoggingAdviceTests {
    private func report(_ change: (inout Sample) -> Void) -> Report {
        var sample = Sample()
        sample.addRace(endpoints: 4)
        change(&sample)
        return sample.report()
    }

    @Test("Where nothing is open nothing is asked for")
    func nothing() {
        let report = report { sample in
            for at in sample.findings.indices { sample.findings[at].confidence = .proven }
        }
        #expect(LoggingAdvice(report).items.isEmpty)
        #expect(LoggingAdvice(report).sentence == nil)
    }

    @Test("What the store replaced settles overwrites; that it emptied an endpoint, deletions")
    func ranked() throws {
        let report = report { sample in
            for at in sample.findings.indices {
                sample.findings[at].confidence = .likely
                sample.findings[at].basis = .happenedBefore
            }
            sample.quality.undecided = [
                Quality.Undecided(endpoint: "db.example", plan: 4, question: .order(plan: 4, after: 9), evidence: [])
            ]
        }
        let overwrites = report.findings.filter { $0.kind == .stalePlanOverwrite }.count
        let deletions = report.findings.filter { [.activePlanDeleted, .endpointEmptied].contains($0.kind) }.count
        let items = LoggingAdvice(report).items
        let replaces = try #require(items.first { $0.evidence == .field("replaces", of: .planApplied) })
        #expect(replaces.findings.count == overwrites && replaces.questions == 1)
        #expect(items.first { $0.evidence == .event(.recordEmptied) }?.findings.count ?? 0 >= deletions)
        #expect(items.map(\.count) == items.map(\.count).sorted(by: >), "what settles most stands first")
        #expect(LoggingAdvice(report).sentence?.contains("replaces in plan.applied would have settled") == true)
    }

    @Test("findings.json has it for each finding, and ranked")
    func json() throws {
        let report = report {
            $0.findings[0].confidence = .possible; $0.findings[0].basis = .answers
        }
        var bytes: [UInt8] = []
        FindingsJSON.write(report, FindingList(report.findings)) { bytes += $0 }
        let json = try #require(try JSONSerialization.jsonObject(with: Data(bytes)) as? [String: Any])
        let findings = try #require(json["findings"] as? [[String: Any]])
        let first = try #require(findings.first { $0["confidence"] as? String == "possible" })
        #expect(first["would_settle"] as? [String: String] == ["field": "replaces", "event": "plan.applied"])
        let ranked = try #require((json["quality"] as? [String: Any])?["log_next_time"] as? [[String: Any]])
        #expect(ranked.contains { $0["field"] as? String == "replaces" && $0["settles"] as? Int ?? 0 > 0 })
    }
}
