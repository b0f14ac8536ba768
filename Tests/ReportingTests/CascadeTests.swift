import EventModel
import Foundation
import Testing

@testable import Reporting

@Suite("The cascade, as people and programs see it")
struct CascadeTests {
    /// The race of the sample, a window that it led to, one that nothing explains, and one in three actors at once.
    private func report() -> Report {
        var sample = Sample()
        sample.addRace()
        for (index, (kind, at, until)) in [
            (Finding.Kind.serviceImpact, "2025-10-20T06:49:00Z", "2025-10-20T11:25:00Z"),
            (.retryStorm, "2025-10-20T15:00:00Z", "2025-10-20T16:00:00Z"),
        ].enumerated() {
            var finding = Finding(
                kind: kind, severity: .high, confidence: .proven, at: moment(at), until: moment(until), isWindow: true)
            finding.service = "svc-\(index)"
            sample.findings.append(finding)
        }
        for host in 1...3 {
            var finding = Finding(
                kind: .leaseExpiry, severity: .high, confidence: .proven, at: moment("2025-10-20T07:0\(host):00Z"),
                until: moment("2025-10-20T09:2\(host):00Z"), isWindow: true)
            finding.actor = "host-\(host)"
            sample.findings.append(finding)
        }
        let sent = sample.record(0, 9, "2025-10-20T06:48:30Z", "a", 9, .resolveFailed)
        let taken = sample.record(1, 8, "2025-10-20T06:49:00Z", "b", 8, .serviceSampled)
        let throttle = sample.record(1, 9, "2025-10-20T11:20:00Z", "b", 9, .throttleSet)
        var report = sample.report()
        let ids = FindingID.all(report.findings)
        func window(_ findings: [Int], _ until: String?) -> Cascade.Window {
            let first = report.findings[findings[0]]
            return Cascade.Window(
                findings: findings.map { ids[$0] }, kind: first.kind, at: first.at, until: until.map(moment))
        }
        var windows = [
            window([0], "2025-10-20T09:25:00Z"), window([1], nil), window([3], "2025-10-20T11:25:00Z"),
            window([5, 6, 7], "2025-10-20T09:23:00Z"), window([4], "2025-10-20T16:00:00Z"),
        ]
        windows[1].ending = .outlived(0, by: 12 * Nanoseconds.hour)
        windows[2].ending = .outlived(0, by: 2 * Nanoseconds.hour)
        windows[2].endedBy = throttle
        windows[3].ending = .withTrigger(0)
        report.cascade = Cascade(
            windows: windows,
            edges: [
                .init(from: 0, to: 1, role: .began, chain: [sent]),
                .init(from: 1, to: 2, role: .began, chain: [sent, taken]),
                .init(from: 1, to: 3, role: .began, chain: [sent, taken]),
                .init(from: 3, to: 2, role: .prolonged, chain: [sent, taken]),
            ], unaffected: ["vps-plain"], omitted: 0)
        return report
    }

    @Test("The summary draws the longest way, then the rest, and says what outlived its trigger")
    func terminal() throws {
        let report = report()
        let summary = TerminalSummary(report, FindingList(report.findings)).text()
        // Where its lines break is none of this test's business.
        let text = summary.split(whereSeparator: \.isWhitespace).joined(separator: " ")
        #expect(text.contains("Cascade F1 overwrite → F2 empty endpoint → F3 svc-0"), "\(text)")
        #expect(text.contains("F2 empty endpoint → F4 leases of 3 actors"), "\(text)")
        #expect(text.contains("F3 svc-0 (by 2 h, after throttle.set at "), "\(text)")
        #expect(text.contains("F2 empty endpoint (still, for 12 h)"), "\(text)")
        #expect(text.contains("cause unknown: F5 retries at svc-1"), "\(text)")
        #expect(text.contains("unaffected: vps-plain"), "\(text)")
    }

