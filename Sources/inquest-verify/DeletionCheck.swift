import EventModel

/// Deletions of active generations, endpoints without addresses, and automation that could not mend them.
extension Check {
    func deletion() throws(Refusal) {
        let endpoint = try need(claim.endpoint, "it names no endpoint")
        let actor = try need(claim.actor, "it does not say who deleted")
        let plan = try need(claim.plan, "it names no plan")
        let record = try deleted(plan, by: actor, on: endpoint)
        try isAt(record)
        try tells([actor, "deleted plan \(plan)"])
    }

    /// Checks that a generation was deleted while it was active; the deletion.
    private func deleted(_ plan: Generation, by actor: String, on endpoint: String) throws(Refusal) -> Record {
        let deletion = try need(try part("the deletion"), "it does not cite the deletion")
        let name = relations.name(deletion)
        try require(
            deletion.event == "plan.deleted" && deletion.actor == actor && deletion.plan == plan,
            "\(name) is not \(actor)'s deletion of plan \(plan)")
        try require(
            deletion.outcome != .refused && deletion.outcome != .throttled, "\(name) says that nothing was deleted")
        let write = try need(try part("the write"), "it does not cite the write of the plan deleted")
        if try emptiedRecord()?.plan == plan, write.event.hasPrefix("plan.appl"), !write.isFailure {
            // A try that nobody answered took effect where the store says that its generation was there.
            try require(
                write.endpoint == endpoint && write.plan == plan,
                "\(relations.name(write)) is not a write of plan \(plan)")
        } else {
            try isEffect(write, on: endpoint, of: plan, by: nil)
        }
        let words = try written(plan, before: deletion, on: endpoint)
        if let step = step("empties") {
            try empties(try cited(step, "record"), endpoint, plan, deletion)
        } else {
            try stillActive(plan, write, until: deletion, on: endpoint)
        }
        try hasBasis([words ?? "the endpoint was emptied while the plan was active"])
        return deletion
    }

    /// The record that says that the endpoint has no addresses.
    private func emptiedRecord() throws(Refusal) -> Record? {
        guard let step = step("empties") else { return nil }
        return try cited(step, "record")
    }

    /// Checks the step that puts the generation's write before its deletion, and says by which rule; nil where there is none.
    private func written(
        _ plan: Generation, before deletion: Record, on endpoint: String
    ) throws(Refusal) -> String? {
        for step in claim.proof where step.name == "store" {
            let (earlier, later) = (try cited(step, "earlier"), try cited(step, "later"))
            if later.place != deletion.place { continue }
            try isEffect(earlier, on: endpoint, of: plan, by: nil)
            guard let written = earlier.storeTime, let deleted = later.storeTime, written.store == deleted.store else {
                throw Refusal(
                    "no store counts both \(relations.name(earlier)) and \(relations.name(deletion))")
            }
            try require(written.counter <= deleted.counter, "the store puts the deletion before the write")
            return "the store's clock: deleted at \(deleted.counter), written at \(written.counter)"
        }
        for step in claim.proof where step.name == "happened-before" {
            let chain = try chain(step)
            guard let first = chain.first, chain.last?.place == deletion.place else { continue }
            try relations.follow(chain)
            try isEffect(first, on: endpoint, of: plan, by: nil)
            return "the write happened before the deletion"
        }
        return nil
    }

    /// Checks that nothing replaced the generation between its write and its deletion.
    private func stillActive(
        _ plan: Generation, _ write: Record, until deletion: Record, on endpoint: String
    ) throws(Refusal) {
        let silent = try need(step("nothing-between"), "nothing shows that the plan was still active")
        let (earlier, later) = (try cited(silent, "earlier"), try cited(silent, "later"))
        try isEffect(earlier, on: endpoint, of: plan, by: nil)
        if later.place == deletion.place {
            try require(silent.by == "all-writes", "the step does not fit a deletion")
            let own: Set = [earlier.place, write.place, deletion.place]
            return try EndpointWrites(ledger.onEndpoint[endpoint] ?? [], own: own, relations).requireNothing(
                between: [earlier, write], [deletion])
        }
        try isEffect(later, on: endpoint, of: later.plan, by: nil)
        switch silent.by {
        case "commits": try relations.nothingBetween(commits: earlier, later)
        case "store-log":
            let store = try need(silent.store, "it does not name the store whose log is silent")
            let counters = try need(silent.counters, "it does not say from where to where the log is silent")
            try relations.nothingBetween(log: store, counters, earlier, later)
        default: throw Refusal("the plan may have been replaced before")
        }
        for step in claim.proof where step.name == "store" || step.name == "happened-before" {
            let records =
                step.name == "store" ? [try cited(step, "earlier"), try cited(step, "later")] : try chain(step)
            guard records.first?.place == deletion.place, let last = records.last else { continue }
            let isOfNext =
                last.endpoint == endpoint && last.plan == later.plan && last.writer ?? later.writer == later.writer
            try require(isOfNext, "\(relations.name(last)) is not of the next write")
            if step.name == "happened-before" { return try relations.follow(records) }
            return try require(
                relations.storeOrder(deletion, last) == true,
                "the store does not put the deletion before the next write")
        }
        throw Refusal("nothing puts the deletion before the next write")
    }

