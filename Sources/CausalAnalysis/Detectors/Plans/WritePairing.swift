import EventModel

/// Brings together a write and the store's record of it: the same endpoint and generation, `by` its actor, between its
/// sending and its next event.
struct WritePairing {
    /// The steps, in the order in which their first records came.
    private(set) var steps: [PlanStep] = []

    /// Pairs records of one endpoint, which come as they arrived.
    ///
    /// - Parameters:
    ///   - halves: writes judged before, of which only one record had come: its other record is swallowed.
    ///   - storeIsComplete: whether the store's log holds every write, so that an open answer without its record had no effect.
    init(
        _ records: [PlanRecord], halves: inout [PlanRecord], storeIsComplete: Bool, clocks: inout WallClocks
    ) {
        if halves.isEmpty, !records.contains(where: { $0.form == .stored }) {
            steps = records.compactMap { Self.single($0, storeIsComplete: storeIsComplete) }
            return
        }
        let all = halves + records
        var partner = [Int?](repeating: nil, count: all.count)
        for s in all.indices where all[s].form == .stored {
            if let a = Self.attempt(for: s, in: all, partner: partner, clocks: &clocks) {
                partner[s] = a
                partner[a] = s
            }
        }
        let judged = halves.count
        var used: [Int] = []
        for i in all.indices {
            if i < judged {
                if partner[i] != nil { used.append(i) }
                continue
            }
            if let other = partner[i] {
                // The later of the two has been told of by the earlier one.
                if other < i { continue }
                let answer = all[i].form == .stored ? all[other] : all[i]
                let stored = all[i].form == .stored ? all[i] : all[other]
                steps.append(PlanStep(kind: .write, main: answer, stored: stored))
            } else if let step = Self.single(all[i], storeIsComplete: storeIsComplete) {
                steps.append(step)
            }
        }
        for i in used.reversed() { halves.remove(at: i) }
    }

    private static func single(_ record: PlanRecord, storeIsComplete: Bool) -> PlanStep? {
        switch record.form {
        case .stored: return PlanStep(kind: .write, main: record, stored: record)
        case .restored: return PlanStep(kind: .write, main: record)
        case .emptied: return PlanStep(kind: .emptied, main: record)
        case .unanswered: return storeIsComplete ? nil : PlanStep(kind: .uncertain, main: record)
        case .answer:
            switch record.outcome {
            case .ok: return PlanStep(kind: .write, main: record)
            case .refused, .throttled: return PlanStep(kind: .failure, main: record)
            case .timeout, .error, .unknown:
                return PlanStep(kind: storeIsComplete ? .failure : .uncertain, main: record)
            }
        }
    }

    /// The attempt that the store's record `s` is of: one that commit or clocks single out, else the first in order that
    /// leaves enough records for the answers behind it that say `ok`.
    private static func attempt(
        for s: Int, in all: [PlanRecord], partner: [Int?], clocks: inout WallClocks
    ) -> Int? {
        let stored = all[s]
        var fitting: [Int] = []
        for a in all.indices where partner[a] == nil && isAttempt(all[a], of: stored) {
            if stored.commit >= 0, all[a].commit == stored.commit { return a }
            if isPossible(all[a], of: stored, clocks: &clocks) { fitting.append(a) }
        }
        // The last sending that the store knew of, where its clock takes in its clients'.
        if let known = fitting.last(where: { all[$0].sending?.precedes(stored.moment) == true }) { return known }
        guard fitting.count > 1 else { return fitting.first }
        let records = all.indices.count {
            $0 >= s && all[$0].form == .stored && all[$0].plan == stored.plan && all[$0].writer == stored.writer
        }
        let sure = fitting.count { isAnswered(all[$0]) }
        return fitting.first { isAnswered(all[$0]) || records > sure } ?? fitting.first
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
    private static func isPossible(_ attempt: PlanRecord, of stored: PlanRecord, clocks: inout WallClocks) -> Bool {
        if attempt.commit >= 0, stored.commit >= 0, attempt.commit != stored.commit { return false }
        if attempt.replaces >= 0, stored.replaces >= 0, attempt.replaces != stored.replaces { return false }
        if let sending = attempt.sending {
            if stored.moment.precedes(sending) { return false }
            if clocks.tell(stored.moment.ref, before: sending.ref) { return false }
        }
        if isAnswered(attempt) {
            if attempt.moment.precedes(stored.moment) { return false }
            if clocks.tell(attempt.moment.ref, before: stored.moment.ref) { return false }
        }
        return true
    }
}
