import EventModel

/// Brings together what tells of one write: its sending, its answer, and the store's record of it.
///
/// By equal `commit`; else by the store's entry in the clock; the rest by the longest matching that keeps both orders and that nothing
/// contradicts. What is left of the store's records are late effects: of tries that were never answered, or that were left open.
struct WritePairing {
    /// A write as its writer tells of it.
    private struct Try {
        /// The answer; the sending of a write that never was answered.
        var main: Int32
        var sending: Int32
        var stored: Int32 = -1
        /// Whether the store's record is beyond doubt of this write: the two bound the clocks of both.
        var isSure = false
    }

    /// Pairs beyond this many of which each would be looked at are matched first come, first served.
    private static let few = 250_000

    private var tries: [Try] = []
    /// Of each store's record, whether it has found its write; by fact.
    private var isTaken: [Bool] = []

    /// The steps that the records make, in the order in which the first record of each was delivered.
    mutating func steps(of records: inout EndpointRecords) -> [PlanStep] {
        gather(records.facts)
        let stored = records.facts.indices.filter { records.facts[$0].form == .stored }.map { Int32($0) }
        if !stored.isEmpty { match(stored, &records) }
        var steps: [(first: Int32, step: PlanStep)] = []
        for attempt in tries {
            let first = [attempt.main, attempt.sending, attempt.stored].filter { $0 >= 0 }.min() ?? attempt.main
            steps.append((first, records.step(attempt.main, sending: attempt.sending, stored: attempt.stored)))
        }
        for number in stored where !isTaken[Int(number)] {
            steps.append((number, records.step(number, sending: -1, stored: number)))
        }
        for number in records.facts.indices where records.facts[number].form == .emptied {
            steps.append((Int32(number), records.step(Int32(number), sending: -1, stored: -1)))
        }
        steps.sort { $0.first < $1.first }
        return steps.map(\.step)
    }

    /// Lets the writes whose records were paired beyond doubt bound the clocks of their writers and stores.
    func teach(_ skew: inout AnswerSkew, _ records: EndpointRecords) {
        for attempt in tries where attempt.isSure {
            let isAnswered = isAnswered(attempt, records)
            skew.learn(
                sent: attempt.sending >= 0 ? records.moment(attempt.sending) : nil,
                stored: records.moment(attempt.stored), answered: isAnswered ? records.moment(attempt.main) : nil)
        }
    }

    /// Finds the tries: a process has one write of an endpoint on its way at a time, so another sending ends the one before.
    private mutating func gather(_ facts: [Fact]) {
        tries.removeAll(keepingCapacity: true)
        isTaken = Array(repeating: false, count: facts.count)
        var open: [Int32] = []
        for number in facts.indices {
            let fact = facts[number]
            guard fact.form == .sending || fact.form == .answer || fact.form == .restored else { continue }
            let at = open.firstIndex { facts[Int($0)].moment.process == fact.moment.process }
            switch fact.form {
            case .sending:
                if let at {
                    tries.append(Try(main: open[at], sending: open[at]))
                    open[at] = Int32(number)
                } else {
                    open.append(Int32(number))
                }
            case .answer:
                if let at, facts[Int(open[at])].plan == fact.plan {
                    tries.append(Try(main: Int32(number), sending: open.remove(at: at)))
                } else {
                    tries.append(Try(main: Int32(number), sending: -1))
                }
            default: tries.append(Try(main: Int32(number), sending: -1))
            }
        }
        for number in open { tries.append(Try(main: number, sending: number)) }
    }

    // MARK: Matching

    private mutating func match(_ stored: [Int32], _ records: inout EndpointRecords) {
        func key(_ number: Int32) -> (Int64, UInt32, Int32) {
            let fact = records.facts[Int(number)]
            return (fact.plan, fact.writer.index, number)
        }
        func isAlike(_ a: Int32, _ b: Int32) -> Bool {
            records.facts[Int(a)].plan == records.facts[Int(b)].plan
                && records.facts[Int(a)].writer == records.facts[Int(b)].writer
        }
        let writers = tries.indices.sorted { key(tries[$0].main) < key(tries[$1].main) }
        let stores = stored.sorted { key($0) < key($1) }
        var (a, s) = (0, 0)
        while a < writers.count, s < stores.count {
            let (attempt, record) = (tries[writers[a]].main, stores[s])
            if isAlike(attempt, record) {
                var (endA, endS) = (a, s)
                while endA < writers.count, isAlike(tries[writers[endA]].main, record) { endA += 1 }
                while endS < stores.count, isAlike(stores[endS], record) { endS += 1 }
                match(Array(writers[a..<endA]), Array(stores[s..<endS]), &records)
                (a, s) = (endA, endS)
            } else if key(attempt) < key(record) {
                a += 1
            } else {
                s += 1
            }
        }
        matchNameless(stored, &records)
    }

