/// Strongly connected components of a directed graph (Tarjan 1972), without recursion.
enum StronglyConnected {
    /// The number of each node's component.
    /// - Parameters:
    ///   - starts: where the edges of each node begin; one more than there are nodes.
    ///   - target: the node that an edge leads to; nil of an edge that does not count.
    static func components(_ starts: [Int32], _ target: (Int) -> Int32?) -> [Int32] {
        let count = starts.count - 1
        var component = [Int32](repeating: -1, count: count)
        var index = component
        var low = component
        var stack: [Int32] = []
        var next: Int32 = 0
        var found: Int32 = 0
        var path: [(node: Int, edge: Int)] = []
        func enter(_ node: Int) {
            path.append((node, Int(starts[node])))
            index[node] = next
            low[node] = next
            next += 1
            stack.append(Int32(node))
        }
        for root in 0..<count where index[root] < 0 {
            enter(root)
            while let (node, edge) = path.last {
                if edge < Int(starts[node + 1]) {
                    path[path.count - 1].edge += 1
                    guard let other = target(edge).map({ Int($0) }) else { continue }
                    if index[other] < 0 {
                        enter(other)
                    } else if component[other] < 0 {
                        low[node] = min(low[node], index[other])
                    }
                    continue
                }
                path.removeLast()
                if let parent = path.last?.node { low[parent] = min(low[parent], low[node]) }
                if low[node] != index[node] { continue }
                while let member = stack.popLast() {
                    component[Int(member)] = found
                    if Int(member) == node { break }
                }
                found += 1
            }
        }
        return component
    }
}
