import EventModel

/// Writes over other generations.
extension Check {
    /// A write over a newer generation, by mistake or on purpose.
    func overwrite() throws(Refusal) {
        let endpoint = try need(claim.endpoint, "it names no endpoint")
        let writer = try need(claim.actor, "it names no writer")
        let plan = try need(claim.plan, "it names no plan")
        let displaced = try need(claim.displaced, "it names no displaced plan")
        try require(displaced > plan, "plan \(displaced) is not newer than plan \(plan)")
        let write = try need(try part("the write"), "it does not cite the write")
        try isEffect(write, on: endpoint, of: plan, by: writer)
        try isAt(write)
        let own = try ownRecords(endpoint, plan, writer)
        let isDeliberate =
            own.contains(where: \.isDeliberate)
            || (write.event == "change.committed" && ledger.operators.contains(writer))
        try require(
            isDeliberate == (claim.kind == "rollback"),
            isDeliberate ? "the write was done on purpose" : "nothing says that the write was done on purpose")
        try checked(by: writer, plan, endpoint, write)
        for name in ["the displaced write", "the store's record of the displaced write"] {
            guard let record = try part(name) else { continue }
            // Of one that was never answered the write's own record tells that it took effect.
            if step("replaces") == nil {
                try isEffect(record, on: endpoint, of: displaced, by: nil)
            } else {
                try require(
                    record.endpoint == endpoint && record.plan == displaced,
                    "\(relations.name(record)) is not a write of plan \(displaced)")
            }
        }
        try hasBasis(try wasActive(displaced, beforeWriteOf: plan, by: writer, on: endpoint))
        try tells([writer, "plan \(plan)", "plan \(displaced)"])
        if let until = claim.until.flatMap(Check.time), until != write.time {
            let isThere = (ledger.onEndpoint[endpoint] ?? []).contains { $0.time == until && !$0.isFailure }
            try require(isThere, "no write of \(endpoint) has the time at which it ended")
        }
    }

    /// The records that tell of the write itself.
    private func ownRecords(_ endpoint: String, _ plan: Generation, _ writer: String) throws(Refusal) -> [Record] {
        var own: [Record] = []
        for name in ["the write", "the store's record", "its answer", "its sending"] {
            guard let record = try part(name) else { continue }
            try require(
                record.endpoint == endpoint && record.plan == plan && record.writer ?? writer == writer,
                "\(relations.name(record)) is not of \(writer)'s write of plan \(plan)")
            own.append(record)
        }
        return own
    }

    /// The check that the write rests on: of this writer, plan and endpoint, the last ahead of it; and whether it saw the newer one.
    private func checked(
        by writer: String, _ plan: Generation, _ endpoint: String, _ write: Record
    ) throws(Refusal) {
        let check = try part("its check")
        let start = try part("its run's start")
        guard let record = check ?? start else { return }
        let name = relations.name(record)
        try require(
            record.event == (check == nil ? "run.started" : "plan.checked") && record.actor == writer
                && record.plan == plan && (record.endpoint == nil || record.endpoint == endpoint),
            "\(name) is not \(writer)'s check of plan \(plan)")
        if let active = record.active, check != nil {
            try require(
                claim.awareness == (active > plan ? "aware" : "unaware"),
                "\(name) saw plan \(active), so that the writer was not '\(claim.awareness ?? "")'")
        }
        if let newer = claim.newerPlans, let displaced = claim.displaced, let counted = created(plan, displaced, record)
        {
            try require(newer == counted, "\(counted) newer plans were created after its check, not \(newer)")
        }
        let sending = try part("its sending")
        guard let sent = sending ?? (write.event == "plan.applied" ? write : nil) else { return }
        try require(!relations.precedes(sent, record), "\(name) is not ahead of the write")
        let isLater = ledger.checks.contains { other in
            other.event == "plan.checked" && other.actor == writer && other.plan == plan
                && (other.endpoint == nil || other.endpoint == endpoint) && other.digest != record.digest
                && relations.precedes(record, other) && relations.precedes(other, sent)
        }
        try require(!isLater, "\(writer) checked plan \(plan) once more between \(name) and the write")
    }

    /// How many generations between two were created after the check; nil where clocks do not tell.
    private func created(_ plan: Generation, _ newest: Generation, _ check: Record) -> Int64? {
        guard check.counter != nil else { return nil }
        var newestOf: [String: (counter: Int64, plan: Generation)] = [:]
        var count: Int64 = 0
        for creation in ledger.creations.sorted(by: { $0.counter ?? 0 < $1.counter ?? 0 }) {
            guard let created = creation.plan, let counter = creation.counter else { return nil }
            if let last = newestOf[creation.actor] {
                // A planner that began anew counts in another incarnation.
                if counter == last.counter { return nil }
                if created <= last.plan { continue }
            }
            newestOf[creation.actor] = (counter, created)
            let isKnown =
                creation.actor == check.actor
                ? counter <= check.counter ?? 0 : counter <= check.clock[creation.actor] ?? 0
            if created > plan, created <= newest, !isKnown { count += 1 }
        }
        return count
    }

    // MARK: What was active