    /// Matches the store's records of one writer and generation.
    private mutating func match(_ attempts: [Int], _ stored: [Int32], _ records: inout EndpointRecords) {
        byCommit(attempts, stored, records)
        if stored.allSatisfy({ isTaken[Int($0)] }) { return }
        let logs = PreviousWrites(records)
        for a in attempts where tries[a].stored < 0 {
            let fact = records.facts[Int(tries[a].main)]
            guard fact.hasStoreTime, isAnswered(tries[a], records) else { continue }
            for s in stored where !isTaken[Int(s)] && records.facts[Int(s)].storeTime.counter == fact.storeTime.counter
            {
                if fits(tries[a], s, late: false, byTime: false, logs, &records) {
                    pair(a, s, isSure: true)
                    break
                }
            }
        }
        let answered = attempts.filter { tries[$0].stored < 0 && isAnswered(tries[$0], records) }
        longest(answered, stored.filter { !isTaken[Int($0)] }, late: false, logs, &records)
        let left = attempts.filter { tries[$0].stored < 0 && isOpen(tries[$0], records) }
        longest(left, stored.filter { !isTaken[Int($0)] }, late: true, logs, &records)
    }

    private mutating func byCommit(_ attempts: [Int], _ stored: [Int32], _ records: EndpointRecords) {
        if let only = stored.first, stored.count == 1 {
            let commit = records.facts[Int(only)].commit
            guard commit >= 0 else { return }
            let own = attempts.first { a in
                records.facts[Int(tries[a].main)].commit == commit && !isFailure(tries[a], records)
            }
            if let own { pair(own, only, isSure: true) }
            return
        }
        var places: [Int64: Int32] = [:]
        for s in stored where records.facts[Int(s)].commit >= 0 { places[records.facts[Int(s)].commit] = s }
        if places.isEmpty { return }
        for a in attempts {
            let commit = records.facts[Int(tries[a].main)].commit
            if commit >= 0, let s = places[commit], !isTaken[Int(s)], !isFailure(tries[a], records) {
                pair(a, s, isSure: true)
            }
        }
    }

    /// Records of a store that does not say whose write it was.
    private mutating func matchNameless(_ stored: [Int32], _ records: inout EndpointRecords) {
        if !stored.contains(where: { !isTaken[Int($0)] && records.facts[Int($0)].writer == .none }) { return }
        let logs = PreviousWrites(records)
        for s in stored where !isTaken[Int(s)] && records.facts[Int(s)].writer == .none {
            let fitting = tries.indices.filter { a in
                tries[a].stored < 0 && !isFailure(tries[a], records)
                    && records.facts[Int(tries[a].main)].plan == records.facts[Int(s)].plan
                    && fits(tries[a], s, late: !isAnswered(tries[a], records), byTime: true, logs, &records)
            }
            if let a = fitting.first(where: { isAnswered(tries[$0], records) }) ?? fitting.first { pair(a, s) }
        }
    }

    private mutating func pair(_ attempt: Int, _ stored: Int32, isSure: Bool = false) {
        tries[attempt].stored = stored
        tries[attempt].isSure = isSure
        isTaken[Int(stored)] = true
    }

    /// Pairs what is left of both, each in its order. Times count only where they cost no pair: where they do, a clock is off by more than is
    /// known.
    private mutating func longest(
        _ attempts: [Int], _ stored: [Int32], late: Bool, _ logs: PreviousWrites, _ records: inout EndpointRecords
    ) {
        if attempts.isEmpty || stored.isEmpty { return }
        let timed = matching(attempts, stored, late: late, byTime: true, logs, &records)
        let isFull = timed.count == min(attempts.count, stored.count)
        let all = isFull ? timed : matching(attempts, stored, late: late, byTime: false, logs, &records)
        let isOnly = attempts.count == 1 && stored.count == 1
        for (a, s) in timed.count == all.count ? timed : all { pair(attempts[a], stored[s], isSure: isOnly) }
    }