    @Test("An explanation names what led to its finding with the records, what it led to, and how it ended")
    func explained() throws {
        let report = report()
        let list = FindingList(report.findings)
        let times = TimeStyle(span: report.span)
        let impact = try #require(ExplanationCascade(list.ids[3], list, report, times))
        let causes = impact.causes()
        #expect(causes.first == "F1 overwrite → F2 empty endpoint → F3 svc-0.")
        #expect(
            causes.contains {
                $0.hasPrefix("F2 empty endpoint led to it: a 06:48:30.000Z resolve.failed (a.log:9) → b ")
                    && $0.hasSuffix("service.sampled (b.log.zst:8).")
            }, "\(causes)")
        #expect(causes.contains { $0.hasPrefix("F4 leases of 3 actors prolonged it: ") }, "\(causes)")
        #expect(impact.effects().isEmpty)
        let ending = impact.ending().joined(separator: " ")
        #expect(ending.contains("It outlived its trigger, F1 overwrite, by 2 h."), "\(ending)")
        #expect(ending.contains("throttle.set by b at 11:20:00.000Z (b.log.zst:9)"), "\(ending)")
        let emptied = try #require(ExplanationCascade(list.ids[1], list, report, times))
        #expect(emptied.effects() == ["F3 svc-0, F4 leases of 3 actors."])
        let storm = try #require(ExplanationCascade(list.ids[4], list, report, times))
        #expect(storm.causes().count == 1 && storm.causes()[0].contains("its cause is unknown"))
    }

    @Test("What stands alone stands under the cascade's heading too")
    func alone() throws {
        var report = report()
        report.cascade = Cascade(
            windows: [
                .init(findings: [FindingID.all(report.findings)[4]], kind: .retryStorm, at: Sample.write, until: nil)
            ],
            edges: [], unaffected: [], omitted: 0)
        let text = TerminalSummary(report, FindingList(report.findings)).text()
        #expect(text.contains("\nCascade   cause unknown: F5 retries at svc-1"), "\(text)")
        report.cascade?.windows[0].kind = .stalePlanOverwrite
        #expect(
            !TerminalSummary(report, FindingList(report.findings)).text().contains("cause unknown"),
            "an overwrite's cause is told by its check")
    }

    @Test("What many actors have at once is one row, with their count")
    func fleet() throws {
        let report = report()
        let list = FindingList(report.findings)
        let group = try #require(list.groups.first { $0.kind == .leaseExpiry })
        #expect(group.members.count == 3 && group.endpoints == 3)
        #expect(TerminalSummary(report, list).text().contains("host-1 and 2 more"))
    }

    @Test("The timeline draws it, and in detail names the records that join windows")
    func markdown() {
        let report = report()
        let list = FindingList(report.findings)
        let story = Story(
            incident: Incident(report, list, list.groups), milestones: [], explanation: nil, omittedActs: 0, actors: [])
        let text = TimelineText.render(story, Timeline()).joined()
        #expect(text.contains("```mermaid\nflowchart LR\n"))
        #expect(text.contains("n0[\"F1 overwrite\"]") && text.contains("n0 --> n1"), "\(text)")
        #expect(text.contains("F1 overwrite led to F2 empty endpoint"))
        #expect(text.contains("prolonged"))
        #expect(text.contains("b.log.zst:8"))
    }

    @Test("findings.json holds windows, edges with their chains, endings, and what stayed well")
    func json() throws {
        var bytes: [UInt8] = []
        let report = report()
        FindingsJSON.write(report, FindingList(report.findings)) { bytes += $0 }
        let json = try #require(try JSONSerialization.jsonObject(with: Data(bytes)) as? [String: Any])
        let cascade = try #require(json["cascade"] as? [String: Any])
        let windows = try #require(cascade["windows"] as? [[String: Any]])
        let edges = try #require(cascade["edges"] as? [[String: Any]])
        let ids = try #require(json["findings"] as? [[String: Any]]).compactMap { $0["id"] as? String }
        #expect(windows.flatMap { $0["findings"] as? [String] ?? [] }.allSatisfy(ids.contains))
        #expect(windows[2]["ending"] as? String == "outlived")
        #expect(windows[2]["outlived_ms"] as? Int == 7_200_000)
        #expect((windows[2]["ended_by"] as? [String: Any])?["event"] as? String == "throttle.set")
        #expect(edges.count == 4)
        #expect(edges[1]["from"] as? String == (windows[1]["findings"] as? [String])?.first)
        #expect((edges[1]["chain"] as? [[String: Any]])?.count == 2)
        #expect(cascade["unaffected"] as? [String] == ["vps-plain"])
    }

    @Test("Without a cascade the key is there, and null")
    func none() throws {
        var bytes: [UInt8] = []
        FindingsJSON.write(Sample().report(), FindingList([])) { bytes += $0 }
        let json = try #require(try JSONSerialization.jsonObject(with: Data(bytes)) as? [String: Any])
        #expect(json["cascade"] is NSNull)
    }
}
