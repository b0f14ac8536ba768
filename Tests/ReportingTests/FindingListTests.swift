import EventModel
import Testing

@testable import Reporting

@Suite("Findings are numbered by row and named by content")
struct FindingListTests {
    @Test("Endpoints hit by one writer and plan are one row, most severe first")
    func groups() {
        var sample = Sample()
        sample.addRace(endpoints: 5)
        let list = FindingList(sample.findings)
        #expect(list.groups.map(\.kind) == [.stalePlanOverwrite, .endpointEmptied, .staleCheck])
        #expect(list.groups.map(\.endpoints) == [5, 5, 0])
        #expect(list.groups.map(\.label) == ["F1", "F2", "F3"])
        #expect(list.groups[0].confidence == .likely, "a row is as sure as its weakest finding")
        #expect(list.groups[1].lasts)
    }

    @Test("A queue's two backlogs are two rows; endpoints hit one after the other without a plan are one")
    func unplanned() {
        var findings: [Finding] = []
        for minute in [0, 1, 2, 40] {
            var wedge = Finding(
                kind: .automationWedged, severity: .high, confidence: .proven,
                at: Sample.write.advanced(by: Int64(minute) * Nanoseconds.minute))
            wedge.endpoint = "e\(minute)"
            findings.append(wedge)
            var backlog = wedge
            backlog.kind = .backlogOnset
            backlog.endpoint = nil
            backlog.queue = "q"
            findings.append(backlog)
        }
        let list = FindingList(findings)
        #expect(list.groups.filter { $0.kind == .automationWedged }.map(\.endpoints) == [3, 1])
        #expect(list.groups.count { $0.kind == .backlogOnset } == 4)
    }

    @Test("A row says what its findings are on")
    func nouns() {
        var findings: [Finding] = []
        for host in 1...3 {
            var finding = Finding(
                kind: .leaseExpiry, severity: .high, confidence: host == 1 ? .proven : .likely, at: Sample.write,
                until: Sample.deletion, isWindow: true)
            finding.actor = "host-\(host)"
            findings.append(finding)
        }
        let list = FindingList(findings)
        #expect(list.groups.count == 1 && FindingWords.noun(list.groups[0], list) == "actor")
        #expect(FindingWords.trust(list.groups[0], list).hasSuffix("; on some actors only likely"))
    }

    @Test("An id depends on its finding alone, and equal ones are told apart")
    func ids() {
        var sample = Sample()
        sample.addRace(endpoints: 3)
        let ids = FindingID.all(sample.findings)
        #expect(Set(ids).count == ids.count)
        #expect(ids[2] == FindingID.all([sample.findings[2]])[0])
        #expect(FindingID.all([sample.findings[0], sample.findings[0]])[1] == ids[0] + "-2")
        #expect(ids.allSatisfy { $0.count == 10 && !$0.contains("f") })
        var renamed = sample.findings[0]
        renamed.basis = .storeLog
        #expect(FindingID.of(renamed) == ids[0], "wording is not content")
    }

    @Test("A reader may name a row by its number and a finding by its id or the id's beginning")
    func lookup() throws {
        var sample = Sample()
        sample.addRace(endpoints: 3)
        let list = FindingList(sample.findings)
        let lookup = FindingLookup(list)
        #expect(try lookup.find("F1") == [0, 2, 4])
        #expect(try lookup.find("f2") == [1, 3, 5])
        #expect(try lookup.find(list.ids[3].uppercased()) == [3])
        #expect(try lookup.find(String(list.ids[3].prefix(9))) == [3])
        #expect(throws: FindingLookup.Failure.unknown(groups: 3)) { try lookup.find("F9") }
        #expect(throws: FindingLookup.Failure.unknown(groups: 3)) { try lookup.find("") }
        #expect(throws: FindingLookup.Failure.unknown(groups: 3)) { try lookup.find("F-1") }
    }
}
