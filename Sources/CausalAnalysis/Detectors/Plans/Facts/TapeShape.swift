import EventModel

/// Which fields a fact has, and those that are a few bits: a number of 16 bits.
struct TapeShape {
    enum Flag: UInt32 {
        case deliberate, byOperator, hasClock, plan, seen, commit, storeTime

        static let count: UInt32 = 7
    }

    let rawValue: UInt32

    @inline(__always)
    init(rawValue: UInt32) {
        self.rawValue = rawValue
    }

    @inline(__always)
    init(_ fact: Fact) {
        var value = UInt32(fact.form.rawValue) * 6 + UInt32(fact.outcome.rawValue)
        value = (value * 3 + UInt32(fact.addresses + 1)) * 4 + UInt32(fact.moment.capValue)
        value <<= Flag.count
        func flag(_ flag: Flag, _ isSet: Bool) { value |= (isSet ? 1 : 0) << flag.rawValue }
        flag(.deliberate, fact.isDeliberate)
        flag(.byOperator, fact.byOperator)
        flag(.hasClock, fact.moment.hasClock)
        flag(.plan, fact.plan >= 0)
        flag(.seen, fact.seen >= 0)
        flag(.commit, fact.commit >= 0)
        flag(.storeTime, fact.hasStoreTime)
        rawValue = value
    }

    @inline(__always)
    func has(_ flag: Flag) -> Bool { rawValue >> flag.rawValue & 1 != 0 }

    /// A fact with all that the shape alone says.
    @inline(__always)
    func fact(of process: ProcessID, _ actor: Symbol) -> Fact {
        var value = rawValue >> Flag.count
        func digit(_ base: UInt32) -> UInt8 {
            defer { value /= base }
            return UInt8(truncatingIfNeeded: value % base)
        }
        let (cap, addresses, outcome) = (digit(4), digit(3), digit(6))
        let form = Fact.Form(rawValue: UInt8(truncatingIfNeeded: value)) ?? .check
        return Fact(
            form: form, outcome: Outcome(rawValue: outcome) ?? .unknown, addresses: Int8(addresses) - 1,
            isDeliberate: has(.deliberate), byOperator: has(.byOperator), writer: actor,
            moment: Moment(
                line: 0, byte: 0, time: 0, counter: 0, position: 0, length: 0, source: SourceID(index: 0),
                process: process, actor: actor, index: 0, kind: form.kind, hasClock: has(.hasClock), capValue: cap))
    }
}
