import EventModel
import Testing

@testable import CausalAnalysis

/// What would have prevented the findings, against the table of an exhaustive model: a compare-and-set prevents all, a guarded
/// clean-up the deletion alone.
@Suite struct SafeguardReplayTests {
    private let skew = AssumedSkew(maximum: 100 * Nanoseconds.millisecond)

    private func judged(_ log: LogBuilder) -> [Finding] {
        var findings = log.findings(skew: skew).findings
        SafeguardReplay.judge(&findings, skew: skew)
        return findings
    }

    private func verdicts(_ findings: [Finding], _ kind: Finding.Kind) -> [Finding.Safeguard: Finding.Safeguard.Verdict]
    {
        let finding = findings.first { $0.kind == kind }
        return Dictionary(uniqueKeysWithValues: (finding?.safeguards ?? []).map { ($0.safeguard, $0.verdict) })
    }

    /// The race; b writes the newer plan at `newer` seconds, a sends at 58.0 and is answered at 58.5.
    private func race(newer: Double = 56.2, deleter: String = "b", active: Int64 = 3) -> LogBuilder {
        var log = LogBuilder()
        log.add("a", 17, .planChecked, 4, clock: ["a": 1], active: active)
        log.add("b", newer - 0.1, .planApplying, 9, clock: ["b": 1])
        if newer > 58 { log.add("a", 58, .planApplying, 4, clock: ["a": 2]) }
        log.add("b", newer, .planApplied, 9, clock: ["b": 2], replaces: 3, records: 6)
        if newer <= 58 { log.add("a", 58, .planApplying, 4, clock: ["a": 2]) }
        log.add("a", 58.5, .planApplied, 4, clock: ["a": 3], replaces: 9, records: 5)
        log.add(deleter, 60.4, .planDeleted, 4, clock: deleter == "b" ? ["b": 3] : ["c": 1])
        log.add("b", 61.1, .planApplied, 9, clock: ["b": 4], outcome: .refused)
        return log
    }

    @Test func theOverwriteIsStoppedAtTheWriteNotAtTheCleanUp() {
        let verdicts = verdicts(judged(race()), .stalePlanOverwrite)
        #expect(verdicts[.compareAndSet] == .yes)
        #expect(verdicts[.fencing] == .yes)
        #expect(verdicts[.freshCheck] == .yes, "the newer write was there 1.8 s before the sending")
        #expect(verdicts[.guardedCleanup] == .no)
        #expect(verdicts[.atomicCleanup] == .no)
    }

    @Test(arguments: [Finding.Kind.activePlanDeleted, .endpointEmptied, .automationWedged])
    func whatFollowedIsStoppedByAny(kind: Finding.Kind) {
        let verdicts = verdicts(judged(race()), kind)
        #expect(verdicts.count == Finding.Safeguard.allCases.count)
        #expect(verdicts.values.allSatisfy { $0 == .yes }, "\(kind): \(verdicts)")
    }

    @Test func aNewerWriteWhileThisOneIsOnItsWaySlipsPastAFreshCheck() {
        let findings = judged(race(newer: 58.3))
        #expect(verdicts(findings, .stalePlanOverwrite)[.freshCheck] == .no)
        #expect(verdicts(findings, .stalePlanOverwrite)[.compareAndSet] == .yes)
        #expect(verdicts(findings, .activePlanDeleted)[.freshCheck] == .no)
    }

    @Test func withinTheSkewTheMarginIsSaid() {
        let verdicts = verdicts(judged(race(newer: 57.95)), .stalePlanOverwrite)
        #expect(verdicts[.freshCheck] == .ifWithin(550 * Nanoseconds.millisecond))
    }

    @Test func aWriterThatKnewIsNotStoppedByAnotherCheck() {
        let verdicts = verdicts(judged(race(active: 9)), .stalePlanOverwrite)
        #expect(verdicts[.freshCheck] == .no)
        #expect(verdicts[.compareAndSet] == .yes)
    }

    @Test func anotherActorsCleanUpCannotBeJudgedAsOneWithAWriteThatIsNotThere() {
        let verdicts = verdicts(judged(race(deleter: "c")), .activePlanDeleted)
        #expect(verdicts[.atomicCleanup] == .unknown)
        #expect(verdicts[.guardedCleanup] == .yes)
    }

    @Test func aDeletionOfAPlanInItsOrderIsStoppedByTheGuardAlone() {
        var log = LogBuilder()
        log.add("a", 10, .planApplied, 4, clock: ["a": 1], replaces: 3)
        log.add("b", 20, .planDeleted, 4, clock: ["a": 1, "b": 1])
        log.add("a", 21, .planApplied, 5, clock: ["b": 1, "a": 2], outcome: .refused)
        let verdicts = verdicts(judged(log), .activePlanDeleted)
        #expect(verdicts[.guardedCleanup] == .yes)
        #expect(verdicts[.compareAndSet] == .no)
        #expect(verdicts[.fencing] == .no)
    }

    // MARK: Until when

    private func chances(_ finding: Finding?) -> [Finding.LastChance.Means: Finding.LastChance] {
        Dictionary(
            uniqueKeysWithValues: (finding?.lastChances ?? []).filter { $0.means != .pause }.map { ($0.means, $0) })
    }

    private func seconds(_ chance: Finding.LastChance?) -> Double? {
        chance.map { Double($0.record.time.nanoseconds - LogBuilder.start) / 1e9 }
    }

    @Test func anOverwriteCouldBeStoppedUntilTheStoreTookIt() {
        let overwrite = judged(race()).first { $0.kind == .stalePlanOverwrite }
        let chances = chances(overwrite)
        #expect(seconds(chances[.safeguard(.freshCheck)]) == 58, "until it was sent")
        #expect(seconds(chances[.safeguard(.compareAndSet)]) == 58.5, "until it took effect, as far as records tell")
        #expect(chances[.safeguard(.guardedCleanup)] == nil, "no clean-up's guard prevents the write")
        #expect(overwrite?.lastChances.contains { $0.means == .pause && seconds($0) == 58 } == true)
        #expect(overwrite?.pointOfNoReturn?.step == .effect)
    }

    @Test(arguments: [Finding.Kind.activePlanDeleted, .endpointEmptied, .automationWedged])
    func whatFollowedCouldBeStoppedUntilTheDeletion(kind: Finding.Kind) {
        let finding = judged(race()).first { $0.kind == kind }
        let chances = chances(finding)
        #expect(seconds(chances[.safeguard(.guardedCleanup)]) == 60.4)
        #expect(seconds(chances[.safeguard(.freshCheck)]) == 58)
        #expect(seconds(chances[.safeguard(.atomicCleanup)]) == 56.2, "with the clean-up's own write")
        #expect(seconds(finding?.pointOfNoReturn) == 60.4)
        #expect(finding?.pointOfNoReturn?.step == .deletion)
    }

    @Test func ofWhatNoRecordDatesNoChanceIsTold() {
        var log = LogBuilder()
        log.add("b", 56.2, .planApplied, 9, clock: ["b": 1], replaces: 3, records: 6)
        log.add("a", 58.5, .planApplied, 4, clock: ["a": 1], replaces: 9, records: 5)
        let overwrite = judged(log).first { $0.kind == .stalePlanOverwrite }
        #expect(overwrite?.severity == .critical)
        #expect(chances(overwrite)[.safeguard(.freshCheck)] == nil, "nobody knows when it was sent")
    }
}
