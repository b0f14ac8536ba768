import EventModel

/// Follows chains of records from window to window, in one pass in causal order.
///
/// A step leads from an event to one that directly happened after it: the next of the same process, or one that brought
/// news of it. What brought the news is told by the clocks: an event of q that knows more of p than q's event before
/// heard from p, unless another of those heard from knew it all by then (the transitive reduction of happened-before,
/// as far as the processes' last `history` clocks reach). Only eligible events stand on a chain, and a chain ends at
/// the first event of a window.
///
/// Memory: for each process its last `history` clocks (shared where they do not change) and its last `recent` eligible
/// events.
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
        /// What its last events knew of others, the oldest first.
        var clocks: [(stamp: Stamp, clock: VectorClock)] = []
        /// Its last eligible events.
        var steps: [Step] = []
        /// Whether the last of its events is the last of `steps`.
        var endsEligible = false
        /// The time of its last event, and what it knew before the first one of that time.
        var time = Timestamp(nanoseconds: .min)
        var before = VectorClock()
    }

    private var processes: [Process] = []

    private static let history = 24
    private static let recent = 48
    /// So many records a chain has ahead of the one that it leads to.
    private static let longest = 4

    /// Takes an event; gives the chains that end at it, without it, where it belongs to a window.
    mutating func follow(
        _ answer: WindowMembership.Answer, _ record: RecordRef, _ clocks: borrowing ProcessClocks
    ) -> [Chain] {
        let me = Int(record.process.index)
        if me >= processes.count {
            processes += [Process](repeating: Process(), count: me + 1 - processes.count)
        }
        let last = processes[me].clocks.last?.clock ?? VectorClock()
        let clock = clocks.heard(by: record.process, last: last)
        if processes[me].time != record.time {
            processes[me].time = record.time
            processes[me].before = last
        }
        var arriving: [Chain] = []
        if answer.isEligible {
            for from in heardFrom(me, clock) {
                if let step = heard(from) { add(step.chains, to: &arriving) }
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
        processes[me].clocks.append((record.stamp, clock))
        return answer.own == 0 ? [] : arriving
    }

    /// Whether the last event of a process heard of another at first hand.
    func heardLast(_ process: ProcessID, from other: ProcessID) -> Bool {
        let me = Int(process.index)
        guard me < processes.count, let clock = processes[me].clocks.last?.clock else { return false }
        return heardFrom(me, clock).contains { $0.process == other }
    }

    /// The processes from which an event heard directly, each with the event of it that it heard of; all that a process
    /// writes down at one moment has heard the same. O(n + k²) for n processes that it knows of, k of them heard from.
    private func heardFrom(_ me: Int, _ clock: VectorClock) -> [VectorClock.Entry] {
        let news = clock.entries(beyond: processes[me].before)
        return news.filter { other in
            !news.contains { $0.process != other.process && knew($0, of: other) }
        }
    }

    /// Whether one event knew of another; no where its clock is no longer held.
    private func knew(_ event: VectorClock.Entry, of other: VectorClock.Entry) -> Bool {
        let process = Int(event.process.index)
        guard process < processes.count, let held = processes[process].clocks.last(where: { $0.stamp <= event.stamp })
        else { return false }
        return held.clock.covers(other.process, other.stamp)
    }

    /// The event that was heard of, if it is eligible and not long past.
    private func heard(_ event: VectorClock.Entry) -> Step? {
        let process = Int(event.process.index)
        return process < processes.count ? processes[process].steps.last { $0.stamp == event.stamp } : nil
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
