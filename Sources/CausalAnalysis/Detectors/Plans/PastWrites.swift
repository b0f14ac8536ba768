import EventModel

/// Writes that were active once, for evidence: the newest of all endpoints in one ring, linked by endpoint.
struct PastWrites: Sendable {
    private struct Past: Sendable {
        var plan: Int64
        var previous: Int
        var moment: Moment
    }

    private static let capacity = 1 << 15
    /// How many of an endpoint are looked at.
    private static let reach = 4

    private var ring: [Past] = []
    private var count = 0

    /// Before an endpoint's first.
    static let none = -1

    /// Adds an endpoint's write behind its `previous`; its place.
    mutating func add(_ plan: Int64, _ moment: Moment, behind previous: Int) -> Int {
        let past = Past(plan: plan, previous: previous, moment: moment)
        if ring.count < Self.capacity { ring.append(past) } else { ring[count % Self.capacity] = past }
        count += 1
        return count - 1
    }

    /// The endpoint's newest remembered write of a generation, from its `last` back.
    func write(of plan: Int64, from last: Int) -> RecordRef? {
        var place = last
        for _ in 0..<Self.reach {
            if place < 0 || place < count - Self.capacity { return nil }
            let past = ring[place % Self.capacity]
            if past.plan == plan { return past.moment.ref }
            place = past.previous
        }
        return nil
    }
}
