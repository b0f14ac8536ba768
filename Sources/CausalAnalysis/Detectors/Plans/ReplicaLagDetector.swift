import EventModel

/// Finds replicas that stay behind: `replica-lag`, one finding for each time in which one does.
///
/// Definition: of three actors or more that each apply the same generations to endpoints that no other writes, one
/// lacks generations, two at least, that another has applied, for ten times as long as nine of ten of the others' take,
/// and for a second at least. It begins as another applies the first one that is missing, and ends as the replica has
/// applied it or a newer one. `high`. What it cannot see: a group of two; replicas that write one another's endpoints;
/// less than twenty generations; generations of 2⁶² and more; all of a group late together. Times are those of the
/// replicas' own clocks.
struct ReplicaLagDetector: Detector {
    /// A write of a generation newer than any that its actor had applied.
    private struct Step {
        var plan: Int64
        var record: RecordRef
    }

    private struct Replica {
        var actor: Symbol
        var steps: [Step] = []
        /// Whether another writes one of its endpoints.
        var sharesEndpoints = false
    }

    private var indexOf: [Symbol: Int] = [:]
    private var replicas: [Replica] = []
    /// The first writer of each endpoint, by symbol, as an index into the replicas; -1 of none.
    private var owner: [Int32] = []
    private var steps = 0

    /// Steps that are kept, over all actors; past it nothing is judged.
    private static let limit = 1 << 18
    private static let fewest = 20
    private static let group = 3
    private static let factor: Int64 = 10

    static let interest = EventInterest.timed(.planApplied)

    init(shards: Int) {}

    mutating func observe(
        _ batch: borrowing EventBatch, row: Int, delivery: Delivery, clocks: borrowing ProcessClocks
    ) {
        let endpoint = batch.endpoint[row]
        guard batch.outcome[row] == .ok, endpoint != .none, let plan = batch.integer(.plan, at: row),
            plan < Generation.firstLarge
        else { return }
        let actor = batch.actor[row]
        let index: Int
        if let known = indexOf[actor] {
            index = known
        } else {
            index = replicas.count
            indexOf[actor] = index
            replicas.append(Replica(actor: actor))
        }
        own(endpoint, index)
        if replicas[index].sharesEndpoints || plan <= replicas[index].steps.last?.plan ?? -1 { return }
        if steps == ReplicaLagDetector.limit { return }
        steps += 1
        replicas[index].steps.append(Step(plan: plan, record: delivery.reference(batch, row: row)))
    }

    private mutating func own(_ endpoint: Symbol, _ index: Int) {
        let at = Int(endpoint.index)
        if at >= owner.count {
            owner += Array(repeating: -1, count: max(at + 1, 2 * owner.count) - owner.count)
        }
        if owner[at] < 0 {
            owner[at] = Int32(truncatingIfNeeded: index)
        } else if Int(owner[at]) != index {
            for one in [index, Int(owner[at])] where !replicas[one].sharesEndpoints {
                replicas[one].sharesEndpoints = true
                steps -= replicas[one].steps.count
                replicas[one].steps = []
            }
        }
    }

    mutating func finish(_ log: WholeLog) -> Detections {
        guard steps < ReplicaLagDetector.limit, let span = log.span else { return Detections() }
        let able = replicas.filter { !$0.sharesEndpoints && $0.steps.count >= ReplicaLagDetector.fewest }
            .sorted { log.symbols[$0.actor] < log.symbols[$1.actor] }
        var groups: [(plans: Set<Int64>, members: [Replica])] = []
        for replica in able {
            let plans = replica.steps.map(\.plan)
            if let at = groups.firstIndex(where: { group in 2 * plans.count { group.plans.contains($0) } >= plans.count
            }) {
                groups[at].plans.formUnion(plans)
                groups[at].members.append(replica)
            } else {
                groups.append((Set(plans), [replica]))
            }
        }
        var findings: [Finding] = []
        for group in groups where group.members.count >= ReplicaLagDetector.group {
            findings += ReplicaLagDetector.judge(group.members, until: span.upperBound, log)
        }
        findings.sort(by: Finding.precedes)
        return Detections(findings)
    }

    /// For how long one replica lacked a generation that another had applied.
    private struct Lack {
        var first: Step
        /// The step that caught up; nil where none did.
        var caughtUp: Step?
        var length: Int64
    }

    private static func judge(_ members: [Replica], until end: Timestamp, _ log: WholeLog) -> [Finding] {
        var firsts: [Int64: (step: Step, member: Int)] = [:]
        for (member, replica) in members.enumerated() {
            for step in replica.steps where firsts[step.plan].map({ step.record.time < $0.step.record.time }) ?? true {
                firsts[step.plan] = (step, member)
            }
        }
        let inOrder = firsts.values.sorted { $0.step.plan < $1.step.plan }
        let lacks = members.indices.map { member in
            var next = 0
            let steps = members[member].steps
            return inOrder.filter { $0.member != member }.map { first in
                while next < steps.count, steps[next].plan < first.step.plan { next += 1 }
                let caughtUp = next < steps.count ? steps[next] : nil
                let length = (caughtUp?.record.time ?? end).since(first.step.record.time)
                return Lack(first: first.step, caughtUp: caughtUp, length: max(0, length))
            }
        }
        return members.indices.flatMap { member in
            let others = members.indices.filter { $0 != member }.flatMap { lacks[$0].map(\.length) }.sorted()
            guard others.count >= fewest else { return [Finding]() }
            let usual = others[others.count / 2]
            let limit = max(
                Nanoseconds.second, others[others.count * 9 / 10].multipliedReportingOverflow(by: factor).partialValue)
            return lacks[member].split { $0.length <= limit }.filter { $0.count >= 2 }.compactMap { run in
                finding(of: members[member], Array(run), usual: usual, others: members.count - 1, log)
            }
        }
    }

    private static func finding(
        of replica: Replica, _ run: [Lack], usual: Int64, others: Int, _ log: WholeLog
    ) -> Finding? {
        guard let first = run.first, let last = run.last else { return nil }
        let together = Dictionary(grouping: run) { $0.caughtUp?.plan ?? -1 }.values.map(\.count).max() ?? 1
        let lag = Finding.Lag(
            missed: Generation(first.first.plan), behind: together, longest: run.map(\.length).max() ?? 0, usual: usual,
            others: others)
        var finding = Finding(
            kind: .replicaLag, severity: .high, confidence: .measured, at: first.first.record.time,
            until: last.caughtUp?.record.time, isWindow: true, detail: .lag(lag),
            evidence: [Finding.Evidence(part: Finding.Part.firstElsewhere, record: first.first.record)])
        if let caughtUp = last.caughtUp {
            finding.evidence.append(Finding.Evidence(part: Finding.Part.caughtUp, record: caughtUp.record))
        }
        finding.actor = log.symbols[replica.actor]
        finding.count = Int64(run.count)
        finding.peak = Double(together)
        return finding
    }
}
