import EventModel

/// The order in which an endpoint's steps took effect: a topological one under the five rules of EVENTS.md section 5, strongest first.
///
/// 1. `commit`. 2. The store's time: its entry in the clocks, the order of its own log. 3. → from the one's answer, or the store's record of it,
/// to the other's sending or the store's record of that. 4. `replaces`. 5. → from answer to answer.
struct EffectiveOrder {
    /// Of the processes that have answers or store's records here: these in their order, each with its node in the graph.
    private struct Events {
        var process: ProcessID
        var stamps: [Stamp] = []
        var nodes: [Int] = []
        var steps: [Int] = []
    }

    /// Once more writes than this have no order among them, all that follow are held to be in doubt.
    private static let width = 256

    private(set) var droppedConstraints: UInt64 = 0
    /// Whether all steps stand one after the other by rules 1 and 2 alone.
    private var isTotal = true
    /// Of each step, whether rules 1 to 4 put all writes ahead of it before it, and all those behind it after it.
    private var isAfterAll: [Bool] = []
    private var isBeforeAll: [Bool] = []
    private var graph = ConstraintGraph(steps: 0)
    /// By a step's place now, its node; and of a node the write that it displaced by `replaces`.
    private var nodes: [Int] = []
    private var replaced: [Int: Int] = [:]

    /// Puts steps in order.
    init(_ steps: inout [PlanStep], _ records: inout EndpointRecords) {
        if steps.count < 2 { return }
        steps.sort { $0.effect < $1.effect }
        if Self.isTotal(steps, records) {
            droppedConstraints = Self.displacedLater(steps)
            return
        }
        isTotal = false
        graph = ConstraintGraph(steps: steps.count)
        let times = Self.times(of: steps, &records)
        addCommits(steps)
        addStoreTimes(steps, records)
        addHappenedBefore(steps, records)
        addReplaces(steps, times, records)
        graph.breakCycles()
        droppedConstraints += graph.dropped
        nodes = linearise(steps, times, &records)
        steps = nodes.map { [steps] in steps[$0] }
        findCuts(steps, records)
    }

    // MARK: The ordinary course

    /// Whether rules 1 and 2 put each step before the next, and no weaker rule can contradict them: since records are delivered in the order
    /// of →, none of a later step was delivered wholly ahead of an earlier one.
    private static func isTotal(_ steps: [PlanStep], _ records: EndpointRecords) -> Bool {
        var store: StoreTime?
        var hasCommit = false
        for at in steps.indices {
            if let time = steps[at].storeTime {
                if let store, !store.sharesCount(with: time) || time.stamp < store.stamp { return false }
                store = time
            }
            if at == 0 {
                hasCommit = steps[at].commit >= 0
                continue
            }
            let (x, y) = (steps[at - 1], steps[at])
            if (y.commit >= 0) != hasCommit { return false }
            if hasCommit ? x.commit >= y.commit : records.storeOrder(x, before: y) != .proven { return false }
        }
        var earliest = Int32.max
        for step in steps.reversed() {
            if earliest < min(step.start, step.main, step.effect) { return false }
            earliest = min(earliest, max(step.main, step.effect))
        }
        return true
    }

    /// Of steps whose order is known: how many displaced a generation that is only written later.
    private static func displacedLater(_ steps: [PlanStep]) -> UInt64 {
        var dropped: UInt64 = 0
        for at in steps.indices where steps[at].replaces > 0 && steps[at].kind == .write {
            let wanted = steps[at].replaces
            if at > 0, steps[at - 1].plan == wanted { continue }
            if !steps[..<at].contains(where: { $0.plan == wanted }),
                steps[(at + 1)...].contains(where: { $0.plan == wanted })
            {
                dropped += 1
            }
        }
        return dropped
    }

    // MARK: The rules

    private mutating func addCommits(_ steps: [PlanStep]) {
        let members = steps.indices.filter { steps[$0].commit >= 0 }.sorted {
            (steps[$0].commit, $0) < (steps[$1].commit, $1)
        }
        chain(members, rule: 1) { steps[$0].commit < steps[$1].commit }
    }

    private mutating func addStoreTimes(_ steps: [PlanStep], _ records: EndpointRecords) {
        func key(_ at: Int) -> (UInt32, Int32, Int64, UInt32, Int) {
            guard let time = steps[at].storeTime else { return (0, 0, 0, 0, 0) }
            return (time.store.index, time.incarnation, time.counter, time.position, steps[at].kind == .failure ? 1 : 0)
        }
        let members = steps.indices.filter { steps[$0].storeTime != nil }.sorted {
            let (a, b) = (key($0), key($1))
            return a == b ? $0 < $1 : a < b
        }
        chain(members, rule: 2) { records.storeOrder(steps[$0], before: steps[$1]) != nil }
    }

