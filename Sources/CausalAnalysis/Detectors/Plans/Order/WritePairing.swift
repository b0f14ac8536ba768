import EventModel

/// Brings together what tells of one write: its sending, its answer, and the store's record of it.
///
/// By equal `commit`; else by the store's entry in the clock; the rest by the longest matching that keeps both orders and that nothing
/// contradicts. What is left of the store's records are late effects: of tries that were never answered, or that were left open.
struct WritePairing {
    /// So many of the store's records may be open at a time in the ordinary course.
    private static let reach = 8

    private var tries: [WriteAttempt] = []
    /// Of each store's record, whether it has found its write; by fact.
    private var isTaken: [Bool] = []
    /// The store's records, the sendings that wait for an answer, and what makes a step: used again for each endpoint.
    private var stored: [Int32] = []
    private var open: [Int32] = []
    private var made: [Made] = []

    /// The records of a step, by number there, and the first of them.
    private struct Made {
        let first: Int32
        let main: Int32
        let sending: Int32
        let stored: Int32
    }

    /// Makes the steps of the records, in the order in which the first record of each was delivered.
    mutating func make(_ steps: inout [PlanStep], of records: inout EndpointRecords) {
        WriteAttempt.gather(records.facts, into: &tries, &open)
        isTaken.removeAll(keepingCapacity: true)
        stored.removeAll(keepingCapacity: true)
        made.removeAll(keepingCapacity: true)
        for number in records.facts.indices {
            isTaken.append(false)
            switch records.facts[number].form {
            case .stored: stored.append(Int32(number))
            case .emptied:
                made.append(Made(first: Int32(number), main: Int32(number), sending: -1, stored: -1))
            case .check, .sending, .answer, .restored: break
            }
        }
        if !stored.isEmpty { match(stored, &records) }
        for attempt in tries {
            made.append(
                Made(first: attempt.first, main: attempt.main, sending: attempt.sending, stored: attempt.stored))
        }
        for number in stored where !isTaken[Int(number)] {
            made.append(Made(first: number, main: number, sending: -1, stored: number))
        }
        made.sort { $0.first < $1.first }
        steps.removeAll(keepingCapacity: true)
        for step in made { steps.append(records.step(step.main, sending: step.sending, stored: step.stored)) }
    }

    /// Lets the writes whose records were paired beyond doubt bound the clocks of their writers and stores.
    func teach(_ skew: inout AnswerSkew, _ records: EndpointRecords) {
        for attempt in tries where attempt.isSure {
            let isAnswered = records.isAnswered(attempt)
            skew.learn(
                sent: attempt.sending >= 0 ? records.moment(attempt.sending) : nil,
                stored: records.moment(attempt.stored), answered: isAnswered ? records.moment(attempt.main) : nil)
        }
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
        matchInTurn(stored, records)
        if !stored.contains(where: { !isTaken[Int($0)] }) { return }
        let left = stored.filter { !isTaken[Int($0)] }
        let writers = tries.indices.filter { tries[$0].stored < 0 }.sorted { key(tries[$0].main) < key(tries[$1].main) }
        let stores = left.sorted { key($0) < key($1) }
        let logs = PreviousWrites(records)
        var (a, s) = (0, 0)
        while a < writers.count, s < stores.count {
            let (attempt, record) = (tries[writers[a]].main, stores[s])
            if isAlike(attempt, record) {
                var (endA, endS) = (a, s)
                while endA < writers.count, isAlike(tries[writers[endA]].main, record) { endA += 1 }
                while endS < stores.count, isAlike(stores[endS], record) { endS += 1 }
                match(Array(writers[a..<endA]), Array(stores[s..<endS]), logs, &records)
                (a, s) = (endA, endS)
            } else if key(attempt) < key(record) {
                a += 1
            } else {
                s += 1
            }
        }
        matchNameless(stored, logs, &records)
    }

