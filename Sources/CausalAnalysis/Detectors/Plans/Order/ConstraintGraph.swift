/// Constraints among the steps of one endpoint: a directed graph whose edges come from rules of different strength.
///
/// Nodes below `steps` are steps. The others stand for events: that an answer was there is known to all who know a later event of its
/// process, so one edge from the latest of them says it of all.
struct ConstraintGraph {
    struct Edge {
        var from: Int32
        var to: Int32
        /// 1 is the strongest; 0 cannot be dropped.
        var rule: UInt8
    }

    let steps: Int
    private(set) var count: Int
    private(set) var edges: [Edge] = []
    /// Of each rule whose edges were dropped, the cycles that each node was in: two of one number stood in one.
    private(set) var cycles: [UInt8: [Int32]] = [:]
    private(set) var dropped: UInt64 = 0

    init(steps: Int) {
        self.steps = steps
        count = steps
    }

    /// Adds a node that stands for an event.
    mutating func addEvent() -> Int {
        count += 1
        return count - 1
    }

    mutating func add(_ from: Int, before to: Int, rule: UInt8) {
        if from != to { edges.append(Edge(from: Int32(from), to: Int32(to), rule: rule)) }
    }

    /// Whether edges of a rule between two steps were dropped since they stood in a cycle.
    func isRefuted(_ rule: UInt8, _ a: Int, _ b: Int) -> Bool {
        guard let cycles = cycles[rule] else { return false }
        return cycles[a] == cycles[b]
    }

    /// Breaks all cycles: of each, all edges that come from its weakest rule go. O(rules · (nodes + edges)).
    mutating func breakCycles() {
        if isAcyclic { return }
        for rule in UInt8(2)...5 {
            let component = components(upTo: rule)
            let left = edges.filter { $0.rule != rule || component[Int($0.from)] != component[Int($0.to)] }
            if left.count == edges.count { continue }
            dropped += UInt64(edges.count - left.count)
            edges = left
            cycles[rule] = component
        }
    }

    /// The edges of each node, side by side.
    struct Successors {
        var starts: [Int32]
        var targets: [Int32]

        func of(_ node: Int) -> ArraySlice<Int32> { targets[Int(starts[node])..<Int(starts[node + 1])] }
    }

    func successors(upTo rule: UInt8 = .max) -> Successors {
        var starts = Array(repeating: Int32(0), count: count + 1)
        for edge in edges where edge.rule <= rule { starts[Int(edge.from) + 1] += 1 }
        for node in 0..<count { starts[node + 1] += starts[node] }
        var next = starts
        var targets = Array(repeating: Int32(0), count: Int(starts[count]))
        for edge in edges where edge.rule <= rule {
            targets[Int(next[Int(edge.from)])] = edge.to
            next[Int(edge.from)] += 1
        }
        return Successors(starts: starts, targets: targets)
    }

    private var isAcyclic: Bool {
        let next = successors()
        var waiting = Array(repeating: 0, count: count)
        for edge in edges { waiting[Int(edge.to)] += 1 }
        var ready = (0..<count).filter { waiting[$0] == 0 }
        var seen = 0
        while let node = ready.popLast() {
            seen += 1
            for target in next.of(node) {
                waiting[Int(target)] -= 1
                if waiting[Int(target)] == 0 { ready.append(Int(target)) }
            }
        }
        return seen == count
    }

    /// The strongly connected components, by number (Tarjan 1972), without recursion.
    private func components(upTo rule: UInt8) -> [Int32] {
        let next = successors(upTo: rule)
        var component = Array(repeating: Int32(-1), count: count)
        var index = Array(repeating: Int32(-1), count: count)
        var low = index
        var path: [(node: Int, edge: Int)] = []
        var stack: [Int] = []
        var visited: Int32 = 0
        var found: Int32 = 0
        for root in 0..<count where index[root] < 0 {
            path.append((root, 0))
            while let (node, edge) = path.last {
                if edge == 0 {
                    index[node] = visited
                    low[node] = visited
                    visited += 1
                    stack.append(node)
                }
                let targets = next.of(node)
                if edge < targets.count {
                    path[path.count - 1].edge += 1
                    let target = Int(targets[targets.startIndex + edge])
                    if index[target] < 0 {
                        path.append((target, 0))
                    } else if component[target] < 0 {
                        low[node] = min(low[node], index[target])
                    }
                    continue
                }
                path.removeLast()
                if let parent = path.last?.node { low[parent] = min(low[parent], low[node]) }
                guard low[node] == index[node] else { continue }
                while let member = stack.popLast() {
                    component[member] = found
                    if member == node { break }
                }
                found += 1
            }
        }
        return component
    }
}
