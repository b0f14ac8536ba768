import EventModel

/// What messages told of all clocks, as difference constraints: one unknown for each actor and ten minutes of its own clock, how far that clock
/// is off.
///
/// An edge from x to y says that y's clock is off by at most so much more than x's. Messages give edges, and so does drift between neighbouring
/// stretches of one clock. Constraints can be met exactly if no cycle of edges has a negative sum (Bellman and Ford); what was found to meet them
/// turns all edges into distances that are not negative, so that a bound that is asked for is a shortest path (Johnson 1977).
struct SkewGraph: Sendable {
    /// Ten minutes of an actor's clock.
    struct Node: Sendable {
        let actor: Symbol
        let span: Int64
    }

    enum Rule: UInt8, Sendable {
        case given, inferred, drift
    }

    struct Edge: Sendable {
        let from: Int32
        let to: Int32
        fileprivate(set) var most: Int64
        let rule: Rule
        fileprivate(set) var isDropped = false
    }

    /// Edges that cannot all be true: a clock was set in between, or an inferred edge is false.
    struct Contradiction: Sendable {
        /// The stretches concerned, in the cycle's order.
        let nodes: [Node]
        /// By how much their bounds miss one another.
        let amount: Int64
        /// The kind of edges that were dropped for it.
        let dropped: Rule
    }

    /// By actor, then span.
    private(set) var nodes: [Node] = []
    /// By the node that they start from.
    private(set) var edges: [Edge] = []
    /// Where the edges of a node begin; one more than there are nodes.
    private var starts: [Int32] = []
    /// How far each clock may be off so that all constraints are met.
    private(set) var solution: [Int64] = []
    private(set) var contradictions: [Contradiction] = []
    private(set) var contradictionCount = 0
    private let drift: Int64

    /// In so many rounds of Bellman and Ford's algorithm contradictions are told apart; what is left of them then is dropped at once.
    private static let rounds = 1000
    /// So many contradictions are kept to be named.
    private static let named = 32
    /// Solutions beyond this are not looked for.
    private static let largest: Int64 = 1 << 60

    /// - Parameter drift: how much two neighbouring stretches of one clock may differ, and the most stretches between neighbours.
    init(_ known: [SkewEdge], drift: Int64, neighbours: Int64) {
        self.drift = drift
        number(known)
        var edges: [Edge] = []
        for edge in known {
            guard let from = index(edge.stretch.from, edge.stretch.fromSpan),
                let to = index(edge.stretch.to, edge.stretch.toSpan)
            else { continue }
            edges.append(
                Edge(
                    from: Int32(from), to: Int32(to), most: 0 - edge.least,
                    rule: edge.stretch.isInferred ? .inferred : .given))
        }
        for at in nodes.indices.dropFirst() where nodes[at].actor == nodes[at - 1].actor {
            let (gap, isBeyond) = nodes[at].span.subtractingReportingOverflow(nodes[at - 1].span)
            if isBeyond || gap > neighbours { continue }
            for (from, to) in [(at - 1, at), (at, at - 1)] {
                edges.append(Edge(from: Int32(from), to: Int32(to), most: gap * drift, rule: .drift))
            }
        }
        edges.sort { ($0.from, $0.to, $0.most) < ($1.from, $1.to, $1.most) }
        self.edges = edges
        solve()
        self.edges.removeAll(where: \.isDropped)
        starts = Array(repeating: 0, count: nodes.count + 1)
        for edge in self.edges { starts[Int(edge.from) + 1] += 1 }
        for at in nodes.indices { starts[at + 1] += starts[at] }
    }

    // MARK: Nodes

    private mutating func number(_ known: [SkewEdge]) {
        var all: [Node] = []
        all.reserveCapacity(2 * known.count)
        for edge in known {
            all.append(Node(actor: edge.stretch.from, span: edge.stretch.fromSpan))
            all.append(Node(actor: edge.stretch.to, span: edge.stretch.toSpan))
        }
        all.sort { ($0.actor.index, $0.span) < ($1.actor.index, $1.span) }
        for node in all where nodes.last.map({ $0.actor != node.actor || $0.span != node.span }) ?? true {
            nodes.append(node)
        }
    }

    /// The first node of an actor from a span on, or behind it all of its nodes.
    private func firstIndex(_ actor: Symbol, from span: Int64) -> Int {
        var low = 0
        var high = nodes.count
        while low < high {
            let middle = (low + high) / 2
            if (nodes[middle].actor.index, nodes[middle].span) < (actor.index, span) {
                low = middle + 1
            } else {
                high = middle
            }
        }
        return low
    }

    private func index(_ actor: Symbol, _ span: Int64) -> Int? {
        let at = firstIndex(actor, from: span)
        return at < nodes.count && nodes[at].actor == actor && nodes[at].span == span ? at : nil
    }

