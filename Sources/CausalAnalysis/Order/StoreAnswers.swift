import EventModel

/// Learns about clocks from what stores answer: an effect lies between the sending of its write and the answer to it.
///
/// The writer's answer and the store's own record of one effect are paired by their equal `commit`. Both wait for each other in a table of fixed
/// size, in which later ones take the seats of earlier ones, so that a pair far apart in the order may be missed, but none is made up.
struct StoreAnswers: ~Copyable {
    private var seats = Column<Seat>()

    private static let count = 1 << 14

    enum Form: UInt8, BitwiseCopyable, Sendable {
        case free, sending, answer, stored
    }

    struct Seat: BitwiseCopyable, Sendable {
        var key: UInt64 = 0
        var form = Form.free
        var sequence: Int32 = -1
        var time: Int64 = 0
        /// Of an answer the time of the write's first sending; no time where it is not known.
        var sent = Timestamp.absent.nanoseconds
        var spot = RecordSpot(frame: -1, row: 0)
    }

    /// Takes a record of a sequence that has a time.
    mutating func learn(
        _ at: Int, _ batch: borrowing EventBatch, _ row: Int, _ spot: RecordSpot, _ skew: inout ClockSkew
    ) {
        let kind = batch.kind[row]
        guard kind == .planApplying || kind == .planApplied || kind == .changeCommitted,
            let plan = batch.integer(.plan, at: row)
        else { return }
        let effect = UInt64(bitPattern: plan) &* 0x9E37_79B9_7F4A_7C15 ^ UInt64(batch.endpoint[row].index)
        let write = Self.mix(effect, UInt64(at) << 1 | 1)
        var seat = Seat(sequence: Int32(at), time: batch.time[row], spot: spot)
        if kind == .planApplying {
            // A later try says nothing of when the first was sent.
            if batch.integer(.attempt, at: row) ?? 1 > 1 { return }
            seat.form = .sending
            if self[write].key != write { put(seat, write) }
            return
        }
        guard let commit = batch.integer(.commit, at: row), batch.outcome[row] == .ok else { return }
        let key = Self.mix(effect, UInt64(bitPattern: commit) << 1)
        seat.form = kind == .planApplied ? .answer : .stored
        if seat.form == .answer, self[write].key == write { seat.sent = self[write].time }
        let other = self[key]
        if other.key != key || other.form == seat.form { return put(seat, key) }
        let (answer, stored) = seat.form == .answer ? (seat, other) : (other, seat)
        let (writer, store) = (Int(answer.sequence), Int(stored.sequence))
        skew.inference(from: store, sent: stored.time, to: writer, received: answer.time, at: answer.spot)
        if answer.sent != Timestamp.absent.nanoseconds {
            skew.inference(from: writer, sent: answer.sent, to: store, received: stored.time, at: stored.spot)
        }
    }

    private subscript(key: UInt64) -> Seat {
        seats.count == 0 ? Seat() : seats[Int(truncatingIfNeeded: key >> 40) & (Self.count - 1)]
    }

    private mutating func put(_ seat: Seat, _ key: UInt64) {
        seats.grow(toHold: Self.count - 1, with: Seat())
        var seat = seat
        seat.key = key
        seats[Int(truncatingIfNeeded: key >> 40) & (Self.count - 1)] = seat
    }

    private static func mix(_ a: UInt64, _ b: UInt64) -> UInt64 {
        let product = (a ^ 0xABC9_8388_FB8F_AC03).multipliedFullWidth(by: b &* 0xC2B2_AE3D_27D4_EB4F | 1)
        let key = product.high ^ product.low
        return key == 0 ? 1 : key
    }
}
