import CausalAnalysis
import EventModel
import LogReading

/// What the causal order said of a frame's lines: each event's place in it and in its process.
struct OrderBlock {
    /// By line of the frame: the event's ordinal; `none` where no event was given out (a malformed line, a duplicate).
    private var ordinals: [UInt64]
    private static let none = UInt64.max
    /// Where the events stand that are not simply where their record's own counter says, by line.
    private var exceptions: [UInt32: Standing] = [:]

    /// An event's place in its process, and whether its record carried a usable clock.
    struct Standing: Equatable {
        var stamp: Stamp
        var hasClock: Bool

        /// That of an event whose record has this own counter (below 0: none), as it mostly is. Without one the place is always an exception.
        static func usual(_ counter: Int64) -> Standing {
            Standing(stamp: Stamp(counter: counter, position: counter == 0 ? 1 : 0), hasClock: counter >= 0)
        }
    }

    /// How many lines the frame has.
    var lines: Int { ordinals.count }

    /// From the smallest to the largest ordinal; nil without any.
    var ordinalRange: ClosedRange<UInt64>? {
        let given = ordinals.lazy.filter { $0 != Self.none }
        guard let first = given.min(), let last = given.max() else { return nil }
        return first...last
    }

    /// Notes an event of a line of the frame, whose record has this own counter.
    mutating func place(_ line: Int, _ delivery: Delivery, counter: Int64) {
        ordinals[line] = delivery.ordinal
        let standing = Standing(stamp: delivery.stamp, hasClock: delivery.hasClock)
        if standing != .usual(counter) { exceptions[UInt32(line)] = standing }
    }

    /// What was noted of a line, whose record has this own counter.
    func delivery(_ line: UInt32, counter: Int64, source: SourceID) -> Delivery? {
        let ordinal = ordinals[Int(line)]
        if ordinal == Self.none { return nil }
        let standing = exceptions[line] ?? .usual(counter)
        return Delivery(
            ordinal: ordinal, source: source, process: ProcessID(index: 0), stamp: standing.stamp,
            hasClock: standing.hasClock)
    }

    init(lines: Int) {
        ordinals = Array(repeating: Self.none, count: lines)
    }

    func encoded() -> [UInt8] {
        var out = ByteWriter()
        let given = ordinals.filter { $0 != Self.none }
        let isWhole = given.count == ordinals.count
        let steps = zip(given.dropFirst(), given).map { Int64(bitPattern: $0 &- $1) &- 1 }
        let isAscending = steps.allSatisfy { $0 >= 0 }
        out.put((isWhole ? 1 : 0) | (isAscending ? 2 : 0))
        if !isWhole {
            out.put(given.count)
            var gaps: [UInt64] = []
            var next = 0
            for (line, ordinal) in ordinals.enumerated() where ordinal != Self.none {
                gaps.append(UInt64(line - next))
                next = line + 1
            }
            out.put(RiceCode.encode(gaps))
        }
        if let first = given.first {
            out.put(first)
            out.put(
                RiceCode.encode(
                    steps.map { isAscending ? UInt64($0) : UInt64(bitPattern: ($0 << 1) ^ ($0 >> 63)) }))
        }
        out.put(exceptions.count)
        var last = (line: UInt32(0), stamp: Stamp.zero)
        for (line, standing) in exceptions.sorted(by: { $0.key < $1.key }) {
            out.put(Int(line - last.line))
            out.putSigned(standing.stamp.counter &- last.stamp.counter)
            out.putSigned(standing.stamp.position &- last.stamp.position)
            out.put(standing.hasClock)
            last = (line, standing.stamp)
        }
        return out.bytes
    }

    init(_ bytes: [UInt8], lines: Int) throws(IndexFault) {
        self.init(lines: lines)
        var input = ByteScanner(bytes)
        let flags = try input.integer(upTo: 3)
        var places = Array(0..<lines)
        if flags & 1 == 0 {
            let count = try input.integer(upTo: lines)
            let gaps = try RiceCode.decode(try input.data(), count: count)
            places = []
            var next = 0
            for gap in gaps {
                guard gap < UInt64(lines - next) else { throw .damaged("an order of more lines than there are") }
                places.append(next + Int(gap))
                next += Int(gap) + 1
            }
        }
        if !places.isEmpty {
            var ordinal = try input.number()
            let steps = try RiceCode.decode(try input.data(), count: places.count - 1)
            ordinals[places[0]] = ordinal
            for (place, step) in zip(places.dropFirst(), steps) {
                let change =
                    flags & 2 != 0
                    ? step : UInt64(bitPattern: Int64(bitPattern: step >> 1) ^ -Int64(bitPattern: step & 1))
                ordinal = ordinal &+ change &+ 1
                ordinals[place] = ordinal
            }
        }
        var last = (line: 0, stamp: Stamp.zero)
        for _ in 0..<(try input.count()) {
            last.line += try input.integer(upTo: lines)
            guard last.line < lines else { throw .damaged("a stamp of a line that is not there") }
            last.stamp.counter &+= try input.signed()
            last.stamp.position &+= try input.signed()
            exceptions[UInt32(last.line)] = Standing(stamp: last.stamp, hasClock: try input.flag())
        }
        guard input.isAtEnd else { throw .damaged("an order with more behind it") }
    }
}
