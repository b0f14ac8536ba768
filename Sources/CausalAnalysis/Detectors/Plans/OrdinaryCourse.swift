import EventModel

/// The ordinary course of an endpoint: writes one after another, each newer than the one before, that nobody deleted or emptied
/// in between. The general way would find nothing in it, and it is nearly all that a log holds, so it is gone through on the records
/// where they lie.
struct OrdinaryCourse: Sendable {
    /// A write's records by number: the writer's, and the store's; −1 without one.
    struct Write: Sendable {
        var main: Int32
        var stored: Int32

        static let none = Write(main: -1, stored: -1)
    }

    /// The records that wait, as they arrived, and the writes that they make.
    private(set) var records: [Int32] = []
    private(set) var writes: [Write] = []

    /// Takes up what waits in a ledger; whether all of it, from `active` on, is an ordinary course, as far as its first half goes.
    ///
    /// - Parameter newest: the last record of the endpoint's list.
    mutating func take(_ newest: Int32, after active: Write, memory: PlanMemory, broadcast: PlanBroadcast) -> Bool {
        records.removeAll(keepingCapacity: true)
        var next = newest
        while next >= 0 {
            records.append(next)
            next = memory.records[next].previous
        }
        records.reverse()
        if !pair(memory, hasStore: broadcast.hasStore) || !isChain(memory) { return false }
        var before = active
        for write in writes[..<settled] {
            if !isHarmless(write, after: before, memory, broadcast) { return false }
            before = write
        }
        return true
    }

    /// How many of the writes are settled: the first half, as in the general way.
    var settled: Int { (writes.count + 1) / 2 }

    /// Whether each store's record is followed by its answer, and the last perhaps not yet; without a store, answers alone.
    private mutating func pair(_ memory: PlanMemory, hasStore: Bool) -> Bool {
        writes.removeAll(keepingCapacity: true)
        var at = 0
        while at < records.count {
            let first = records[at]
            at += 1
            if !hasStore {
                if !Self.isAnswered(first, memory) { return false }
                writes.append(Write(main: first, stored: -1))
                continue
            }
            guard memory.records[first].form == .stored, memory.records[first].commit >= 0 else { return false }
            if at == records.count {
                writes.append(Write(main: first, stored: first))
                // A half that would be settled is for the general way, which waits for the other.
                return writes.count > 1
            }
            let second = records[at]
            at += 1
            guard Self.isAnswered(second, memory), memory.records[second].commit == memory.records[first].commit,
                memory.records[second].plan == memory.records[first].plan,
                memory.records[second].writer == memory.records[first].writer
            else { return false }
            writes.append(Write(main: second, stored: first))
        }
        return !writes.isEmpty
    }

    private static func isAnswered(_ id: Int32, _ memory: PlanMemory) -> Bool {
        memory.records[id].form == .answer && memory.records[id].outcome == .ok
    }

    /// Whether each write happened before the next, and neither commits nor the store's clock contradict that; see `EffectiveOrder`.
    private func isChain(_ memory: PlanMemory) -> Bool {
        var commit: Int64 = -1
        var store: StoreTime?
        var last: Int32 = -1
        for write in writes {
            let effect = write.stored >= 0 ? write.stored : write.main
            if memory.records[effect].commit >= 0 {
                if memory.records[effect].commit <= commit { return false }
                commit = memory.records[effect].commit
            }
            if let time = memory.records[effect].storeTime ?? memory.records[write.main].storeTime {
                if let store, !store.sharesCount(with: time) || time.stamp < store.stamp { return false }
                store = time
            }
            if last >= 0, !memory.clocks.precedes(memory.records[last].moment, memory.records[effect].moment) {
                return false
            }
            last = effect
        }
        return true
    }

    /// Whether nothing is to be said of a write: it is as new as what it displaced, its check had not gone stale, it leaves
    /// addresses, and the generation before it was not deleted.
    private func isHarmless(
        _ write: Write, after before: Write, _ memory: PlanMemory, _ broadcast: PlanBroadcast
    ) -> Bool {
        let effect = write.stored >= 0 ? write.stored : write.main
        let plan = memory.records[write.main].plan
        var addresses = memory.records[effect].addresses
        if addresses < 0 { addresses = memory.records[write.main].addresses }
        if addresses == 0 { return false }
        var displaced = memory.records[effect].replaces
        if displaced < 0 { displaced = memory.records[write.main].replaces }
        if before.main < 0 { return displaced <= plan }
        let active = memory.records[before.main].plan
        if displaced < 0 { displaced = active }
        if displaced > plan || broadcast.isDeleted(active) { return false }
        return displaced == plan || displaced != active || !mayBeNearMiss(write.main, after: before, memory, broadcast)
    }

    /// Whether the write before may have come after this one's check; see `OverwriteJudgement.nearMiss`.
    private func mayBeNearMiss(
        _ main: Int32, after before: Write, _ memory: PlanMemory, _ broadcast: PlanBroadcast
    ) -> Bool {
        let writer = memory.records[main].writer
        if memory.records[before.main].writer == writer { return false }
        let check = memory.records[main].check
        if check < 0 { return broadcast.check(of: writer, plan: memory.records[main].plan) >= 0 }
        let moment = memory[check: check].moment
        if before.stored >= 0, memory.clocks.precedes(memory.records[before.stored].moment, moment) { return false }
        return !memory.clocks.precedes(memory.records[before.main].moment, moment)
    }
}
