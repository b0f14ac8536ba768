import EventModel

/// What two records say of their order.
struct Relations {
    let ledger: Ledger
    /// The logs' paths, to name lines by.
    let paths: [String]

    /// `enactor-a.log:12`.
    func name(_ record: Record) -> String { "\(paths[record.place.source]):\(record.place.line)" }

    // MARK: Happened before

    /// Whether one record happened before another by what the two lines themselves say.
    func precedes(_ a: Record, _ b: Record) -> Bool {
        if a.actor == b.actor { return ledger.isAhead(a, of: b) }
        if let own = a.counter, let known = b.clock[a.actor], known >= own { return true }
        if let id = a.id, b.causes.contains(id) { return true }
        if a.event == "plan.created", let plan = a.plan, b.plan == plan, a.endpoint == nil || a.endpoint == b.endpoint {
            return isOnlyCreation(a)
        }
        return a.event == "work.enqueued" && b.event == "work.completed" && a.item != nil && a.item == b.item
            && a.queue == b.queue
    }

    /// Whether two records are of one actor, and in this order.
    func isOwn(_ a: Record, before b: Record) -> Bool { a.actor == b.actor && ledger.isAhead(a, of: b) }

    private func isOnlyCreation(_ record: Record) -> Bool {
        ledger.creations.allSatisfy {
            $0.plan != record.plan || $0.actor == record.actor
                || ($0.endpoint != nil && record.endpoint != nil && $0.endpoint != record.endpoint)
        }
    }

    /// Whether a write's sending came before the store's record of it, or that before the answer: what bounds clocks, though no → runs there.
    private func answers(_ a: Record, _ b: Record) -> Bool {
        guard a.endpoint != nil, a.endpoint == b.endpoint, a.plan == b.plan else { return false }
        if b.event == "change.committed" { return a.event == "plan.applying" && b.by ?? a.actor == a.actor }
        return a.event == "change.committed" && b.event == "plan.applied" && a.by ?? b.actor == b.actor
            && a.commit != nil && a.commit == b.commit
    }

    /// Checks each link of a chain.
    /// - Parameter withAnswers: whether what a store answers counts as well.
    func follow(_ chain: [Record], withAnswers: Bool = false) throws(Refusal) {
        try require(chain.count > 1, "a chain of happened-before has fewer than two records")
        for (a, b) in zip(chain, chain.dropFirst()) {
            try require(
                precedes(a, b) || (withAnswers && answers(a, b)),
                "\(name(a)) does not show that it happened before \(name(b))")
        }
    }

    // MARK: The store's order

    /// Checks that one effect's commit is below another's in one count.
    func commits(_ a: Record, _ b: Record) throws(Refusal) {
        guard let x = a.commit, let y = b.commit else {
            throw Refusal("\(name(a.commit == nil ? a : b)) has no commit")
        }
        try require(x < y, "commit \(x) of \(name(a)) is not below commit \(y) of \(name(b))")
        try require(
            a.takenBy == b.takenBy || a.takenBy.isEmpty || b.takenBy.isEmpty,
            "the commits of \(name(a)) and \(name(b)) are counted by different stores")
    }

    /// Whether one store's own count puts `a` before `b`; nil where it does not tell.
    func storeOrder(_ a: Record, _ b: Record) -> Bool? {
        if let x = a.storeTime, let y = b.storeTime {
            return x.store == y.store && x.counter != y.counter ? x.counter < y.counter : nil
        }
        guard a.event == "change.committed", b.event == "change.committed", a.actor == b.actor else { return nil }
        let isFirst = ledger.isAhead(a, of: b)
        return isFirst || ledger.isAhead(b, of: a) ? isFirst : nil
    }

    // MARK: Silence

    /// Checks that no commit between two is one of their endpoint.
    func nothingBetween(commits a: Record, _ b: Record) throws(Refusal) {
        try commits(a, b)
        guard let x = a.commit?.int64, let y = b.commit?.int64 else {
            throw Refusal("commits of more than 64 bits are not counted up")
        }
        if y - x == 1 { return }
        let held = ledger.commits[b.takenBy] ?? [:]
        try require(
            !held.values.contains(""),
            "commits \(x) and \(y) do not follow one another, and \(b.takenBy) counts each endpoint's for itself")
        for value in (x + 1)..<y {
            let endpoint = try need(held[Generation(value)], "no record has commit \(value), between \(x) and \(y)")
            try require(endpoint != b.endpoint, "commit \(value), between \(x) and \(y), is another write here")
        }
    }

    /// Checks that a store's own log has all counters between two of its records, and no write or emptying of their endpoint.
    func nothingBetween(log store: String, _ counters: ClosedRange<Int64>, _ a: Record, _ b: Record) throws(Refusal) {
        for (record, counter) in [(a, counters.lowerBound), (b, counters.upperBound)] {
            try require(
                record.event == "change.committed" && record.actor == store && record.counter == counter,
                "\(name(record)) is not record \(counter) of \(store)'s own log")
        }
        let all = ledger.rows[store] ?? []
        try require(all.allSatisfy { $0.counter != nil }, "records of \(store) have no counters")
        var between: [Int64: [Ledger.Row]] = [:]
        for row in all {
            guard let counter = row.counter, counter > counters.lowerBound, counter < counters.upperBound else {
                continue
            }
            between[counter, default: []].append(row)
        }
        for counter in counters.dropFirst().dropLast() {
            var rows = between[counter] ?? []
            if Set(rows.map(\.digest)).count == 1 { rows.removeLast(rows.count - 1) }
            if rows.count > 1, a.place.source == b.place.source {
                // Other incarnations of the store used the counter too: this stretch lies in one log.
                rows = rows.filter { $0.place.source == a.place.source && $0.place > a.place && $0.place < b.place }
            }
            if rows.isEmpty {
                try require(
                    ledger.deletions[store]?.contains(counter) == true,
                    "record \(counter) of \(store), between \(counters.lowerBound) and \(counters.upperBound), is missing"
                )
                continue
            }
            try require(rows.count == 1, "several records of \(store) have counter \(counter)")
            try require(
                rows[0].endpoint != a.endpoint || (!rows[0].isWrite && !rows[0].isEmptied),
                "record \(counter) of \(store), between the two, is of the same endpoint")
        }
    }
}
