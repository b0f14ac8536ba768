import EventModel

/// Replays the plan findings against each safeguard: would the writes as they were recorded have got past it?
///
/// The rules agree with an exhaustive model of two enactors and five plans: what is compared at the write prevents the overwrite and all
/// that follows; a clean-up that spares the active plan prevents the deletion and the emptied endpoint, not the overwrite.
struct SafeguardReplay {
    private var clocks: WallClocks
    /// Overwrites by the place of their write, and emptied endpoints by name: indices into the findings.
    private var overwrites: [RecordPlace: Int] = [:]
    private var emptied: [String: [Int]] = [:]

    private init(_ skew: some SkewBounds) {
        clocks = WallClocks(skew)
    }

    /// Judges all plan findings. O(findings).
    static func judge(_ findings: inout [Finding], skew: some SkewBounds) {
        var replay = SafeguardReplay(skew)
        for at in findings.indices where findings[at].kind == .stalePlanOverwrite {
            findings[at].safeguards = replay.overwrite(findings[at])
            if let write = findings[at].record(Finding.Part.write) { replay.overwrites[RecordPlace(write)] = at }
        }
        for at in findings.indices {
            switch findings[at].kind {
            case .activePlanDeleted: findings[at].safeguards = replay.deletion(findings[at], among: findings)
            case .endpointEmptied:
                findings[at].safeguards = replay.emptied(findings[at], among: findings)
                replay.emptied[findings[at].subject, default: []].append(at)
            default: break
            }
        }
        for at in findings.indices where findings[at].kind == .automationWedged {
            findings[at].safeguards = replay.wedge(findings[at], among: findings)
        }
        for at in findings.indices where findings[at].severity == .critical && !findings[at].safeguards.isEmpty {
            findings[at].lastChances = replay.lastChances(of: findings[at], among: findings)
        }
    }

    // MARK: Until when

    private func lastChances(of finding: Finding, among findings: [Finding]) -> [Finding.LastChance] {
        // What wedged the automation was prevented as long as what emptied the endpoint was.
        let origin = finding.kind == .automationWedged ? outage(of: finding, among: findings) ?? finding : finding
        let cause = origin.record(Finding.Part.write).flatMap { overwrites[RecordPlace($0)] }.map { findings[$0] }
        return LastChances(origin, after: cause).all()
    }

    // MARK: The overwrite

    private mutating func overwrite(_ finding: Finding) -> [Finding.Safeguard.Judgement] {
        let newer = finding.displaced.map { "plan \($0)" } ?? "the newer plan"
        return [
            .init(.compareAndSet, .yes, because: "\(newer) was active: the store would have refused an older one"),
            freshCheck(finding, newer),
            .init(.guardedCleanup, .no, because: "the write is no clean-up's"),
            .init(.atomicCleanup, .no, because: "the write is no clean-up's"),
            .init(.fencing, .yes, because: "the store had taken \(newer) before"),
        ]
    }

    private mutating func freshCheck(_ finding: Finding, _ newer: String) -> Finding.Safeguard.Judgement {
        if finding.awareness == .aware {
            return .init(.freshCheck, .no, because: "the writer could know of \(newer) and wrote all the same")
        }
        guard let write = finding.record(Finding.Part.stored) ?? finding.record(Finding.Part.write),
            let displaced = finding.record(Finding.Part.displacedStored) ?? finding.record(Finding.Part.displaced)
        else { return .init(.freshCheck, .unknown, because: "no record tells when \(newer) was written") }
        let margin = max(0, WallClocks.middle(clocks.span(from: displaced, to: write)))
        var because = "\(newer) was written \(Nanoseconds.words(margin)) before this write took effect"
        if let sending = finding.record(Finding.Part.sending) {
            let ahead = clocks.span(from: displaced, to: sending)
            if ahead.lowerBound > 0 {
                let before = Nanoseconds.words(WallClocks.middle(ahead))
                return .init(.freshCheck, .yes, because: "\(newer) was written \(before) before this write was sent")
            }
            if ahead.upperBound <= 0 {
                return .init(.freshCheck, .no, because: "\(newer) was written while this write was on its way")
            }
            if WallClocks.middle(ahead) <= 0 {
                because += ", by the clocks as this one was already on its way"
            }
        }
        return .init(.freshCheck, .ifWithin(margin), because: because)
    }

    // MARK: What followed

    private func deletion(_ finding: Finding, among findings: [Finding]) -> [Finding.Safeguard.Judgement] {
        let cause = finding.record(Finding.Part.write).flatMap { overwrites[RecordPlace($0)] }.map { findings[$0] }
        var judged =
            cause.map(consequences)
            ?? Finding.Safeguard.allCases.map {
                .init($0, .no, because: "no overwrite had put the plan there")
            }
        for at in judged.indices {
            switch judged[at].safeguard {
            case .guardedCleanup:
                judged[at] = .init(.guardedCleanup, .yes, because: "it refuses to delete what is active")
            case .atomicCleanup: judged[at] = atomicCleanup(finding, after: cause)
            default: break
            }
        }
        return judged
    }

    /// A clean-up that is one with its run's write comes before a later overwrite: then it cannot delete what that put there.
    private func atomicCleanup(_ deletion: Finding, after cause: Finding?) -> Finding.Safeguard.Judgement {
        guard let cause, let displaced = cause.record(Finding.Part.displaced),
            let deleted = deletion.record(Finding.Part.deletion), deleted.actor == displaced.actor
        else {
            return .init(
                .atomicCleanup, .unknown,
                because: "when the clean-up's own run wrote here does not show in these records")
        }
        return .init(
            .atomicCleanup, .yes,
            because: "the clean-up would have come with its own actor's write, ahead of the overwrite")
    }

    private func emptied(_ finding: Finding, among findings: [Finding]) -> [Finding.Safeguard.Judgement] {
        if finding.record(Finding.Part.deletion) != nil { return deletion(finding, among: findings) }
        guard let write = finding.record(Finding.Part.write) else {
            return Finding.Safeguard.allCases.map { .init($0, .unknown, because: "no record tells what emptied it") }
        }
        guard let cause = overwrites[RecordPlace(write)] else {
            return Finding.Safeguard.allCases.map { .init($0, .no, because: "a write in its order left no addresses") }
        }
        return consequences(of: findings[cause])
    }

    private func wedge(_ finding: Finding, among findings: [Finding]) -> [Finding.Safeguard.Judgement] {
        outage(of: finding, among: findings)?.safeguards ?? []
    }

    /// The time without addresses in which automation was wedged.
    private func outage(of wedge: Finding, among findings: [Finding]) -> Finding? {
        let outage = emptied[wedge.subject]?.last { at in
            let other = findings[at]
            return other.at <= wedge.until ?? wedge.at && other.until == wedge.until
        }
        return outage.map { findings[$0] }
    }

    /// What prevents the overwrite prevents what rests on it.
    private func consequences(of cause: Finding) -> [Finding.Safeguard.Judgement] {
        cause.safeguards.map { judged in
            let plan = cause.plan.map { "plan \($0)" } ?? "the older plan"
            return switch judged.verdict {
            case .yes: .init(judged.safeguard, .yes, because: "\(plan) would not have become active")
            default: judged
            }
        }
    }
}
