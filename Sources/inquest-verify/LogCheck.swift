import EventModel

/// What a finding says of an actor's own log: gaps, restarts, conflicts, faults, a log that is missing, clocks apart.
struct LogCheck {
    let check: Check

    private var claim: Claim { check.claim }
    private var relations: Relations { check.relations }

    func run() throws(Refusal) {
        switch claim.kind {
        case "clock-skew": return try skew()
        case "missing-log": return try missing()
        default: break
        }
        let actor = try need(claim.actor, "it names no actor")
        let record = try check.record(try need(claim.evidence.first, "it cites no record"))
        try require(record.actor == actor, "\(relations.name(record)) is not of \(actor)")
        try check.isAt(record)
        let order = OwnCounters(check.ledger.rows[actor] ?? [])
        let found: Int64
        switch claim.kind {
        case "log-gap":
            try require(order.isBehindGap(record), "nothing is missing ahead of \(relations.name(record))")
            found = order.missing
        case "restart":
            try require(order.begins(record), "\(relations.name(record)) is not the first of an incarnation")
            found = Int64(order.restarts)
        case "clock-conflict":
            try require(order.isShared(record), "no other record has the counter of \(relations.name(record))")
            found = order.conflicts
        case "clock-fault":
            try require(
                record.hasClockField && record.counter == nil,
                "the fault of \(relations.name(record)) does not show in its own line")
            found = order.faults
        default: throw Refusal("a \(claim.kind) is never proven")
        }
        try require(claim.count == found, "the log shows \(found), not \(claim.count ?? 0)")
    }

    private func missing() throws(Refusal) {
        let actor = try need(claim.actor, "it names no actor")
        try require(!check.ledger.actors.contains(actor), "the bundle holds records of \(actor)")
        let named = check.ledger.named[actor] ?? 0
        try require(claim.count == named, "\(actor) is named \(named) times, not \(claim.count ?? 0)")
    }

    /// A message that was received before it was sent.
    private func skew() throws(Refusal) {
        let chain = try check.chain(try need(check.step("happened-before"), "it cites no message"))
        try relations.follow(chain, withAnswers: true)
        guard let sent = chain.first, let received = chain.last else { throw Refusal("a chain without records") }
        try require(sent.actor == claim.actor, "\(relations.name(sent)) is not of \(claim.actor ?? "")")
        guard let out = sent.time, let back = received.time else { throw Refusal("a record without a time") }
        let apart = Double(out - back) / 1_000_000
        // An order that is inferred may bind records that were written late, by five seconds.
        let peak = claim.peak ?? 0
        try require(
            peak > 0 && (peak == apart || peak == apart - 5000),
            "the clocks stand \(apart) ms apart by these records, not \(peak)")
        try check.tells([sent.actor, received.actor])
    }
}
