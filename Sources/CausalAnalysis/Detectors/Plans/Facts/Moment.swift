import EventModel

/// An event that the plan detector keeps: its place in the bundle, in its process and in time. Plain memory.
struct Moment: BitwiseCopyable, Sendable {
    var line: UInt64
    var byte: UInt64
    /// The wall clock, in nanoseconds.
    var time: Int64
    var counter: Int64
    var position: UInt32
    var length: UInt32
    var source: SourceID
    var process: ProcessID
    var actor: Symbol
    /// The event's number among the kept events of its lineage, by which `ClockHistory` knows its clock.
    var index: UInt32
    var kind: EventKind
    var hasClock: Bool
    /// The raw value of `cap`.
    var capValue: UInt8

    /// Its place in its process.
    var stamp: Stamp { Stamp(counter: counter, position: Int64(position)) }

    /// How sure an order can be that rests on the event's place in its process.
    var cap: Finding.Confidence { Finding.Confidence(rawValue: Int(capValue)) ?? .possible }

    /// The record, to show.
    var ref: RecordRef {
        RecordRef(
            source: source, line: line, byte: byte, length: length, time: Timestamp(nanoseconds: time), actor: actor,
            process: process, stamp: stamp, kind: kind, hasClock: hasClock)
    }
}

extension Moment {
    /// An event as it is delivered.
    init(_ batch: borrowing EventBatch, at row: Int, _ delivery: Delivery, index: UInt32) {
        self.init(
            line: batch.line(at: row), byte: batch.byteOffset(at: row), time: batch.time[row],
            counter: delivery.stamp.counter, position: UInt32(clamping: delivery.stamp.position),
            length: batch.textLength[row], source: delivery.source, process: delivery.process, actor: batch.actor[row],
            index: index, kind: batch.kind[row], hasClock: delivery.hasClock,
            capValue: UInt8(truncatingIfNeeded: delivery.orderCap.rawValue))
    }
}

/// The store's logical time of an effect: its entry in a clock, or the place in its own log.
struct StoreTime: BitwiseCopyable, Sendable {
    var store: Symbol
    /// Which of the store's incarnations it counts in, from 0.
    var incarnation: Int32
    var counter: Int64
    var position: UInt32 = 0

    var stamp: Stamp { Stamp(counter: counter, position: Int64(position)) }

    /// Whether the two can be compared. A place in a log that does not count says nothing to a count that somebody else heard of.
    func sharesCount(with other: StoreTime) -> Bool {
        store == other.store && incarnation == other.incarnation && (counter > 0) == (other.counter > 0)
    }
}

/// One record about an endpoint's plan. Plain memory: what a record does not say is −1, or `none`.
struct Fact: BitwiseCopyable, Sendable {
    enum Form: UInt8, CaseIterable, BitwiseCopyable, Sendable {
        /// A writer made sure that a generation may be written here.
        case check
        /// A write was sent.
        case sending
        /// The result of a write.
        case answer
        /// The store's own record of a write.
        case stored
        /// An operator set the endpoint by hand.
        case restored
        /// The endpoint was seen without addresses.
        case emptied

        var kind: EventKind {
            switch self {
            case .check: .planChecked
            case .sending: .planApplying
            case .answer: .planApplied
            case .stored: .changeCommitted
            case .restored: .recordRestored
            case .emptied: .recordEmptied
            }
        }
    }

    var form: Form
    var outcome = Outcome.ok
    /// Addresses left: 0 none, 1 some.
    var addresses: Int8 = -1
    /// Put there on purpose: by an operator, or with `rollback` as its reason.
    var isDeliberate = false
    var byOperator = false
    /// The endpoint's number in its part; see `FactParts`.
    var endpoint: UInt32 = 0
    /// Whose write it was; `none` where the store does not say.
    var writer: Symbol
    var plan: Int64 = -1
    /// Of a write the generation that it replaced; of a check the one that it saw active.
    var seen: Int64 = -1
    var commit: Int64 = -1
    /// Whether `storeTime` is one.
    var hasStoreTime = false
    var storeTime = StoreTime(store: .none, incarnation: 0, counter: 0)
    /// The store that answered, which `storeTime` need not tell.
    var store = Symbol.none
    var moment: Moment
}
