import CausalAnalysis
import EventModel

/// Where the begins, peaks and ends of findings stand in the causal order: each with the first event from that moment on of the actor whose
/// records show it.
struct TurnWatch {
    /// A turning point of a group.
    struct Turn: Hashable {
        enum Side: Hashable { case begin, peak, end }

        var group: Int
        var side: Side
    }

    private struct Pending {
        var time: Timestamp
        var turn: Turn
    }

    let name: (Symbol) -> String
    private(set) var orders: [Turn: UInt64] = [:]
    /// By actor, the latest first.
    private var pending: [String: [Pending]] = [:]
    /// By symbol of the pass: the actor's name where something is pending for it.
    private var known: [String??] = []

    init(_ report: Report, _ list: FindingList, _ groups: [FindingGroup], name: @escaping (Symbol) -> String) {
        self.name = name
        let incident = Incident(report, list, groups)
        for group in incident.told {
            let members = incident.group(group).members.map { list.findings[$0] }
            // The one that begins the group, and the one that ends it.
            guard let first = members.min(by: { $0.at < $1.at }) else { continue }
            let last = members.max { ($0.until ?? $0.at) < ($1.until ?? $1.at) } ?? first
            watch(Turn(group: group, side: .begin), first, at: incident.surelyBegun(group), report)
            if !incident.group(group).lasts, let until = incident.group(group).until {
                watch(Turn(group: group, side: .end), last, at: until, report)
            }
            let finding = incident.finding(group)
            if let peak = finding.record(Finding.Part.peak) {
                watch(Turn(group: group, side: .peak), finding, at: peak.time, report)
            }
        }
        for actor in pending.keys { pending[actor]?.sort { $0.time > $1.time } }
    }

    private mutating func watch(_ turn: Turn, _ finding: Finding, at time: Timestamp, _ report: Report) {
        let actor = finding.evidence.last.map { report.symbols[$0.record.actor] } ?? finding.actor
        if let actor { pending[actor, default: []].append(Pending(time: time, turn: turn)) }
    }

    mutating func observe(_ batch: borrowing EventBatch, row: Int, delivery: Delivery) {
        guard let actor = actor(batch.actor[row]) else { return }
        let time = Timestamp(nanoseconds: batch.time[row])
        while let next = pending[actor]?.last, next.time <= time {
            orders[next.turn] = delivery.ordinal
            pending[actor]?.removeLast()
        }
    }

    private mutating func actor(_ symbol: Symbol) -> String? {
        let index = Int(symbol.index)
        if index >= known.count { known += Array(repeating: nil, count: index + 1 - known.count) }
        if let answer = known[index] { return answer }
        let text = name(symbol)
        let answer = pending[text] == nil ? nil : text
        known[index] = .some(answer)
        return answer
    }
}
