import EventModel

/// What the five rules say about an endpoint's steps, as edges of a graph, which is free of cycles once they are all there.
struct OrderConstraints {
    /// Of an actor's incarnations the answers or store's records here, in their order, each with its node in the graph.
    private struct Events {
        var lineage: Int32
        var processes: [ProcessID] = []
        var stamps: [Stamp] = []
        var nodes: [Int] = []
        var steps: [Int] = []
    }

    private(set) var graph: ConstraintGraph
    /// Of a step the write that it displaced by `replaces`.
    private(set) var replaced: [Int: Int] = [:]
    /// Edges that a stronger rule contradicts from the beginning.
    private var refused: UInt64 = 0

    /// - Parameter times: of each step, as one clock would show them.
    init(_ steps: [PlanStep], _ times: [Int64], _ records: EndpointRecords) {
        graph = ConstraintGraph(steps: steps.count)
        addCommits(steps)
        addStoreTimes(steps, records)
        addHappenedBefore(steps, records)
        addReplaces(steps, times, records)
        graph.breakCycles()
    }

    /// How many constraints contradicted stronger ones.
    var dropped: UInt64 { graph.dropped + refused }

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
        let rules = records.clocks.settled.rules
        for at in steps.indices {
            for begin in [steps[at].logged, steps[at].sending] where begin >= 0 && rules.contains(.happenedBefore) {
                addKnown(to: records.moment(begin), before: at, rule: 3, events, records)
            }
            if steps[at].answer >= 0, rules.contains(.answers) {
                addKnown(to: records.moment(steps[at].answer), before: at, rule: 5, events, records)
            }
        }
    }

    /// Makes a node of each answer and store's record, in the order of their actors.
    private mutating func events(of steps: [PlanStep], _ records: EndpointRecords) -> [Events] {
        var ends: [(lineage: Int32, moment: Moment, step: Int)] = []
        for at in steps.indices {
            for end in [steps[at].logged, steps[at].answer] where end >= 0 {
                let moment = records.moment(end)
                ends.append((records.clocks.settled.history.lineage(of: moment.process), moment, at))
            }
        }
        // A process that begins later has the higher number, so an actor's incarnations follow one another.
        ends.sort {
            ($0.lineage, $0.moment.process, $0.moment.stamp, $0.step)
                < ($1.lineage, $1.moment.process, $1.moment.stamp, $1.step)
        }
        var events: [Events] = []
        for end in ends {
            let node = graph.addEvent()
            graph.add(end.step, before: node, rule: 0)
            if events.last?.lineage != end.lineage {
                events.append(Events(lineage: end.lineage))
            } else if let before = events.last?.nodes.last {
                graph.add(before, before: node, rule: 0)
            }
            let last = events.count - 1
            events[last].processes.append(end.moment.process)
            events[last].stamps.append(end.moment.stamp)
            events[last].nodes.append(node)
            events[last].steps.append(end.step)
        }
        return events
    }

    /// Puts all that an event knew of before a step. Who knows of an incarnation knows of all before it, so of each actor's events a first
    /// part is known: O(actors · log events).
    private mutating func addKnown(
        to event: Moment, before step: Int, rule: UInt8, _ events: [Events], _ records: EndpointRecords
    ) {
        for other in events {
            let known = other.nodes.indices.partition { at in
                let process = other.processes[at]
                if process == event.process { return other.stamps[at] >= event.stamp }
                return records.clocks.entry(event, of: process) < other.stamps[at]
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
                refused += 1
            }
        }
    }

    private func isBefore(_ x: PlanStep, _ y: PlanStep, _ records: EndpointRecords) -> Bool {
        if x.commit >= 0, y.commit >= 0 { return x.commit < y.commit }
        return records.storeOrder(x, before: y) != nil || records.happened(x, before: y) != nil
    }
}