    /// Puts the members of a chain one after the other: those that are alike all come after the last that is not.
    private mutating func chain(_ members: [Int], rule: UInt8, isStrict: (Int, Int) -> Bool) {
        var ahead = 0..<0
        var alike = 0..<0
        for at in members.indices {
            if let last = alike.last, isStrict(members[last], members[at]) {
                ahead = alike
                alike = at..<at + 1
            } else {
                alike = alike.lowerBound..<at + 1
            }
            for before in ahead where isStrict(members[before], members[at]) {
                graph.add(members[before], before: members[at], rule: rule)
            }
        }
    }

    private mutating func addHappenedBefore(_ steps: [PlanStep], _ records: EndpointRecords) {
        let events = events(of: steps, records)
        for at in steps.indices {
            for begin in [steps[at].logged, steps[at].sending] where begin >= 0 {
                addKnown(to: records.moment(begin), before: at, rule: 3, events, records)
            }
            if steps[at].answer >= 0 {
                addKnown(to: records.moment(steps[at].answer), before: at, rule: 5, events, records)
            }
        }
    }

    /// Makes a node of each answer and store's record, in the order of their processes.
    private mutating func events(of steps: [PlanStep], _ records: EndpointRecords) -> [Events] {
        var ends: [(moment: Moment, step: Int)] = []
        for at in steps.indices {
            for end in [steps[at].logged, steps[at].answer] where end >= 0 { ends.append((records.moment(end), at)) }
        }
        ends.sort { ($0.moment.process, $0.moment.stamp, $0.step) < ($1.moment.process, $1.moment.stamp, $1.step) }
        var events: [Events] = []
        for end in ends {
            let node = graph.addEvent()
            graph.add(end.step, before: node, rule: 0)
            if events.last?.process != end.moment.process {
                events.append(Events(process: end.moment.process))
            } else if let before = events.last?.nodes.last {
                graph.add(before, before: node, rule: 0)
            }
            let last = events.count - 1
            events[last].stamps.append(end.moment.stamp)
            events[last].nodes.append(node)
            events[last].steps.append(end.step)
        }
        return events
    }

    /// Puts all that an event knew of before a step.
    private mutating func addKnown(
        to event: Moment, before step: Int, rule: UInt8, _ events: [Events], _ records: EndpointRecords
    ) {
        for other in events {
            let known: Int
            if other.process == event.process {
                known = other.stamps.partition { $0 >= event.stamp }
            } else {
                let entry = records.clocks.entry(event, of: other.process)
                if entry == .zero { continue }
                known = other.stamps.partition { $0 > entry }
            }
            var last = known - 1
            while last >= 0, other.steps[last] == step { last -= 1 }
            if last >= 0 { graph.add(other.nodes[last], before: step, rule: rule) }
        }
    }

    /// A write that displaced g comes after the last write of g that is not later by its time; where all are, after the first. One that a
    /// stronger rule puts later is none of them.
    private mutating func addReplaces(_ steps: [PlanStep], _ times: [Int64], _ records: EndpointRecords) {
        var writes: [Int64: [Int]] = [:]
        let wanted = Set(steps.filter { $0.kind == .write }.map(\.replaces))
        for at in steps.indices where wanted.contains(steps[at].plan) && steps[at].plan > 0 {
            if steps[at].kind == .write || steps[at].kind == .uncertain {
                writes[steps[at].plan, default: []].append(at)
            }
        }
        for at in steps.indices where steps[at].kind == .write && steps[at].replaces > 0 {
            var ahead: Int?
            var behind: Int?
            var isKnownLater = false
            for other in writes[steps[at].replaces] ?? [] where other != at {
                if isBefore(steps[at], steps[other], records) {
                    isKnownLater = true
                } else if times[other] <= times[at] || isBefore(steps[other], steps[at], records) {
                    if ahead.map({ times[other] > times[$0] }) ?? true { ahead = other }
                } else if behind.map({ times[other] < times[$0] }) ?? true {
                    behind = other
                }
            }
            if let other = ahead ?? behind {
                graph.add(other, before: at, rule: 4)
                replaced[at] = other
            } else if isKnownLater {
                droppedConstraints += 1
            }
        }
    }

    private func isBefore(_ x: PlanStep, _ y: PlanStep, _ records: EndpointRecords) -> Bool {
        if x.commit >= 0, y.commit >= 0 { return x.commit < y.commit }
        return records.storeOrder(x, before: y) != nil || records.happened(x, before: y) != nil
    }

    // MARK: One sequence

