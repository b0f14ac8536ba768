import EventModel

/// Puts a record's clock into its batch, entry by entry: the own one apart, of two for one actor the last.
struct ClockIntake {
    private let actor: Symbol
    private let first: Int
    /// The entries of a large clock are looked up, so that no line costs more than its length.
    private var places: [Symbol: Int] = [:]
    private let isLarge: Bool
    private var own: Int64 = -1
    /// Whether all entries so far are counts.
    var isUsable = true

    @inline(__always)
    init(actor: Symbol, entries: Int, into batch: borrowing EventBatch) {
        self.actor = actor
        first = batch.clockActor.count
        isLarge = entries > 64
    }

    @inline(__always)
    mutating func add(_ other: Symbol, _ count: Int64, into batch: inout EventBatch) {
        if other == actor {
            own = count
        } else if let earlier = earlier(other, in: batch) {
            batch.clockCount[earlier] = count
        } else {
            batch.clockActor.append(other)
            batch.clockCount.append(count)
        }
    }

    /// Where an entry of the same actor stands; nil where this is its first, which is to be appended.
    @inline(__always)
    private mutating func earlier(_ other: Symbol, in batch: borrowing EventBatch) -> Int? {
        if isLarge {
            if let place = places[other] { return place }
            places[other] = batch.clockActor.count
            return nil
        }
        for at in first..<batch.clockActor.count where batch.clockActor[at] == other { return at }
        return nil
    }

    /// The own count; nil, and no entry stays, where the clock cannot be used.
    @inline(__always)
    func finish(into batch: inout EventBatch) -> Int64? {
        if isUsable, own >= 0 { return own }
        batch.clockActor.truncate(to: first)
        batch.clockCount.truncate(to: first)
        return nil
    }
}
