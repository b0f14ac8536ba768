import EventModel
import LogReading

/// What the causal order said of a frame's lines: each event's place in it and in its process.
struct OrderBlock {
    /// By line of the frame: the event's ordinal; nil where no event was given out (a malformed line, a duplicate).
    var ordinals: [UInt64?]
    /// Stamps of the events that are not simply where their record's own counter says, by line.
    var stamps: [UInt32: Stamp] = [:]

    /// The smallest ordinal; nil without any.
    var first: UInt64? { ordinals.lazy.compactMap { $0 }.min() }

    init(lines: Int) {
        ordinals = Array(repeating: nil, count: lines)
    }

    /// The stamp of an event whose record has this own counter, as it mostly is.
    static func usualStamp(_ counter: Int64) -> Stamp { Stamp(counter: counter, position: counter == 0 ? 1 : 0) }

    func encoded() -> [UInt8] {
        var out = ByteWriter()
        let given = ordinals.compactMap { $0 }
        let isWhole = given.count == ordinals.count
        let steps = zip(given.dropFirst(), given).map { Int64(bitPattern: $0 &- $1) &- 1 }
        let isAscending = steps.allSatisfy { $0 >= 0 }
        out.put((isWhole ? 1 : 0) | (isAscending ? 2 : 0))
        if !isWhole {
            out.put(given.count)
            var gaps: [UInt64] = []
            var next = 0
            for (line, ordinal) in ordinals.enumerated() where ordinal != nil {
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
        out.put(stamps.count)
        var last = (line: UInt32(0), stamp: Stamp.zero)
        for (line, stamp) in stamps.sorted(by: { $0.key < $1.key }) {
            out.put(Int(line - last.line))
            out.putSigned(stamp.counter &- last.stamp.counter)
            out.putSigned(stamp.position &- last.stamp.position)
            last = (line, stamp)
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
            stamps[UInt32(last.line)] = last.stamp
        }
        guard input.isAtEnd else { throw .damaged("an order with more behind it") }
    }
}
