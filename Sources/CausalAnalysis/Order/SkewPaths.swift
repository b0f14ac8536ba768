import HeapModule

extension SkewGraph {
    /// So many edges are looked at for one bound; beyond that nothing is said.
    static let work = 1 << 15

    private struct Step: Comparable {
        let slack: Int64
        let node: Int32

        static func < (a: Step, b: Step) -> Bool { (a.slack, a.node) < (b.slack, b.node) }
    }

    /// How much further the clock of one node may be off than that of another, by the shortest path (Dijkstra); nil where no path says it, or
    /// it was not found within `work` edges.
    func most(of target: Int, from source: Int, work: Int = Self.work) -> Int64? {
        if source == target { return 0 }
        var reached: [Int32: Int64] = [Int32(source): 0]
        var heap = Heap([Step(slack: 0, node: Int32(source))])
        var left = work
        while let step = heap.popMin() {
            let node = Int(step.node)
            if node == target { return step.slack + solution[target] - solution[source] }
            if reached[step.node].map({ $0 < step.slack }) ?? false { continue }
            let edges = edges(from: node)
            left -= edges.count
            if left < 0 { return nil }
            for edge in edges {
                let slack = step.slack + solution[node] + edge.most - solution[Int(edge.to)]
                if let known = reached[edge.to], known <= slack { continue }
                reached[edge.to] = slack
                heap.insert(Step(slack: slack, node: edge.to))
            }
        }
        return nil
    }
}
