import EventModel

/// Follows chains of records from window to window, in one pass in causal order.
///
/// A step leads from an event to one that directly happened after it: the next of the same process, or one that brought news of it.
/// What brought the news is told by the clocks: an event of q that knows more of p than q's event before heard from p, unless another
/// of those heard from knew it all by then (the transitive reduction of happened-before, as far as the processes' last
/// `history` clocks reach). Only eligible events stand on a chain, and a chain ends at the first event of a window.
///
/// Memory: for each process its last `history` clocks (shared where they do not change) and its last `recent` eligible events.
struct ChainSearch {
    typealias Mask = CascadeWindows.Mask

    /// An event from which a chain may lead on.
    private struct Step {
        var stamp: Stamp
        var own: Mask
        /// The chains that end here, the shortest for each window: from one event of it up to this one.
        var chains: [Chain]
        var isQueueSample: Bool
    }

    struct Chain {
        var window: Int
        var records: [RecordRef]
    }

    private struct Process {
        /// The clocks after its last events, the oldest first.
        var clocks: [(stamp: Stamp, row: [Stamp])] = []
        /// Its last eligible events.
        var steps: [Step] = []
        /// Whether the last of its events is the last of `steps`.
        var endsEligible = false
        /// The time of its last event, and its clock before the first one of that time.
        var time = Timestamp(nanoseconds: .min)
        var before: [Stamp] = []
    }

    private var processes: [Process] = []

    private static let history = 24
    private static let recent = 48
    /// So many records a chain has ahead of the one that it leads to.
    private static let longest = 4

    /// Takes an event; gives the chains that end at it, without it, where it belongs to a window.
    mutating func follow(
        _ answer: WindowMembership.Answer, _ record: RecordRef, row: [Stamp]
    ) -> [Chain] {
        let me = Int(record.process.index)
        if me >= processes.count {
            processes += [Process](repeating: Process(), count: me + 1 - processes.count)
        }
        if processes[me].time != record.time {
            processes[me].time = record.time
            processes[me].before = processes[me].clocks.last?.row ?? []
        }
        var arriving: [Chain] = []
        if answer.isEligible {
            for from in heardFrom(me, row) {
                if let step = heard(from, row[from]) { add(step.chains, to: &arriving) }
            }
            // Of two queues that it looks at in turn neither acts on the other.
            if processes[me].endsEligible, let step = processes[me].steps.last,
                !(step.isQueueSample && answer.isQueueSample)
            {
                add(step.chains, to: &arriving)
            }
            var step = Step(
                stamp: record.stamp, own: answer.own, chains: [], isQueueSample: answer.isQueueSample)
            if answer.own != 0 {
                step.chains = indices(answer.own).map { Chain(window: $0, records: [record]) }
            } else {
                for chain in arriving where chain.records.count < ChainSearch.longest {
                    step.chains.append(Chain(window: chain.window, records: chain.records + [record]))
                }
            }
            if processes[me].steps.count == ChainSearch.recent { processes[me].steps.removeFirst() }
            processes[me].steps.append(step)
        }
        processes[me].endsEligible = answer.isEligible
        if processes[me].clocks.count == ChainSearch.history { processes[me].clocks.removeFirst() }
        processes[me].clocks.append((record.stamp, row))
        return answer.own == 0 ? [] : arriving
    }

    /// The processes from which an event heard directly; all that a process writes down at one moment has heard the same. O(n + k²) for n processes, k of them heard from.
    private func heardFrom(_ me: Int, _ row: [Stamp]) -> [Int] {
        let before = processes[me].before
        let news = row.indices.filter { other in
            other != me && row[other] > (other < before.count ? before[other] : .zero)
        }
        return news.filter { other in
            !news.contains { third in
                third != other && third < processes.count && knew(third, row[third], of: other, row[other])
            }
        }
    }

    /// Whether the event of a process at `stamp` knew all of `other` up to `known`; no where that clock is no longer held.
    private func knew(_ process: Int, _ stamp: Stamp, of other: Int, _ known: Stamp) -> Bool {
        guard let held = processes[process].clocks.last(where: { $0.stamp <= stamp }) else { return false }
        return other < held.row.count && held.row[other] >= known
    }

    /// The event that was heard of, if it is eligible and not long past.
    private func heard(_ process: Int, _ stamp: Stamp) -> Step? {
        process < processes.count ? processes[process].steps.last { $0.stamp == stamp } : nil
    }

    private func add(_ chains: [Chain], to arriving: inout [Chain]) {
        for chain in chains {
            if let known = arriving.firstIndex(where: { $0.window == chain.window }) {
                if chain.records.count < arriving[known].records.count { arriving[known] = chain }
            } else {
                arriving.append(chain)
            }
        }
    }
}
