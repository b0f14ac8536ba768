import EventModel

/// The ordinary course of an endpoint: writes one after another, each newer than the one before, that nobody deleted or emptied
/// in between. The general way would find nothing in it, and it is nearly all that a log holds, so it is gone through on the records
/// where they lie.
struct OrdinaryCourse: Sendable {
    /// A write's records by number: the writer's, and the store's; −1 without one.
    struct Write: Sendable {
        var main: Int32
        var stored: Int32
    }

    /// The records that wait, as they arrived, and the writes that they make.
    private(set) var records: [Int32] = []
    private(set) var writes: [Write] = []

    /// Takes up what waits in a ledger; whether all of it, from `active` on, is an ordinary course, as far as it is settled.
    ///
    /// - Parameters:
    ///   - newest: the last record of the endpoint's list.
    ///   - isWhole: whether all of it is settled, not only the first half.
    mutating func take(
        _ newest: Int32, after active: Write, isWhole: Bool, memory: inout PlanMemory, broadcast: PlanBroadcast
    ) -> Bool {
        records.removeAll(keepingCapacity: true)
        var next = newest
        while next >= 0 {
            records.append(next)
            next = memory[head: next].previous
        }
        records.reverse()
        if !pair(&memory, hasStore: broadcast.hasStore) || !isChain(&memory) { return false }
        settled = isWhole ? writes.count : (writes.count + 1) / 2
        // A half that would be settled is for the general way, which waits for the other.
        if let last = writes.last, last.main == last.stored, settled == writes.count { return false }
        var before = active
        for write in writes[..<settled] {
            if !isHarmless(write, after: before, &memory, broadcast) { return false }
            before = write
        }
        return true
    }

    /// How many of the writes are settled: the first half, as in the general way, or all.
    private(set) var settled = 0

    /// Whether each store's record is followed by its answer, and the last perhaps not yet; without a store, answers alone.
    private mutating func pair(_ memory: inout PlanMemory, hasStore: Bool) -> Bool {
        writes.removeAll(keepingCapacity: true)
        var at = 0
        while at < records.count {
            let first = records[at]
            at += 1
            if !hasStore {
                if !Self.isAnswered(first, &memory) { return false }
                writes.append(Write(main: first, stored: -1))
                continue
            }
            guard memory[head: first].form == .stored, memory[head: first].commit >= 0 else { return false }
            if at == records.count {
                writes.append(Write(main: first, stored: first))
                return true
            }
            let second = records[at]
            at += 1
            guard Self.isAnswered(second, &memory), memory[head: second].commit == memory[head: first].commit,
                memory[head: second].plan == memory[head: first].plan,
                memory[head: second].writer == memory[head: first].writer
            else { return false }
            writes.append(Write(main: second, stored: first))
        }
        return true
    }

    private static func isAnswered(_ id: Int32, _ memory: inout PlanMemory) -> Bool {
        memory[head: id].form == .answer && memory[head: id].outcome == .ok
    }

    /// Whether each write happened before the next, and neither commits nor the store's clock contradict that; see `EffectiveOrder`.
    /// Of a store's own records one count tells all of it.
    private func isChain(_ memory: inout PlanMemory) -> Bool {
        for at in writes.indices.dropFirst() {
            let (before, write) = (writes[at - 1], writes[at])
            if write.stored < 0 {
                if !Self.isInOrder(memory[before.main], memory[write.main], memory.clocks) { return false }
                continue
            }
            let (earlier, later) = (memory[head: before.stored], memory[head: write.stored])
            guard earlier.process == later.process, earlier.counter >= 0, earlier.counter < later.counter,
                earlier.commit < later.commit
            else { return false }
        }
        return true
    }

    private static func isInOrder(_ before: PlanRecord, _ write: PlanRecord, _ clocks: borrowing EventClocks) -> Bool {
        // Commits on some writes only are for the general way.
        if (before.commit < 0) != (write.commit < 0) || before.commit >= 0 && before.commit >= write.commit {
            return false
        }
        switch (before.storeTime, write.storeTime) {
        case (nil, nil): break
        case (let earlier?, let later?):
            if !earlier.sharesCount(with: later) || later.stamp < earlier.stamp { return false }
        default: return false
        }
        return clocks.precedes(before.moment, write.moment)
    }

    /// Whether nothing is to be said of a write: it is as new as what it displaced, its check had not gone stale, it leaves
    /// addresses, and the generation before it was not deleted.
    private func isHarmless(
        _ write: Write, after before: Write, _ memory: inout PlanMemory, _ broadcast: PlanBroadcast
    ) -> Bool {
        let effect = write.stored >= 0 ? write.stored : write.main
        let plan = memory[head: write.main].plan
        var addresses = memory[head: effect].addresses
        if addresses < 0 { addresses = memory[head: write.main].addresses }
        if addresses == 0 { return false }
        var displaced = memory[head: effect].replaces
        if displaced < 0 { displaced = memory[head: write.main].replaces }
        if before.main < 0 { return displaced <= plan }
        let active = memory[head: before.main].plan
        if displaced < 0 { displaced = active }
        if displaced > plan || broadcast.isDeleted(active) { return false }
        return displaced == plan || displaced != active || !mayBeNearMiss(write.main, after: before, &memory, broadcast)
    }

    /// Whether the write before may have come after this one's check; see `OverwriteJudgement.nearMiss`.
    private func mayBeNearMiss(
        _ main: Int32, after before: Write, _ memory: inout PlanMemory, _ broadcast: PlanBroadcast
    ) -> Bool {
        let writer = memory[head: main].writer
        if memory[head: before.main].writer == writer { return false }
        let check = memory[head: main].check
        if check < 0 { return broadcast.check(of: writer, plan: memory[head: main].plan) >= 0 }
        let moment = memory[check: check].moment
        if before.stored >= 0, memory.clocks.precedes(memory[moment: before.stored], moment) { return false }
        return !memory.clocks.precedes(memory[moment: before.main], moment)
    }
}