    /// The longest matching that keeps both orders; of several the one whose pairs come first.
    private func matching(
        _ attempts: [Int], _ stored: [Int32], late: Bool, byTime: Bool, _ logs: PreviousWrites,
        _ records: inout EndpointRecords
    ) -> [(Int, Int)] {
        let (n, m) = (attempts.count, stored.count)
        func isFit(_ a: Int, _ s: Int, _ records: inout EndpointRecords) -> Bool {
            fits(tries[attempts[a]], stored[s], late: late, byTime: byTime, logs, &records)
        }
        var pairs: [(Int, Int)] = []
        if n * m > Self.few {
            var s = 0
            for a in 0..<n {
                guard let fitting = (s..<m).first(where: { isFit(a, $0, &records) }) else { continue }
                pairs.append((a, fitting))
                s = fitting + 1
            }
            return pairs
        }
        // The length of the longest matching of what is left behind each pair of places, and whether the two fit.
        var fit = Array(repeating: false, count: n * m)
        var length = Array(repeating: 0, count: (n + 1) * (m + 1))
        for a in (0..<n).reversed() {
            for s in (0..<m).reversed() {
                fit[a * m + s] = isFit(a, s, &records)
                let skipped = max(length[(a + 1) * (m + 1) + s], length[a * (m + 1) + s + 1])
                length[a * (m + 1) + s] = fit[a * m + s] ? max(skipped, length[(a + 1) * (m + 1) + s + 1] + 1) : skipped
            }
        }
        var (a, s) = (0, 0)
        while a < n, s < m {
            let here = length[a * (m + 1) + s]
            if fit[a * m + s], here == length[(a + 1) * (m + 1) + s + 1] + 1 {
                pairs.append((a, s))
                (a, s) = (a + 1, s + 1)
            } else if length[a * (m + 1) + s + 1] == here {
                s += 1
            } else {
                a += 1
            }
        }
        return pairs
    }

    // MARK: What fits

    private func isAnswered(_ attempt: Try, _ records: EndpointRecords) -> Bool {
        let fact = records.facts[Int(attempt.main)]
        return fact.form == .restored || (fact.form == .answer && fact.outcome == .ok)
    }

    private func isFailure(_ attempt: Try, _ records: EndpointRecords) -> Bool {
        let fact = records.facts[Int(attempt.main)]
        return fact.form == .answer && (fact.outcome == .refused || fact.outcome == .throttled)
    }

    private func isOpen(_ attempt: Try, _ records: EndpointRecords) -> Bool {
        !isAnswered(attempt, records) && !isFailure(attempt, records)
    }

    /// Whether the two may be of one effect: they differ in no field that both bear, and neither clocks nor, if they count, times beyond the
    /// skew's bound say that the effect was ahead of the sending or, unless it may be late, behind the answer.
    private func fits(
        _ attempt: Try, _ stored: Int32, late: Bool, byTime: Bool, _ logs: PreviousWrites,
        _ records: inout EndpointRecords
    ) -> Bool {
        if isFailure(attempt, records) { return false }
        let (told, seen) = (records.facts[Int(attempt.main)], records.facts[Int(stored)])
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
            let sending = records.moment(attempt.sending)
            if records.clocks.precedes(seen.moment, sending) { return false }
            if byTime, records.clocks.tell(seen.moment, before: sending) { return false }
        }
        if late || told.form == .sending { return true }
        if records.clocks.precedes(told.moment, seen.moment) { return false }
        return !byTime || !records.clocks.tell(told.moment, before: seen.moment)
    }
}

/// What each write displaced by the store's own log: the generation of the record ahead of it.
private struct PreviousWrites {
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

extension EndpointRecords {
    /// The step that some records make.
    fileprivate func step(_ main: Int32, sending: Int32, stored: Int32) -> PlanStep {
        let told = facts[Int(main)]
        let seen = stored >= 0 ? facts[Int(stored)] : nil
        func given(_ field: (Fact) -> Int64) -> Int64 {
            if let seen, field(seen) >= 0 { return field(seen) }
            return field(told)
        }
        let sent = sending >= 0 ? facts[Int(sending)] : told
        let writer = told.writer == .none ? told.moment.actor : told.writer
        let byOperator =
            told.byOperator || sent.byOperator || seen?.byOperator == true
            || (told.form == .stored && clocks.settled.operators.contains(writer))
        let time = clocks.settled.logs.ownTime(of: seen ?? told)
        return PlanStep(
            kind: kind(told, isStored: stored >= 0), main: main, stored: stored, sending: sending, form: told.form,
            outcome: told.outcome, writer: writer, plan: told.plan, commit: given(\.commit), replaces: given(\.seen),
            leavesAddresses: given { Int64($0.addresses) } != 0,
            isDeliberate: byOperator || told.isDeliberate || sent.isDeliberate || seen?.isDeliberate == true,
            byOperator: byOperator, store: seen?.moment.actor ?? told.store,
            storeTime: time)
    }

    private func kind(_ fact: Fact, isStored: Bool) -> PlanStep.Kind {
        if isStored { return .write }
        switch fact.form {
        case .stored, .restored, .check: return .write
        case .emptied: return .emptied
        case .sending: return .uncertain
        case .answer:
            return switch fact.outcome {
            case .ok: .write
            case .refused, .throttled: .failure
            case .timeout, .error, .unknown: .uncertain
            }
        }
    }
}