    /// All times as one clock would show them: the first step's.
    private static func times(of steps: [PlanStep], _ records: inout EndpointRecords) -> [Int64] {
        let actor = records.moment(steps[0].effect).actor
        return steps.map { records.clocks.time(of: records.moment($0.effect), for: actor) }
    }

    /// Among the steps that nothing holds back: first one that displaced what is active, where the clocks do not tell it to
    /// be later than another; else the smallest time, then the smallest name, then the actor's own order.
    private func linearise(
        _ steps: [PlanStep], _ times: [Int64], _ records: inout EndpointRecords
    ) -> [Int] {
        let next = graph.successors()
        var waiting = Array(repeating: 0, count: graph.count)
        for edge in graph.edges { waiting[Int(edge.to)] += 1 }
        var ready: [Int] = []
        var sequence: [Int] = []
        var active: Int64 = -1
        /// Lets go of a node; events let go of what waits for them.
        func release(_ node: Int) {
            var left = [node]
            while let node = left.popLast() {
                if node < steps.count {
                    ready.append(node)
                    continue
                }
                for target in next.of(node) {
                    waiting[Int(target)] -= 1
                    if waiting[Int(target)] == 0 { left.append(Int(target)) }
                }
            }
        }
        func isEarlier(_ a: Int, _ b: Int) -> Bool {
            if times[a] != times[b] { return times[a] < times[b] }
            let (x, y) = (records.moment(steps[a].effect), records.moment(steps[b].effect))
            if x.actor != y.actor { return records.clocks.settled.symbols.isOrdered(x.actor, before: y.actor) }
            return (x.process, x.stamp, a) < (y.process, y.stamp, b)
        }
        for node in 0..<graph.count where waiting[node] == 0 { release(node) }
        while let some = ready.first {
            var first = some
            var fitting: Int?
            for node in ready {
                if isEarlier(node, first) { first = node }
                guard steps[node].kind == .write, active >= 0, steps[node].replaces == active else { continue }
                // Writing the same generation again leaves room for the others that displaced it.
                let isAgain = steps[node].plan == active
                if let other = fitting {
                    let otherAgain = steps[other].plan == active
                    if isAgain != otherAgain ? isAgain : isEarlier(node, other) { fitting = node }
                } else {
                    fitting = node
                }
            }
            if let fitting, fitting != first, steps[first].kind == .write, steps[first].replaces >= 0,
                records.gap(steps[first], steps[fitting]).lowerBound <= 0
            {
                first = fitting
            }
            ready.removeAll { $0 == first }
            sequence.append(first)
            if steps[first].kind == .write { active = steps[first].plan }
            for target in next.of(first) {
                waiting[Int(target)] -= 1
                if waiting[Int(target)] == 0 { release(Int(target)) }
            }
        }
        return sequence
    }

    // MARK: What is proven

    /// Whether rules 1 to 4 leave no write of which it is open whether it came between two neighbours.
    func isProven(_ x: Int, then y: Int) -> Bool { isTotal || (isAfterAll[x] && isBeforeAll[y]) }

    /// Whether a rule was dropped between two steps since it stood in a cycle.
    func isRefuted(_ rule: UInt8, _ x: Int, _ y: Int) -> Bool { !isTotal && graph.isRefuted(rule, nodes[x], nodes[y]) }

    /// Goes through the writes from either end: as long as all but one of those seen are known to be before that one, it is a cut.
    private mutating func findCuts(_ steps: [PlanStep], _ records: EndpointRecords) {
        let writes = steps.indices.filter { steps[$0].kind == .write }
        isAfterAll = cuts(writes, steps.count) { isProven($0, before: $1, steps, records) }
        isBeforeAll = cuts(writes.reversed(), steps.count) { isProven($1, before: $0, steps, records) }
    }

    private func cuts(_ writes: [Int], _ count: Int, _ isKnown: (Int, Int) -> Bool) -> [Bool] {
        var isCut = Array(repeating: false, count: count)
        var open: [Int] = []
        for at in writes {
            open.removeAll { isKnown($0, at) }
            open.append(at)
            if open.count > Self.width { break }
            isCut[at] = open.count == 1
        }
        return isCut
    }

    private func isProven(_ x: Int, before y: Int, _ steps: [PlanStep], _ records: EndpointRecords) -> Bool {
        let (a, b) = (steps[x], steps[y])
        if a.commit >= 0, b.commit >= 0 { return a.commit < b.commit }
        if !isRefuted(2, x, y), records.storeOrder(a, before: b) == .proven { return true }
        if !isRefuted(3, x, y), records.happened(a, before: b) == .proven { return true }
        return !isRefuted(4, x, y) && replaced[nodes[y]] == nodes[x]
    }
}
