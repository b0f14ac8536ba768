import EventModel
import Reporting
import Testing

@testable import CausalAnalysis

/// The small log of EVENTS.md section 6: two enactors, the planner's log lost.
@Suite struct PlanFindingsSmallLogTests {
    private var found: Detections {
        var log = LogBuilder()
        log.add("a", 17, .planChecked, 4, clock: ["p": 4, "a": 1], active: 3)
        log.add("b", 55.870, .planChecked, 9, clock: ["p": 9, "b": 1], active: 3)
        log.add("b", 56.211, .planApplied, 9, clock: ["p": 9, "b": 2], replaces: 3, records: 6)
        log.add("a", 58.001, .planApplying, 4, clock: ["p": 4, "a": 2])
        log.add("a", 58.113, .planApplied, 4, clock: ["p": 4, "a": 3], replaces: 9, records: 5)
        log.add("b", 60.402, .planDeleted, 4, clock: ["p": 9, "b": 3])
        log.add("b", 61.100, .planApplied, 9, clock: ["p": 9, "b": 4], outcome: .refused)
        return log.findings()
    }

    @Test func findsTheOverwriteTheDeletionTheEmptyEndpointAndTheWedge() {
        #expect(
            found.lines == [
                "stale-plan-overwrite 4 over 9 by a, proven", "active-plan-deleted 4 by b, likely",
                "endpoint-emptied 4 by b, likely", "automation-wedged by b, likely",
            ])
        #expect(found.undecided.isEmpty)
        #expect(found.droppedConstraints == 0)
    }

    @Test func saysOfTheOverwriteWhatTheRecordsProve() throws {
        let overwrite = try #require(found.all(.stalePlanOverwrite).first)
        #expect(overwrite.summary == "a wrote plan 4 over plan 9; its check was 41 s old")
        #expect(overwrite.basis == .replaces(9))
        #expect(overwrite.awareness == .unaware)
        #expect(overwrite.severity == .critical, "a deletion followed")
        #expect(overwrite.newerPlans == nil, "the planner's log is lost")
        #expect(overwrite.evidence.map(\.part) == ["the write", "its sending", "its check", "the displaced write"])
        #expect(overwrite.evidence.map(\.record.line) == [5, 4, 1, 3])
    }

    @Test func saysThatItLastsToTheLogsEnd() {
        let lasting = found.findings.filter(\.lasts).map(\.kind)
        #expect(lasting == [.stalePlanOverwrite, .endpointEmptied, .automationWedged])
        #expect(found.all(.activePlanDeleted).first?.basis == .refusalFollows)
        #expect(found.all(.automationWedged).first?.summary == "1 write by b failed or was refused, to the logs' end")
        #expect(found.all(.automationWedged).first?.severity == .critical)
    }
}
