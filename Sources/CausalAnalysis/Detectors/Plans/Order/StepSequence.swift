import EventModel

/// The one sequence of steps that a graph of constraints and their times give.
enum StepSequence {
    /// All times as one clock would show them: the first step's.
    static func times(of steps: [PlanStep], _ records: inout EndpointRecords) -> [Int64] {
        let actor = records.moment(steps[0].effect).actor
        return steps.map { records.clocks.time(of: records.moment($0.effect), for: actor) }
    }

    /// Among the steps that nothing holds back: first one that displaced what is active, where the clocks do not tell it to
    /// be later than another; else the smallest time, then the smallest name, then the actor's own order.
    static func of(
        _ steps: [PlanStep], _ times: [Int64], _ graph: ConstraintGraph, _ records: inout EndpointRecords
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
}
