import EventModel

/// Brings together a write and the store's record of it: the same endpoint and generation, `by` its actor, between its
/// sending and its next event.
///
/// One value serves all endpoints in turn, so that its lists need no new memory.
struct WritePairing: Sendable {
    /// The steps, in the order in which their first records came.
    var steps: [PlanStep] = []
    /// The records that wait, as they arrived, behind the halves.
    private var all: [PlanRecord] = []
    private var judged = 0
    /// Of each record, the other half; −1 without one.
    private var partner: [Int] = []

    /// The records that were paired, as they arrived.
    var records: ArraySlice<PlanRecord> { all[judged...] }

    /// Pairs records of one endpoint.
    ///
    /// - Parameters:
    ///   - newest: the last record of the endpoint's list.
    ///   - halves: writes judged before, of which only one record had come: its other record is swallowed.
    ///   - storeIsComplete: whether the store's log holds every write, so that an open answer without its record had no effect.
    mutating func pair(
        _ newest: Int32, halves: inout [PlanRecord], storeIsComplete: Bool, memory: inout PlanMemory
    ) {
        steps.removeAll(keepingCapacity: true)
        gather(newest, halves: halves, memory: &memory)
        if all.contains(where: { $0.form == .stored }) { findPartners(&memory) }
        for i in judged..<all.count {
            if partner[i] >= 0 {
                let other = partner[i]
                // The later of the two has been told of by the earlier one.
                if other < i { continue }
                let answer = all[i].form == .stored ? all[other] : all[i]
                let stored = all[i].form == .stored ? all[i] : all[other]
                steps.append(
                    PlanStep(kind: .write, main: answer, stored: stored, sending: memory.sending(of: answer)))
            } else if let kind = Self.kind(of: all[i], storeIsComplete: storeIsComplete) {
                steps.append(
                    PlanStep(
                        kind: kind, main: all[i], stored: all[i].form == .stored ? all[i] : nil,
                        sending: memory.sending(of: all[i])))
            }
        }
        for i in (0..<judged).reversed() where partner[i] >= 0 { halves.remove(at: i) }
    }

    private mutating func gather(_ newest: Int32, halves: [PlanRecord], memory: inout PlanMemory) {
        all.removeAll(keepingCapacity: true)
        var next = newest
        while next >= 0 {
            all.append(memory[next])
            next = memory[next].previous
        }
        all.append(contentsOf: halves.reversed())
        all.reverse()
        judged = halves.count
        partner.removeAll(keepingCapacity: true)
        partner.append(contentsOf: repeatElement(-1, count: all.count))
    }

    private mutating func findPartners(_ memory: inout PlanMemory) {
        for s in all.indices where all[s].form == .stored {
            if let a = attempt(for: s, &memory) {
                partner[s] = a
                partner[a] = s
            }
        }
    }

    private static func kind(of record: PlanRecord, storeIsComplete: Bool) -> PlanStep.Kind? {
        switch record.form {
        case .stored, .restored: .write
        case .emptied: .emptied
        case .unanswered: storeIsComplete ? nil : .uncertain
        case .answer:
            switch record.outcome {
            case .ok: .write
            case .refused, .throttled: .failure
            case .timeout, .error, .unknown: storeIsComplete ? .failure : .uncertain
            }
        }
    }

    /// The attempt that the store's record `s` is of: one that commit or clocks single out, else the first in order that
    /// leaves enough records for the answers behind it that say `ok`.
    private func attempt(for s: Int, _ memory: inout PlanMemory) -> Int? {
        let stored = all[s]
        var fitting: [Int] = []
        for a in all.indices where partner[a] < 0 && Self.isAttempt(all[a], of: stored) {
            if stored.commit >= 0, all[a].commit == stored.commit { return a }
            if Self.isPossible(all[a], of: stored, &memory) { fitting.append(a) }
        }
        // The last sending that the store knew of, where its clock takes in its clients'.
        let known = fitting.last { a in
            memory.sending(of: all[a]).map { memory.clocks.precedes($0, stored.moment) } == true
        }
        if let known { return known }
        guard fitting.count > 1 else { return fitting.first }
        let records = all.indices.count {
            $0 >= s && all[$0].form == .stored && all[$0].plan == stored.plan && all[$0].writer == stored.writer
        }
        let sure = fitting.count { Self.isAnswered(all[$0]) }
        return fitting.first { Self.isAnswered(all[$0]) || records > sure } ?? fitting.first
    }

    private static func isAnswered(_ record: PlanRecord) -> Bool {
        record.outcome == .ok && record.form != .unanswered
    }

    private static func isAttempt(_ record: PlanRecord, of stored: PlanRecord) -> Bool {
        guard record.plan == stored.plan, record.writer == stored.writer else { return false }
        switch record.form {
        case .restored, .unanswered: return true
        case .answer: return record.outcome != .refused && record.outcome != .throttled
        case .stored, .emptied: return false
        }
    }

    /// Whether nothing speaks against it: neither commit, nor clocks, nor times beyond the skew's bound.
    private static func isPossible(
        _ attempt: PlanRecord, of stored: PlanRecord, _ memory: inout PlanMemory
    ) -> Bool {
        if attempt.commit >= 0, stored.commit >= 0, attempt.commit != stored.commit { return false }
        if attempt.replaces >= 0, stored.replaces >= 0, attempt.replaces != stored.replaces { return false }
        if let sending = memory.sending(of: attempt) {
            if memory.clocks.precedes(stored.moment, sending) { return false }
            if memory.clocks.tell(stored.moment, before: sending) { return false }
        }
        if isAnswered(attempt) {
            if memory.clocks.precedes(attempt.moment, stored.moment) { return false }
            if memory.clocks.tell(attempt.moment, before: stored.moment) { return false }
        }
        return true
    }
}
