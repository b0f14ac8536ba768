import EventModel

/// Says of two writes that stand one behind the other in the effective order how sure it is that nothing came in between.
struct WriteNeighbours: Sendable {
    /// What the records tell about the time between two writes.
    enum Between: Sendable {
        /// No other write came in between, and why.
        case nothing(Finding.Basis)
        /// Effects are missing there, as the logs show.
        case missing
        case unknown
    }

    /// Far from two writes others are looked at no more: so many of an endpoint stand between.
    private static let reach = 512

    let order: EffectiveOrder
    let steps: [PlanStep]

    /// What the records say about other writes between two neighbours: commits without a gap, and a store's log without one, leave none.
    func between(_ x: Int?, _ y: Int, _ records: EndpointRecords) -> Between {
        guard let x = x.map({ steps[$0] }) else { return .unknown }
        let y = steps[y]
        let settled = records.clocks.settled
        var silence = StoreLogs.Silence.unknown
        if x.stored >= 0, y.stored >= 0, let from = x.storeTime, let to = y.storeTime, from.stamp < to.stamp {
            silence = settled.logs.silence(from: from, to: to)
        }
        if case .whole = silence { return .nothing(.storeLog) }
        if x.commit >= 0, y.commit > x.commit {
            switch settled.scopes.between(x.commit, y.commit, store: y.store) {
            case .nothing: return .nothing(.commits(records.generation(y.commit), after: records.generation(x.commit)))
            case .missing: return .missing
            case .unknown: break
            }
        }
        if case .broken = silence { return .missing }
        return .unknown
    }

    /// How sure it is that no other known write came between two that stand one behind the other: for each process the last of its writes
    /// ahead of the one, and the first behind the other.
    func sure(_ x: Int?, _ y: Int?, _ records: inout EndpointRecords) -> Finding.Confidence {
        guard let x else { return .proven }
        if order.isProven(x, then: y ?? x), y != nil || isLast(x) { return .proven }
        var confidence = Finding.Confidence.proven
        var seen: Set<Symbol> = []
        for at in steps.indices[..<x].reversed() where steps[at].kind == .write {
            if x - at > Self.reach { break }
            if seen.insert(steps[at].writer).inserted {
                confidence = min(confidence, basis(at, x, &records).confidence)
            }
            if confidence == .possible { return confidence }
        }
        guard let y else { return confidence }
        seen = []
        for at in steps.indices[(y + 1)...] where steps[at].kind == .write {
            if at - y > Self.reach { break }
            if seen.insert(steps[at].writer).inserted {
                confidence = min(confidence, basis(y, at, &records).confidence)
            }
            if confidence == .possible { return confidence }
        }
        return confidence
    }

    private func isLast(_ x: Int) -> Bool { !steps[(x + 1)...].contains { $0.kind == .write } }

    /// Why the one stands before the other, by rules that no stronger ones have refuted.
    func basis(_ x: Int, _ y: Int, _ records: inout EndpointRecords) -> OrderBasis {
        records.basis(steps[x], steps[y]) { [order] in !order.isRefuted($0, x, y) }
    }
}
