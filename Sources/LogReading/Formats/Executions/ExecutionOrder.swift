/// What the clocks of an execution say of its pairs of events.
public struct ExecutionOrder: Sendable {
    /// Pairs of which one happened before the other.
    public private(set) var ordered = 0
    /// Pairs of which neither did.
    public private(set) var concurrent = 0
    /// Pairs that are each ahead of the other by their clocks, which no execution can have.
    public private(set) var contradictory = 0
    /// Edges between hosts that no chain of others stands for: those of the transitive reduction.
    public private(set) var directEdges = 0

    /// Compares all pairs. O(events² + events × hosts²).
    public init(_ execution: ExecutionLog.Execution) {
        let events = execution.events
        let hosts = execution.hosts.count
        // A row of counts an event.
        var clocks = Array(repeating: Int64(-1), count: events.count * hosts)
        for (index, event) in events.enumerated() {
            for (host, count) in event.clock { clocks[index * hosts + host] = count }
        }
        let own = events.map(\.own)
        let host = events.map(\.host)
        func precedes(_ a: Int, _ b: Int) -> Bool {
            host[a] == host[b] ? own[a] < own[b] : clocks[b * hosts + host[a]] >= own[a]
        }
        for b in events.indices {
            for a in 0..<b {
                switch (precedes(a, b), precedes(b, a)) {
                case (true, true): contradictory += 1
                case (false, false): concurrent += 1
                default: ordered += 1
                }
            }
        }
        countDirectEdges(events, hosts, clocks, precedes)
    }

    private mutating func countDirectEdges(
        _ events: [ExecutionLog.Event], _ hosts: Int, _ clocks: [Int64], _ precedes: (Int, Int) -> Bool
    ) {
        var chains = Array(repeating: [Int](), count: hosts)
        for index in events.indices { chains[events[index].host].append(index) }
        for host in chains.indices { chains[host].sort { events[$0].own < events[$1].own } }
        for b in events.indices {
            // Of each host the last event that is known: whatever else is known happened before one of these.
            var last: [Int] = []
            for host in 0..<hosts {
                let limit = host == events[b].host ? events[b].own - 1 : clocks[b * hosts + host]
                let count = chains[host].partitionIndex { events[$0].own > limit }
                if count > 0 { last.append(chains[host][count - 1]) }
            }
            directEdges += last.count { a in
                events[a].host != events[b].host && !last.contains { $0 != a && precedes(a, $0) }
            }
        }
    }
}

extension [Int] {
    /// The index of the first element that a condition holds for, and for all behind it.
    fileprivate func partitionIndex(_ isBehind: (Int) -> Bool) -> Int {
        var (low, high) = (0, count)
        while low < high {
            let middle = (low + high) / 2
            if isBehind(self[middle]) { high = middle } else { low = middle + 1 }
        }
        return low
    }
}