    /// The ordinary course: answers come in the order of the store's records, and bear the same commits.
    private mutating func matchInTurn(_ stored: [Int32], _ records: EndpointRecords) {
        var at = 0
        for attempt in tries.indices {
            let told = records.facts[Int(tries[attempt].main)]
            if told.commit < 0 || records.isFailure(tries[attempt]) { continue }
            while at < stored.count, isTaken[Int(stored[at])] { at += 1 }
            for place in at..<min(at + Self.reach, stored.count) where !isTaken[Int(stored[place])] {
                let number = Int(stored[place])
                if records.facts[number].commit == told.commit, records.facts[number].plan == told.plan,
                    records.facts[number].writer == told.writer
                {
                    pair(attempt, stored[place], isSure: true)
                    break
                }
            }
        }
    }

    /// Matches the store's records of one writer and generation.
    private mutating func match(
        _ attempts: [Int], _ stored: [Int32], _ logs: PreviousWrites, _ records: inout EndpointRecords
    ) {
        byCommit(attempts, stored, records)
        if stored.allSatisfy({ isTaken[Int($0)] }) { return }
        for a in attempts where tries[a].stored < 0 {
            let fact = records.facts[Int(tries[a].main)]
            guard fact.hasStoreTime, records.isAnswered(tries[a]) else { continue }
            for s in stored where !isTaken[Int(s)] && records.facts[Int(s)].storeTime.counter == fact.storeTime.counter
            {
                if records.fits(tries[a], s, late: false, byTime: false, logs) {
                    pair(a, s, isSure: true)
                    break
                }
            }
        }
        let answered = attempts.filter { tries[$0].stored < 0 && records.isAnswered(tries[$0]) }
        longest(answered, stored.filter { !isTaken[Int($0)] }, late: false, logs, &records)
        let left = attempts.filter { tries[$0].stored < 0 && records.isOpen(tries[$0]) }
        longest(left, stored.filter { !isTaken[Int($0)] }, late: true, logs, &records)
    }

    private mutating func byCommit(_ attempts: [Int], _ stored: [Int32], _ records: EndpointRecords) {
        if let only = stored.first, stored.count == 1 {
            let commit = records.facts[Int(only)].commit
            guard commit >= 0 else { return }
            let own = attempts.first { a in
                records.facts[Int(tries[a].main)].commit == commit && !records.isFailure(tries[a])
            }
            if let own { pair(own, only, isSure: true) }
            return
        }
        var places: [Int64: Int32] = [:]
        for s in stored where records.facts[Int(s)].commit >= 0 { places[records.facts[Int(s)].commit] = s }
        if places.isEmpty { return }
        for a in attempts {
            let commit = records.facts[Int(tries[a].main)].commit
            if commit >= 0, let s = places[commit], !isTaken[Int(s)], !records.isFailure(tries[a]) {
                pair(a, s, isSure: true)
            }
        }
    }

    /// Records of a store that does not say whose write it was.
    private mutating func matchNameless(
        _ stored: [Int32], _ logs: PreviousWrites, _ records: inout EndpointRecords
    ) {
        if !stored.contains(where: { !isTaken[Int($0)] && records.facts[Int($0)].writer == .none }) { return }
        for s in stored where !isTaken[Int(s)] && records.facts[Int(s)].writer == .none {
            let fitting = tries.indices.filter { a in
                tries[a].stored < 0 && !records.isFailure(tries[a])
                    && records.facts[Int(tries[a].main)].plan == records.facts[Int(s)].plan
                    && records.fits(tries[a], s, late: !records.isAnswered(tries[a]), byTime: true, logs)
            }
            if let a = fitting.first(where: { records.isAnswered(tries[$0]) }) ?? fitting.first { pair(a, s) }
        }
    }

    private mutating func pair(_ attempt: Int, _ stored: Int32, isSure: Bool = false) {
        tries[attempt].take(stored, isSure: isSure)
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

    private func matching(
        _ attempts: [Int], _ stored: [Int32], late: Bool, byTime: Bool, _ logs: PreviousWrites,
        _ records: inout EndpointRecords
    ) -> [(Int, Int)] {
        OrderedMatching.longest(attempts.count, stored.count) { a, s in
            records.fits(tries[attempts[a]], stored[s], late: late, byTime: byTime, logs)
        }
    }
}