    /// Checks that a record says that the generation's endpoint was emptied, and not after the deletion was over.
    private func empties(
        _ record: Record, _ endpoint: String, _ plan: Generation, _ deletion: Record
    ) throws(Refusal) {
        let name = relations.name(record)
        try require(
            record.event == "record.emptied" && record.endpoint == endpoint && record.plan ?? plan == plan,
            "\(name) does not say that \(endpoint) was emptied of plan \(plan)")
        if record.plan == nil {
            try require(step("store") != nil, "\(name) does not say of which plan, and nothing else shows it")
        }
        if let a = record.storeTime, let b = deletion.storeTime, a.store == b.store {
            try require(a.counter <= b.counter, "the store puts \(name) after the deletion")
        } else {
            try require(!relations.precedes(deletion, record), "\(name) came after the deletion was over")
        }
    }

    func emptied() throws(Refusal) {
        let endpoint = try need(claim.endpoint, "it names no endpoint")
        if let plan = claim.plan {
            let actor = try need(claim.actor, "it does not say who deleted")
            try isAt(try deleted(plan, by: actor, on: endpoint))
            try tells(["no addresses", "plan \(plan)"])
        } else {
            let record = try cited(try need(step("empties"), "no step shows that it had no addresses"), "record")
            try require(record.endpoint == endpoint, "\(relations.name(record)) is not about \(endpoint)")
            if record.event == "record.emptied" {
                try isAt(record)
            } else {
                try isEffect(record, on: endpoint, of: nil, by: claim.actor)
                try require(record.addresses == 0, "\(relations.name(record)) leaves addresses")
                try isAt(try need(try part("the write"), "it does not cite the write"))
                try hasBasis(["records is 0"])
            }
        }
        guard let ending = try part("the write that ended it") else {
            return try require(claim.until == nil, "nothing shows with what it ended")
        }
        try isEffect(ending, on: endpoint, of: nil, by: nil)
        try require(ending.addresses != 0, "\(relations.name(ending)) leaves no addresses")
        try ended(with: ending)
    }

    func wedge() throws(Refusal) {
        let endpoint = try need(claim.endpoint, "it names no endpoint")
        let failures = try counted()
        for failure in failures {
            try require(
                failure.endpoint == endpoint && failure.isFailure,
                "\(relations.name(failure)) is not a write of \(endpoint) that was refused")
        }
        let first = try need(try part("the first failure"), "it does not cite the first failure")
        try isAt(first)
        for record in [first, try part("the last failure")].compactMap({ $0 }) {
            try require(
                failures.contains { $0.place == record.place }, "\(relations.name(record)) is not among those counted")
        }
        let actors = Set(failures.map(\.actor))
        try require(
            claim.actor == nil || actors == [claim.actor ?? ""], "it is said of one actor, and several tried")
        try tells(["\(failures.count) write", actors.count == 1 ? actors.first ?? "" : "\(actors.count) actors"])
        if let step = step("happened-before") {
            let chain = try chain(step)
            try relations.follow(chain)
            guard let begin = chain.first, let last = chain.last else { throw Refusal("a chain without records") }
            try require(
                begin.event == "plan.deleted" || (begin.event == "record.emptied" && begin.endpoint == endpoint),
                "\(relations.name(begin)) does not show that the endpoint was emptied")
            try require(
                last.actor == first.actor && last.plan == first.plan && last.endpoint == endpoint,
                "\(relations.name(last)) is not the first write that was refused")
        } else {
            try require(failures.count >= 10, "nothing shows that the endpoint was emptied before")
        }
        guard let ending = try part("the write that ended it") else {
            return try require(claim.until == nil, "nothing shows with what it ended")
        }
        try isEffect(ending, on: endpoint, of: nil, by: nil)
        try ended(with: ending)
    }
}