    /// Checks that a generation was active just before a write, and says by which rules that is shown.
    func wasActive(
        _ displaced: Generation, beforeWriteOf plan: Generation, by writer: String, on endpoint: String
    ) throws(Refusal) -> [String] {
        if let step = step("replaces") {
            let record = try cited(step, "record")
            try isEffect(record, on: endpoint, of: plan, by: writer)
            try require(
                record.replaces == displaced,
                "\(relations.name(record)) does not say that it replaced plan \(displaced)")
            return ["replaces \(displaced)"]
        }
        let words = try order { earlier, later throws(Refusal) in
            try isEffect(earlier, on: endpoint, of: displaced, by: nil)
            if later.event == "plan.applying" {
                try require(
                    later.endpoint == endpoint && later.plan == plan && later.actor == writer,
                    "\(relations.name(later)) is not the sending of the write")
            } else {
                try isEffect(later, on: endpoint, of: plan, by: writer)
            }
        }
        return try silence(
            words, { record throws(Refusal) in try isEffect(record, on: endpoint, of: displaced, by: nil) },
            { record throws(Refusal) in try isEffect(record, on: endpoint, of: plan, by: writer) })
    }

    /// Checks the step that puts one effect before another; `fit` looks at the two. Says by which rule.
    func order(_ fit: (Record, Record) throws(Refusal) -> Void) throws(Refusal) -> String {
        if let step = step("commit") {
            let (earlier, later) = (try cited(step, "earlier"), try cited(step, "later"))
            try fit(earlier, later)
            try relations.commits(earlier, later)
            return "commit \(later.commit ?? 0) after \(earlier.commit ?? 0)"
        }
        if let step = step("store") {
            let (earlier, later) = (try cited(step, "earlier"), try cited(step, "later"))
            try fit(earlier, later)
            return try storeOrder(earlier, later)
        }
        let step = try need(
            claim.proof.last { $0.name == "happened-before" }, "no step puts the writes in order")
        let chain = try chain(step)
        guard let first = chain.first, let last = chain.last else { throw Refusal("a chain without records") }
        try fit(first, last)
        try relations.follow(chain)
        return "happened before"
    }

    private func storeOrder(_ earlier: Record, _ later: Record) throws(Refusal) -> String {
        try require(
            relations.storeOrder(earlier, later) == true,
            "the store does not put \(relations.name(earlier)) before \(relations.name(later))")
        if earlier.event == "change.committed", later.event == "change.committed" { return Check.ownLog }
        return "the store's clock: \(later.storeTime?.counter ?? 0) after \(earlier.storeTime?.counter ?? 0)"
    }

    static let ownLog = "the order of the store's own log"

    /// Checks the step that says that nothing came between two effects. Gives the words of the rules that decided.
    private func silence(
        _ order: String, _ fitEarlier: (Record) throws(Refusal) -> Void, _ fitLater: (Record) throws(Refusal) -> Void
    ) throws(Refusal) -> [String] {
        let step = try need(step("nothing-between"), "no step shows that nothing came in between")
        let (earlier, later) = (try cited(step, "earlier"), try cited(step, "later"))
        try fitEarlier(earlier)
        try fitLater(later)
        switch step.by {
        case "commits":
            try relations.nothingBetween(commits: earlier, later)
            return ["commit \(later.commit ?? 0) after \(earlier.commit ?? 0)"]
        case "store-log":
            let store = try need(step.store, "it does not name the store whose log is silent")
            let counters = try need(step.counters, "it does not say from where to where the log is silent")
            try relations.nothingBetween(log: store, counters, earlier, later)
            return [Check.ownLog]
        case "all-writes":
            let all = ledger.onEndpoint[earlier.endpoint ?? ""] ?? []
            try EndpointWrites(all, own: try ownPlaces(), relations).requireNothing(
                between: try effects(of: earlier), try effects(of: later))
            return [order]
        default: throw Refusal("unknown reason why nothing came in between: '\(step.by)'")
        }
    }

    /// The cited records of the write that a record tells of.
    private func effects(of record: Record) throws(Refusal) -> [Record] {
        var all = [record]
        for citation in claim.citations {
            let other = try self.record(citation)
            let isOfIt =
                other.endpoint == record.endpoint && other.plan == record.plan && other.writer == record.writer
                && other.place != record.place && other.event != "plan.checked"
            if isOfIt, !all.contains(where: { $0.place == other.place }) { all.append(other) }
        }
        return all
    }

    /// The places of all cited records.
    private func ownPlaces() throws(Refusal) -> Set<Place> {
        var places: Set<Place> = []
        for citation in claim.citations { places.insert(try record(citation).place) }
        return places
    }

    // MARK: Near misses

    /// Writes that were newer than what was active, though that had changed since the check.
    func nearMiss() throws(Refusal) {
        let writer = try need(claim.actor, "it names no writer")
        let plan = try need(claim.plan, "it names no plan")
        for record in try counted() {
            try isEffect(record, on: record.endpoint ?? "", of: plan, by: writer)
        }
        try isAt(try need(try part("a write"), "it does not cite a write"))
        let chain = try chain(
            try need(step("happened-before"), "nothing shows that the endpoint changed after the check"))
        try relations.follow(chain)
        guard let check = chain.first, let changed = chain.last else { throw Refusal("a chain without records") }
        try require(
            check.actor == writer && check.plan == plan
                && (check.event == "plan.checked" || check.event == "run.started"),
            "\(relations.name(check)) is not \(writer)'s check of plan \(plan)")
        let endpoint = try need(changed.endpoint, "\(relations.name(changed)) is about no endpoint")
        let displaced = try need(changed.plan, "\(relations.name(changed)) writes no plan")
        try require(displaced < plan, "plan \(displaced) is not older than plan \(plan)")
        try require(changed.writer != writer, "\(relations.name(changed)) is the writer's own")
        _ = try wasActive(displaced, beforeWriteOf: plan, by: writer, on: endpoint)
        try tells([writer, "plan \(plan)", "\(claim.count ?? 0) endpoint"])
    }
}
