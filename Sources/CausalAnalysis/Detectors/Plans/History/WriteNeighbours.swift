import EventModel

/// Says of two writes that stand one behind the other in the effective order how sure it is that nothing came in between.
struct WriteNeighbours: ~Copyable, Sendable {
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
    private let place = LentByAddress()

    init(order: consuming EffectiveOrder, steps: [PlanStep]) {
        self.order = order
        self.steps = steps
    }

    /// What the records say about other writes between two neighbours: commits without a gap, and a store's log without one, leave none.
    func between(_ x: Int?, _ y: Int, _ records: EndpointRecords) -> Between {
        guard let x = x.map({ steps[$0] }) else { return .unknown }
        let y = steps[y]
        var silence = StoreLogs.Silence.unknown
        if x.stored >= 0, y.stored >= 0, let from = x.storeTime, let to = y.storeTime, from.stamp < to.stamp {
            silence = records.clocks.settled.logs.silence(from: from, to: to)
        }
        if case .whole = silence { return .nothing(.storeLog) }
        if x.commit >= 0, y.commit > x.commit {
            switch records.clocks.settled.scopes.between(x.commit, y.commit, store: y.store) {
            case .nothing: return .nothing(.commits(records.generation(y.commit), after: records.generation(x.commit)))
            case .missing: return .missing
            case .unknown: break
            }
        }
        if case .broken = silence { return .missing }
        return .unknown
    }

    /// How sure it is that no known write of another generation came between two that stand one behind the other: for each process the last
    /// of its writes ahead of the one, and the first behind the other.
    func sure(_ x: Int?, _ y: Int?, _ records: inout EndpointRecords) -> Finding.Confidence {
        guard let x else { return .proven }
        if order.isProven(x, then: y ?? x), y != nil || isLast(x) { return .proven }
        return sure(oneOf: [x], y, &records)
    }

    /// The same for several writes of one generation, of which whichever comes last stands ahead of the other.
    private func sure(oneOf alike: [Int], _ y: Int?, _ records: inout EndpointRecords) -> Finding.Confidence {
        guard let last = alike.last else { return .possible }
        var confidence = Finding.Confidence.proven
        var seen: Set<Symbol> = []
        for at in steps.indices[..<max(last, y ?? last)].reversed() where isOther(at, than: last) {
            if last - at > Self.reach { break }
            if seen.insert(steps[at].writer).inserted {
                confidence = min(confidence, alike.map { basis(at, $0, &records).confidence }.max() ?? .possible)
            }
            if confidence == .possible { return confidence }
        }
        guard let y else { return confidence }
        seen = []
        for at in steps.indices[(y + 1)...] where isOther(at, than: last) {
            if at - y > Self.reach { break }
            if seen.insert(steps[at].writer).inserted {
                confidence = min(confidence, basis(y, at, &records).confidence)
            }
            if confidence == .possible { return confidence }
        }
        return confidence
    }

    /// Whether a step is a write of another generation: the same again does not change what is active.
    private func isOther(_ at: Int, than x: Int) -> Bool {
        steps[at].kind == .write && at != x && (steps[at].plan < 0 || steps[at].plan != steps[x].plan)
    }

    /// The write whose generation another displaced: the one ahead of it, or an earlier one of the same generation that is surely ahead, where
    /// all others are surely ahead of one of these. With why, and how sure it is that nothing else came between.
    func displaced(
        _ x: Int, by y: Int, _ records: inout EndpointRecords
    ) -> (write: Int, basis: OrderBasis, sure: Finding.Confidence) {
        let (order, sure) = (basis(x, y, &records), sure(x, y, &records))
        if min(order.confidence, sure) == .proven || steps[x].plan < 0 { return (x, order, sure) }
        var alike: [Int] = []
        for at in steps.indices[max(0, y - Self.reach)..<y]
        where steps[at].kind == .write && steps[at].plan == steps[x].plan {
            if basis(at, y, &records).confidence == .proven { alike.append(at) }
        }
        guard let last = alike.last, self.sure(oneOf: alike, y, &records) == .proven else { return (x, order, sure) }
        return (last, basis(last, y, &records), .proven)
    }

    private func isLast(_ x: Int) -> Bool { !steps[(x + 1)...].contains { $0.kind == .write } }

    /// Why the one stands before the other, by rules that no stronger ones have refuted.
    func basis(_ x: Int, _ y: Int, _ records: inout EndpointRecords) -> OrderBasis {
        records.basis(steps[x], steps[y]) { !order.isRefuted($0, x, y) }
    }
}
