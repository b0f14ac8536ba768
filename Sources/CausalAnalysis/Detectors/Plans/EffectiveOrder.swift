import EventModel

/// The order in which an endpoint's steps took effect: a topological one under the constraints of EVENTS.md section 5,
/// strongest first; a weaker one that contradicts a stronger is dropped and counted.
enum EffectiveOrder {
    /// Steps among which every pair is compared in search of doubt about their order of arrival.
    private static let few = 16

    /// Puts steps that come as they arrived in order; how many constraints contradicted stronger ones. `active` is the
    /// generation before them. O(n) where each step is known to come after the one ahead of it, O(n²) otherwise.
    static func arrange(_ steps: inout [PlanStep], active: Int64?, clocks: inout EventClocks) -> UInt64 {
        if steps.count < 2 || isChain(steps, clocks) { return 0 }
        if steps.count <= few, isBeyondDoubt(steps, clocks) { return replacesOfLater(steps) }
        var order = PartialOrder(count: steps.count)
        var dropped = addCommits(of: steps, to: &order)
        dropped &+= addStoreTimes(of: steps, to: &order)
        dropped &+= addHappenedBefore(of: steps, to: &order, clocks)
        let times = times(of: steps, clocks: &clocks)
        dropped &+= addReplaces(of: steps, times: times, to: &order, clocks: &clocks)
        let sequence = linearise(steps, order: order, times: times, active: active, clocks: &clocks)
        if !sequence.elementsEqual(steps.indices) { steps = sequence.map { [steps] in steps[$0] } }
        return dropped
    }

    /// Whether each step happened before the next, and nothing stronger contradicts that.
    private static func isChain(_ steps: [PlanStep], _ clocks: borrowing EventClocks) -> Bool {
        var commit: Int64 = -1
        var store: StoreTime?
        for at in steps.indices {
            if steps[at].commit >= 0 {
                if steps[at].commit <= commit { return false }
                commit = steps[at].commit
            }
            if let time = steps[at].storeTime {
                if let store, !store.sharesCount(with: time) || time.stamp < store.stamp { return false }
                store = time
            }
            if at > 0, !steps[at - 1].happened(before: steps[at], clocks) { return false }
        }
        return true
    }

    /// Whether any of the three strongest rules puts each step before the next, and none puts a step before an earlier one.
    private static func isBeyondDoubt(_ steps: [PlanStep], _ clocks: borrowing EventClocks) -> Bool {
        for b in steps.indices {
            for a in 0..<b {
                if isKnown(steps[b], before: steps[a], clocks) { return false }
            }
            if b > 0, !isKnown(steps[b - 1], before: steps[b], clocks) { return false }
        }
        return true
    }

    private static func isKnown(_ x: PlanStep, before y: PlanStep, _ clocks: borrowing EventClocks) -> Bool {
        if x.commit >= 0, x.commit < y.commit { return true }
        if let a = x.storeTime, let b = y.storeTime, a.sharesCount(with: b), isEarlier(x, a, y, b) { return true }
        return x.happened(before: y, clocks)
    }

    /// Of steps whose order is known: how many displaced a generation that is only written later.
    private static func replacesOfLater(_ steps: [PlanStep]) -> UInt64 {
        var refused: UInt64 = 0
        for b in steps.indices where steps[b].kind == .write && steps[b].replaces > 0 {
            func isDisplaced(_ a: PlanStep) -> Bool { a.mayTakeEffect && a.plan == steps[b].replaces }
            if !steps[..<b].contains(where: isDisplaced), steps[(b + 1)...].contains(where: isDisplaced) {
                refused += 1
            }
        }
        return refused
    }

    private static func addCommits(of steps: [PlanStep], to order: inout PartialOrder) -> UInt64 {
        if steps.allSatisfy({ $0.commit < 0 }) { return 0 }
        let members = steps.indices.filter { steps[$0].commit >= 0 }.sorted {
            (steps[$0].commit, $0) < (steps[$1].commit, $1)
        }
        return order.chain(members) { steps[$0].commit < steps[$1].commit }
    }

