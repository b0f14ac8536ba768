import EventModel

/// A write on its way: from its sending to its answer. Its sending and its check stand in `PlanMemory`, by number.
struct Flight: Sendable {
    var writer: Symbol
    var sending: Int32
    var check: Int32
    var plan: Int64
    /// The sending's place in the causal order.
    var ordinal: UInt64

    /// The record of a write that never was answered.
    func unanswered(_ memory: inout PlanMemory) -> PlanRecord {
        PlanRecord(
            form: .unanswered, moment: memory.take(sending: sending), ordinal: ordinal, outcome: .unknown, plan: plan,
            writer: writer, check: check)
    }
}

/// The writes on their way, at most one for each writer and endpoint: an open hash table with linear probing (Knuth, The Art
/// of Computer Programming, volume 3, section 6.4, algorithms L and R).
///
/// Beside the ledgers, not in them: few are on their way at a time, and these few stay in the processor's cache.
struct Flights: Sendable {
    private struct Seat: Sendable {
        /// The endpoint's ledger; −1 where the seat is free.
        var slot: Int
        var flight: Flight
    }

    private static let free = Seat(
        slot: -1, flight: Flight(writer: .none, sending: -1, check: -1, plan: -1, ordinal: 0))

    /// A power of two of seats, at most half of them taken.
    private var seats = Array(repeating: Flights.free, count: 64)
    private var count = 0

    /// Begins a write; the same writer's write of this endpoint before it, if that never was answered.
    mutating func begin(_ flight: Flight, slot: Int) -> Flight? {
        if 2 * (count + 1) > seats.count { grow() }
        let at = place(of: flight.writer, slot: slot)
        let before = seats[at]
        seats[at] = Seat(slot: slot, flight: flight)
        if before.slot >= 0 { return before.flight }
        count += 1
        return nil
    }

    /// Ends the writer's write of a generation.
    mutating func end(_ writer: Symbol, plan: Int64, slot: Int) -> Flight? {
        let at = place(of: writer, slot: slot)
        let seat = seats[at]
        guard seat.slot >= 0, seat.flight.plan == plan else { return nil }
        remove(at)
        return seat.flight
    }

    /// Takes all that never were answered, in the order of their sending.
    mutating func takeAll() -> [(slot: Int, flight: Flight)] {
        let taken = seats.filter { $0.slot >= 0 }.sorted { $0.flight.ordinal < $1.flight.ordinal }
        self = Flights()
        return taken.map { ($0.slot, $0.flight) }
    }

    /// Where the writer's write of an endpoint is, or would be.
    private func place(of writer: Symbol, slot: Int) -> Int {
        var at = home(of: writer, slot: slot)
        while seats[at].slot >= 0, seats[at].slot != slot || seats[at].flight.writer != writer {
            at = (at + 1) & (seats.count - 1)
        }
        return at
    }

    private func home(of writer: Symbol, slot: Int) -> Int {
        var hash = UInt64(truncatingIfNeeded: slot) << 32 | UInt64(writer.index)
        hash = (hash ^ hash >> 33) &* 0xff51_afd7_ed55_8ccd
        hash ^= hash >> 33
        return Int(truncatingIfNeeded: hash) & (seats.count - 1)
    }

    /// Frees a seat and moves those behind it up whose way to their own led over it.
    private mutating func remove(_ seat: Int) {
        var hole = seat
        var at = seat
        while true {
            at = (at + 1) & (seats.count - 1)
            if seats[at].slot < 0 { break }
            let home = home(of: seats[at].flight.writer, slot: seats[at].slot)
            if (at - home) & (seats.count - 1) >= (at - hole) & (seats.count - 1) {
                seats[hole] = seats[at]
                hole = at
            }
        }
        seats[hole] = Self.free
        count -= 1
    }

    private mutating func grow() {
        let old = seats
        seats = Array(repeating: Self.free, count: 2 * old.count)
        for seat in old where seat.slot >= 0 { seats[place(of: seat.flight.writer, slot: seat.slot)] = seat }
    }
}
