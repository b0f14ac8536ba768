/// Every actor's vector clock, and the clocks of messages on their way (Fidge and Mattern, 1988).
///
/// An actor's own entry counts its records. A message carries its sender's clock as it is after the sender's latest record;
/// its receiver's next record happens after that. Dense rows: the simulation has some tens of actors.
struct CausalClocks: Sendable {
    private let actors: Int
    private var entries: [Int64]
    private var slots: [Int64] = []
    private var free: [Int32] = []

    init(actors: Int) {
        self.actors = actors
        entries = Array(repeating: 0, count: actors * actors)
    }

    /// Counts a record of an actor.
    mutating func tick(_ actor: ActorID) {
        entries[Int(actor.index) * actors + Int(actor.index)] += 1
    }

    /// What `actor` knows of `other`: the count of its latest record in the actor's past.
    subscript(actor: ActorID, other: Int) -> Int64 { entries[Int(actor.index) * actors + other] }

    /// Copies an actor's clock for a message. O(actors).
    mutating func snapshot(_ actor: ActorID) -> Int32 {
        let row = Int(actor.index) * actors
        guard let slot = free.popLast() else {
            slots.append(contentsOf: entries[row..<row + actors])
            return Int32(slots.count / actors - 1)
        }
        let start = Int(slot) * actors
        for i in 0..<actors { slots[start + i] = entries[row + i] }
        return slot
    }

    /// Forgets what an actor knew, its own count included: a restart that keeps nothing. O(actors).
    mutating func reset(_ actor: ActorID) {
        let row = Int(actor.index) * actors
        for i in 0..<actors { entries[row + i] = 0 }
    }

    /// Takes a message's clock into its receiver's, and frees the slot. The receiver's own entry is its own count: a message may
    /// still tell of one that was reset. O(actors).
    mutating func merge(_ slot: Int32, into actor: ActorID) {
        let row = Int(actor.index) * actors
        let start = Int(slot) * actors
        for i in 0..<actors where slots[start + i] > entries[row + i] && i != Int(actor.index) {
            entries[row + i] = slots[start + i]
        }
        free.append(slot)
    }
}
