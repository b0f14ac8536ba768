import HeapModule

/// Shortest paths on a graph of skew (Dijkstra), one after the other in the same memory.
struct SkewSearch {
    private struct Step: Comparable {
        let slack: Int64
        let node: Int32

        static func < (a: Step, b: Step) -> Bool { (a.slack, a.node) < (b.slack, b.node) }
    }

    /// So many edges are looked at for one bound; beyond that nothing is said.
    static let work = 1 << 15

    private let graph: SkewGraph
    /// By node: the least slack found, and in which search.
    private var slacks: [Int64]
    private var searches: [UInt32]
    private var search: UInt32 = 0

    /// O(nodes).
    init(_ graph: SkewGraph) {
        self.graph = graph
        slacks = Array(repeating: 0, count: graph.nodes.count)
        searches = Array(repeating: 0, count: graph.nodes.count)
    }

    /// How much further the clock of one node may be off than that of another; nil where no path says it, or it was not found within `work`
    /// edges.
    mutating func most(of target: Int, from source: Int, work: Int) -> Int64? {
        if source == target { return 0 }
        search += 1
        reach(source, 0)
        var heap = Heap([Step(slack: 0, node: Int32(source))])
        var left = work
        while let step = heap.popMin() {
            let node = Int(step.node)
            if node == target { return step.slack + graph.solution[target] - graph.solution[source] }
            if slacks[node] < step.slack { continue }
            let edges = graph.edges(from: node)
            left -= edges.count
            if left < 0 { return nil }
            for edge in edges {
                let to = Int(edge.to)
                let slack = step.slack + graph.solution[node] + edge.most - graph.solution[to]
                if searches[to] == search, slacks[to] <= slack { continue }
                reach(to, slack)
                heap.insert(Step(slack: slack, node: edge.to))
            }
        }
        return nil
    }

    private mutating func reach(_ node: Int, _ slack: Int64) {
        slacks[node] = slack
        searches[node] = search
    }
}
