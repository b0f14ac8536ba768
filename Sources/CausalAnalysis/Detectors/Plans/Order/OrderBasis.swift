import EventModel

/// Why one step is held to have come after another, and how sure that is.
struct OrderBasis: Sendable {
    var confidence: Finding.Confidence
    /// Why; nil where nothing is to be said.
    var reason: Finding.Basis?
}

extension EndpointRecords {
    /// The surest rule that puts `x` before `y`, where the effective order does, of those that hold between the two.
    mutating func basis(_ x: PlanStep, _ y: PlanStep, _ holds: (UInt8) -> Bool) -> OrderBasis {
        if x.commit >= 0, y.commit > x.commit {
            return OrderBasis(confidence: .proven, reason: .commits(generation(y.commit), after: generation(x.commit)))
        }
        var found: [OrderBasis] = []
        if holds(2), let sure = storeOrder(x, before: y), let a = x.storeTime, let b = y.storeTime {
            let isOwn = x.logged >= 0 && y.logged >= 0
            found.append(
                OrderBasis(
                    confidence: sure, reason: isOwn ? .storeLog : .storeClock(b.counter, after: a.counter)))
        }
        if holds(3), let sure = happened(x, before: y) {
            found.append(
                OrderBasis(confidence: sure, reason: ended(x, before: y) ? .sharedClock : .happenedBefore))
        }
        if holds(4), y.replaces > 0, y.replaces == x.plan {
            found.append(OrderBasis(confidence: .proven, reason: .replaces(generation(y.replaces))))
        }
        if holds(5), answered(x, before: y) {
            let sure = min(.likely, moment(x.answer >= 0 ? x.answer : x.effect).cap, moment(y.answer).cap)
            found.append(OrderBasis(confidence: sure, reason: .answers))
        }
        // The first of the surest: rules come strongest first.
        let surest = found.map(\.confidence).max()
        if let basis = found.first(where: { $0.confidence == surest }), basis.confidence > .possible { return basis }
        let apart = clocks.span(from: moment(x.effect), to: moment(y.effect))
        return byTime(moment(x.effect), moment(y.known), effects: apart)
    }

    /// By wall clocks alone: from the one's end to the other's beginning. Where the later one was already on its way as the earlier was
    /// answered, the times say little.
    mutating func byTime(_ x: Moment, _ y: Moment, effects: ClosedRange<Int64>? = nil) -> OrderBasis {
        let span = clocks.span(from: x, to: y)
        let middle = WallClocks.middle(span)
        if middle < 0, let effects, WallClocks.middle(effects) >= 0 {
            return OrderBasis(
                confidence: .possible, reason: .timesInFlight(apart: WallClocks.middle(effects)))
        }
        let isBeyond = span.lowerBound > 0
        return OrderBasis(
            confidence: isBeyond ? .likely : .possible,
            reason: .times(apart: max(0, middle), slack: span.upperBound &- middle, isBeyond: isBeyond))
    }
}