    /// The nodes of an actor nearest to a span on either side, or the one at it, and how many spans away they are.
    func nearest(_ actor: Symbol, _ span: Int64, within limit: Int64) -> [(node: Int, distance: Int64)] {
        let next = firstIndex(actor, from: span)
        var found: [(node: Int, distance: Int64)] = []
        for at in [next - 1, next] where nodes.indices.contains(at) && nodes[at].actor == actor {
            let (distance, isBeyond) = nodes[at].span.subtractingReportingOverflow(span)
            if nodes[at].span == span { return [(at, 0)] }
            // What is no longer split in time holds at all times.
            if nodes[at].span == .max {
                found.append((at, 0))
            } else if !isBeyond, distance.magnitude <= limit {
                found.append((at, abs(distance)))
            }
        }
        return found
    }

    /// The edges that start from a node.
    func edges(from node: Int) -> ArraySlice<Edge> { edges[Int(starts[node])..<Int(starts[node + 1])] }

    // MARK: Solving

    /// Looks for offsets that meet all constraints, and drops what contradicts itself.
    private mutating func solve() {
        solution = Array(repeating: 0, count: nodes.count)
        var parents = [Int32](repeating: -1, count: nodes.count)
        var round = 0
        while relax(&parents, backwards: round % 2 == 1) {
            round += 1
            if round == Self.rounds {
                for at in edges.indices where isViolated(edges[at]) { edges[at].isDropped = true }
                return
            }
            for cycle in cycles(of: parents) {
                if isDrift(cycle) { widen(cycle) } else { drop(cycle) }
                for at in cycle { parents[Int(edges[at].to)] = -1 }
            }
        }
    }

    private func isViolated(_ edge: Edge) -> Bool {
        !edge.isDropped && solution[Int(edge.from)] + edge.most < solution[Int(edge.to)]
    }

    /// One round over all edges; whether an offset has changed.
    private mutating func relax(_ parents: inout [Int32], backwards: Bool) -> Bool {
        var hasChanged = false
        for step in edges.indices {
            let at = backwards ? edges.count - 1 - step : step
            let edge = edges[at]
            if !isViolated(edge) { continue }
            let offset = solution[Int(edge.from)] + edge.most
            if offset < -Self.largest {
                edges[at].isDropped = true
                continue
            }
            solution[Int(edge.to)] = offset
            parents[Int(edge.to)] = Int32(at)
            hasChanged = true
        }
        return hasChanged
    }

    /// The cycles among the edges by which offsets were found, each as its edges.
    private func cycles(of parents: [Int32]) -> [[Int]] {
        var visit = [Int32](repeating: -1, count: nodes.count)
        var found: [[Int]] = []
        for start in nodes.indices where visit[start] < 0 {
            var node = start
            while visit[node] < 0, parents[node] >= 0 {
                visit[node] = Int32(start)
                node = Int(edges[Int(parents[node])].from)
            }
            if visit[node] != Int32(start) {
                if visit[node] < 0 { visit[node] = Int32(start) }
                continue
            }
            guard parents[node] >= 0 else { continue }
            var cycle: [Int] = []
            let first = node
            repeat {
                cycle.append(Int(parents[node]))
                node = Int(edges[Int(parents[node])].from)
            } while node != first
            found.append(cycle)
        }
        return found
    }

    /// By how much the bounds of a negative cycle miss one another.
    private func amount(of cycle: [Int]) -> Int64 { 0 - cycle.reduce(0) { $0 + edges[$1].most } }

    /// Whether the stretches of a cycle need only have drifted meanwhile.
    private func isDrift(_ cycle: [Int]) -> Bool { amount(of: cycle) <= drift * Int64(cycle.count) }

    /// Lets the messages of a cycle bound clocks by so much less that all of them hold: each tells of another moment of its stretch.
    private mutating func widen(_ cycle: [Int]) {
        let amount = amount(of: cycle)
        for at in cycle where edges[at].rule != .drift { edges[at].most += amount }
    }

    /// Drops a negative cycle's inferred edges, else what ties its stretches of one clock together, else its messages.
    private mutating func drop(_ cycle: [Int]) {
        let rule: Rule =
            cycle.contains { edges[$0].rule == .inferred }
            ? .inferred : cycle.contains { edges[$0].rule == .drift } ? .drift : .given
        contradictionCount += 1
        if contradictions.count < Self.named {
            contradictions.append(
                Contradiction(
                    nodes: cycle.reversed().map { nodes[Int(edges[$0].from)] },
                    amount: amount(of: cycle), dropped: rule))
        }
        for at in cycle where edges[at].rule == rule {
            let (from, to) = (edges[at].from, edges[at].to)
            edges[at].isDropped = true
            if rule != .drift { continue }
            // A clock that was set between two stretches ties them neither way.
            guard let back = edgeOfDrift(from: to, to: from) else { continue }
            edges[back].isDropped = true
        }
    }

    private func edgeOfDrift(from: Int32, to: Int32) -> Int? {
        var low = 0
        var high = edges.count
        while low < high {
            let middle = (low + high) / 2
            if (edges[middle].from, edges[middle].to) < (from, to) { low = middle + 1 } else { high = middle }
        }
        while low < edges.count, edges[low].from == from, edges[low].to == to {
            if edges[low].rule == .drift { return low }
            low += 1
        }
        return nil
    }
}
