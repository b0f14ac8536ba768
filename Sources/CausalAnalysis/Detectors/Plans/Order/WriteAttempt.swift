import EventModel

/// A write as its writer tells of it, and the store's record of it once that is found.
struct WriteAttempt: Sendable {
    /// The answer; the sending of a write that never was answered.
    let main: Int32
    let sending: Int32
    private(set) var stored: Int32 = -1
    /// Whether the store's record is beyond doubt of this write: the two bound the clocks of both.
    private(set) var isSure = false

    init(main: Int32, sending: Int32) {
        self.main = main
        self.sending = sending
    }

    mutating func take(_ stored: Int32, isSure: Bool) {
        self.stored = stored
        self.isSure = isSure
    }

    /// The first of its records.
    var first: Int32 {
        var first = main
        if sending >= 0, sending < first { first = sending }
        if stored >= 0, stored < first { first = stored }
        return first
    }

    /// Finds the attempts: a process has one write of an endpoint on its way at a time, so another sending ends the one before.
    /// - Parameter open: room for the sendings that wait for an answer.
    static func gather(_ facts: [Fact], into attempts: inout [WriteAttempt], _ open: inout [Int32]) {
        attempts.removeAll(keepingCapacity: true)
        open.removeAll(keepingCapacity: true)
        for number in facts.indices {
            let form = facts[number].form
            guard form == .sending || form == .answer || form == .restored else { continue }
            let at = open.firstIndex { facts[Int($0)].moment.process == facts[number].moment.process }
            switch form {
            case .sending:
                if let at {
                    attempts.append(WriteAttempt(main: open[at], sending: open[at]))
                    open[at] = Int32(number)
                } else {
                    open.append(Int32(number))
                }
            case .answer:
                if let at, facts[Int(open[at])].plan == facts[number].plan {
                    attempts.append(WriteAttempt(main: Int32(number), sending: open.remove(at: at)))
                } else {
                    attempts.append(WriteAttempt(main: Int32(number), sending: -1))
                }
            default: attempts.append(WriteAttempt(main: Int32(number), sending: -1))
            }
        }
        for number in open { attempts.append(WriteAttempt(main: number, sending: number)) }
    }
}

extension EndpointRecords {
    /// Whether the writer knows that the write took effect.
    func isAnswered(_ attempt: WriteAttempt) -> Bool {
        let fact = facts[Int(attempt.main)]
        return fact.form == .restored || (fact.form == .answer && fact.outcome == .ok)
    }

    /// Whether the writer knows that it did not.
    func isFailure(_ attempt: WriteAttempt) -> Bool {
        let fact = facts[Int(attempt.main)]
        return fact.form == .answer && (fact.outcome == .refused || fact.outcome == .throttled)
    }

    /// Whether the writer does not know.
    func isOpen(_ attempt: WriteAttempt) -> Bool { !isAnswered(attempt) && !isFailure(attempt) }

    /// Whether the two may be of one effect: they differ in no field that both bear, and neither clocks nor, if they count, times beyond the
    /// skew's bound say that the effect was ahead of the sending or, unless it may be late, behind the answer.
    mutating func fits(
        _ attempt: WriteAttempt, _ stored: Int32, late: Bool, byTime: Bool, _ logs: PreviousWrites
    ) -> Bool {
        if isFailure(attempt) { return false }
        let (told, seen) = (facts[Int(attempt.main)], facts[Int(stored)])
        func isOther(_ a: Int64, _ b: Int64) -> Bool { a >= 0 && b >= 0 && a != b }
        if isOther(told.commit, seen.commit) || isOther(Int64(told.addresses), Int64(seen.addresses)) { return false }
        if told.store != .none, told.store != seen.moment.actor { return false }
        if isOther(told.seen, seen.seen >= 0 ? seen.seen : logs.displaced(by: stored)) { return false }
        if told.hasStoreTime, told.outcome == .ok, seen.hasStoreTime, told.storeTime.sharesCount(with: seen.storeTime),
            told.storeTime.counter < seen.storeTime.counter
        {
            return false
        }
        if attempt.sending >= 0 {
            let sending = moment(attempt.sending)
            if clocks.precedes(seen.moment, sending) { return false }
            if byTime, clocks.tell(seen.moment, before: sending) { return false }
        }
        if late || told.form == .sending { return true }
        if clocks.precedes(told.moment, seen.moment) { return false }
        return !byTime || !clocks.tell(told.moment, before: seen.moment)
    }
}

/// What each write displaced by the store's own log: the generation of the record ahead of it.
struct PreviousWrites {
    private var displaced: [Int32: Int64] = [:]

    /// Where the log lacks records between two, or the endpoint was emptied, it does not tell.
    init(_ records: EndpointRecords) {
        var last: [ProcessID: Int32] = [:]
        for number in records.facts.indices {
            let fact = records.facts[number]
            if fact.form == .emptied { last[fact.moment.process] = nil }
            guard fact.form == .stored else { continue }
            if let before = last[fact.moment.process] {
                let other = records.facts[Int(before)]
                if other.plan >= 0,
                    records.clocks.settled.logs.silence(from: other.storeTime, to: fact.storeTime) != .broken
                {
                    displaced[Int32(number)] = other.plan
                }
            }
            last[fact.moment.process] = Int32(number)
        }
    }

    func displaced(by stored: Int32) -> Int64 { displaced[stored] ?? -1 }
}
