import CausalAnalysis
import EventModel

/// The happened-before order among the events that are exported, as vector clocks that count only these.
///
/// Tools that draw such clocks want each host's counters to be 1, 2, 3 and so on. So each event gets its position among its host's exported
/// events, and each entry of its clock the number of exported events of that host that happened before it: between exported events the
/// clocks order exactly the pairs that the bundle's do. A host is an actor in one of its incarnations.
///
/// Holds some 40 bytes an event, and some 16 for each entry that an event raised.
package struct ExportOrder {
    /// An event of a host: the position from 1.
    package struct Event: Hashable, Sendable {
        package var host: Int
        package var position: Int
    }

    /// Where an event stands.
    package struct Place: Sendable {
        package var event: Event
        /// Its clock: of each host that it knows the last event that happened before it, or is it. By host.
        package var clock: [Event]
        /// The events of other hosts that happened directly before it. By host.
        package var causes: [Event]
    }

    private struct Host {
        /// By position, rising.
        var stamps: [Stamp] = []
        var times: [Timestamp] = []
        var ordinals: [UInt64] = []
        /// The bundle's clock of the last event, and the same in positions.
        var last = VectorClock()
        var known: [Int: Int] = [:]
        /// By other host: from which own position on how much of it was known.
        var heard: [Int: [(own: Int, other: Int)]] = [:]

        /// How much of another host was known at a position.
        func knew(_ other: Int, at position: Int) -> Int {
            guard let heard = heard[other] else { return 0 }
            var (low, high) = (0, heard.count)
            while low < high {
                let middle = (low + high) / 2
                if heard[middle].own <= position { low = middle + 1 } else { high = middle }
            }
            return low == 0 ? 0 : heard[low - 1].other
        }
    }

    private var hosts: [Host] = []
    /// By process; nil for one none of whose events is exported.
    private var hostOf: [Int?] = []
    private var names: Set<String> = []
    /// The hosts' names, in the order of their first events.
    package private(set) var hostNames: [String] = []

    package init() {}

    /// When an event was, by its own clock.
    package func time(of event: Event) -> Timestamp { hosts[event.host].times[event.position - 1] }

    /// Where an event stands in the causal order of all events.
    package func ordinal(of event: Event) -> UInt64 { hosts[event.host].ordinals[event.position - 1] }

    /// Takes the next event in causal order.
    package mutating func add(
        _ delivery: Delivery, time: Timestamp, actor: String, clocks: borrowing ProcessClocks
    ) -> Place {
        let host = host(of: delivery.process, actor: actor)
        let position = hosts[host].stamps.count + 1
        let clock = clocks.snapshot(delivery.process)
        var raised: [Event] = []
        for entry in clock.entries(beyond: hosts[host].last) where entry.process != delivery.process {
            guard let other = self.host(of: entry.process) else { continue }
            let count = self.count(of: other, upTo: entry.stamp)
            if count <= hosts[host].known[other, default: 0] { continue }
            hosts[host].known[other] = count
            hosts[host].heard[other, default: []].append((position, count))
            raised.append(Event(host: other, position: count))
        }
        hosts[host].known[host] = position
        hosts[host].last = clock
        // Positions are looked up by stamp: of two records with one counter the later one counts.
        hosts[host].stamps.append(max(delivery.stamp, hosts[host].stamps.last ?? .zero))
        hosts[host].times.append(time)
        hosts[host].ordinals.append(delivery.ordinal)
        let causes = raised.filter { cause in
            !raised.contains { $0 != cause && hosts[$0.host].knew(cause.host, at: $0.position) >= cause.position }
        }
        return Place(
            event: Event(host: host, position: position),
            clock: hosts[host].known.map { Event(host: $0.key, position: $0.value) }.sorted { $0.host < $1.host },
            causes: causes.sorted { $0.host < $1.host })
    }

    private func host(of process: ProcessID) -> Int? {
        Int(process.index) < hostOf.count ? hostOf[Int(process.index)] : nil
    }

    private mutating func host(of process: ProcessID, actor: String) -> Int {
        if let host = host(of: process) { return host }
        let missing = Int(process.index) + 1 - hostOf.count
        if missing > 0 { hostOf.append(contentsOf: repeatElement(nil, count: missing)) }
        hostOf[Int(process.index)] = hosts.count
        var name = actor
        var incarnation = 1
        while !names.insert(name).inserted {
            incarnation += 1
            name = "\(actor)#\(incarnation)"
        }
        hostNames.append(name)
        hosts.append(Host())
        return hosts.count - 1
    }

    /// How many exported events of a host stand at `stamp` or before it.
    private func count(of host: Int, upTo stamp: Stamp) -> Int {
        let stamps = hosts[host].stamps
        var (low, high) = (0, stamps.count)
        while low < high {
            let middle = (low + high) / 2
            if stamps[middle] <= stamp { low = middle + 1 } else { high = middle }
        }
        return low
    }
}