    /// Entries of the store in the clocks, and the order of the store's own log, which is the same count. A failure's entry
    /// is that of the last effect ahead of it.
    private static func addStoreTimes(of steps: [PlanStep], to order: inout PartialOrder) -> UInt64 {
        if steps.allSatisfy({ $0.storeTime == nil }) { return 0 }
        func isBefore(_ a: Int, _ b: Int) -> Bool {
            guard let x = steps[a].storeTime, let y = steps[b].storeTime else { return false }
            if !x.sharesCount(with: y) { return (x.store.index, x.life) < (y.store.index, y.life) }
            return isEarlier(steps[a], x, steps[b], y)
        }
        let members = steps.indices.filter { steps[$0].storeTime != nil }.sorted {
            isBefore($0, $1) || (!isBefore($1, $0) && $0 < $1)
        }
        return order.chain(members) { a, b in
            guard let x = steps[a].storeTime, let y = steps[b].storeTime else { return false }
            return x.sharesCount(with: y) && isBefore(a, b)
        }
    }

    private static func isEarlier(_ a: PlanStep, _ x: StoreTime, _ b: PlanStep, _ y: StoreTime) -> Bool {
        x.stamp != y.stamp ? x.stamp < y.stamp : a.kind != .failure && b.kind == .failure
    }

    private static func addHappenedBefore(
        of steps: [PlanStep], to order: inout PartialOrder, _ clocks: borrowing EventClocks
    ) -> UInt64 {
        var refused: UInt64 = 0
        for b in steps.indices {
            for a in steps.indices.reversed() where a != b && !order.isBefore(a, b) {
                if steps[a].happened(before: steps[b], clocks), !order.put(a, before: b) { refused += 1 }
            }
        }
        return refused
    }

    /// A write that displaced g comes after the last write of g that is not later by its time; where all are, after the
    /// first that is not known to be later.
    private static func addReplaces(
        of steps: [PlanStep], times: [Int64], to order: inout PartialOrder, clocks: inout EventClocks
    ) -> UInt64 {
        var refused: UInt64 = 0
        for b in steps.indices where steps[b].kind == .write && steps[b].replaces > 0 {
            var ahead: Int?
            var behind: Int?
            var isKnownLater = false
            for a in steps.indices where a != b && steps[a].mayTakeEffect {
                if steps[a].plan != steps[b].replaces { continue }
                if order.isBefore(b, a) {
                    isKnownLater = true
                } else if times[a] <= times[b] || order.isBefore(a, b) {
                    if ahead.map({ times[a] > times[$0] }) ?? true { ahead = a }
                } else if !clocks.tell(steps[b].effect.moment, before: steps[a].start) {
                    if behind.map({ times[a] < times[$0] }) ?? true { behind = a }
                }
            }
            if let a = ahead ?? behind {
                if !order.put(a, before: b) { refused += 1 }
            } else if isKnownLater {
                refused += 1
            }
        }
        return refused
    }

    /// All times as one clock would show them: the first step's.
    private static func times(of steps: [PlanStep], clocks: inout EventClocks) -> [Int64] {
        guard let reference = steps.first?.effect.moment.actor else { return [] }
        return steps.map { clocks.time(of: $0.effect.moment, for: reference) }
    }

    /// Among the steps that nothing holds back: first one that displaced what is active, where the clocks do not tell it to
    /// be later than another; else the smallest time, then the writer's number, then arrival.
    private static func linearise(
        _ steps: [PlanStep], order: PartialOrder, times: [Int64], active: Int64?, clocks: inout EventClocks
    ) -> [Int] {
        var active = active
        var waiting = Array(repeating: 0, count: steps.count)
        for a in steps.indices {
            for b in steps.indices where order.isBefore(a, b) { waiting[b] += 1 }
        }
        func key(_ i: Int) -> (Int64, UInt32, UInt64) {
            (times[i], steps[i].effect.moment.actor.index, steps[i].effect.ordinal)
        }
        var sequence: [Int] = []
        var left = Array(steps.indices)
        while !left.isEmpty {
            var first: Int?
            var fitting: Int?
            for i in left where waiting[i] == 0 {
                if first.map({ key(i) < key($0) }) ?? true { first = i }
                guard steps[i].kind == .write, let active, steps[i].replaces == active else { continue }
                // Writing the same generation again leaves room for the others that displaced it.
                let again = steps[i].plan == active
                if let other = fitting {
                    let otherAgain = steps[other].plan == active
                    if again != otherAgain ? again : key(i) < key(other) { fitting = i }
                } else {
                    fitting = i
                }
            }
            guard var next = first else { break }
            if let fitting, fitting != next, steps[next].kind == .write, steps[next].replaces >= 0,
                !clocks.tell(steps[next].effect.moment, before: steps[fitting].start)
            {
                next = fitting
            }
            sequence.append(next)
            left.removeAll { $0 == next }
            for b in left where order.isBefore(next, b) { waiting[b] -= 1 }
            if steps[next].kind == .write { active = steps[next].plan }
        }
        return sequence
    }
}
