import EventModel
import LogReading

/// One frame of a re-framed log: whole lines of one source.
struct FrameEntry: Equatable {
    /// The index of its source.
    var source: Int
    /// Where it lies in the source's re-framed file, and how many bytes it takes.
    var offset: UInt64
    var stored: Int
    /// How many bytes and lines it holds.
    var inflated: Int
    var lines: Int
    /// The number of its first line in the source, from 1.
    var firstLine: UInt64
    /// Its events' first and last times; the first after the last where it has none.
    var earliest: Int64 = .max
    var latest: Int64 = .min
    /// Its events' lowest and highest plans; nil where none has one.
    var plans: ClosedRange<Int64>?
    /// The smallest and the largest ordinal of its events; nil where none was given out.
    var ordinals: ClosedRange<UInt64>?
    /// Where its order lies among the index's pages.
    var order = PageRef(offset: 0, size: 0)

    /// Widens what is said of its events by one more.
    mutating func include(time: Int64, plan: Int64?) {
        earliest = min(earliest, time)
        latest = max(latest, time)
        if let plan { plans = min(plans?.lowerBound ?? plan, plan)...max(plans?.upperBound ?? plan, plan) }
    }
}

/// All frames, in the order in which they were cut; a frame's index here is its number in postings.
enum FrameTable {
    static func encode(_ frames: [FrameEntry], sources: Int) -> [UInt8] {
        var out = ByteWriter()
        out.put(frames.count)
        var ends = [(offset: UInt64, line: UInt64)](repeating: (0, 1), count: sources)
        var time: Int64 = 0
        var plan: Int64 = 0
        var ordinal: UInt64 = 0
        var orderEnd: UInt64 = 0
        for frame in frames {
            out.put(frame.source)
            // Mostly each begins where the one before it ends: zeros, which compress to nothing.
            out.putSigned(Int64(bitPattern: frame.offset &- ends[frame.source].offset))
            out.putSigned(Int64(bitPattern: frame.firstLine &- ends[frame.source].line))
            out.put(frame.stored)
            out.put(frame.inflated)
            out.put(frame.lines)
            out.putSigned(frame.earliest &- time)
            out.putSigned(frame.latest &- frame.earliest)
            time = frame.earliest
            out.put(frame.plans != nil)
            if let plans = frame.plans {
                out.putSigned(plans.lowerBound &- plan)
                out.put(UInt64(bitPattern: plans.upperBound &- plans.lowerBound))
                plan = plans.lowerBound
            }
            out.put(frame.ordinals != nil)
            if let ordinals = frame.ordinals {
                out.putSigned(Int64(bitPattern: ordinals.lowerBound &- ordinal))
                out.put(ordinals.upperBound &- ordinals.lowerBound)
                ordinal = ordinals.lowerBound
            }
            out.putSigned(Int64(bitPattern: frame.order.offset &- orderEnd))
            out.put(frame.order.size)
            orderEnd = frame.order.offset &+ UInt64(frame.order.size)
            ends[frame.source] = (frame.offset &+ UInt64(frame.stored), frame.firstLine &+ UInt64(frame.lines))
        }
        return out.bytes
    }

    static func decode(_ bytes: [UInt8], sources: Int) throws(IndexFault) -> [FrameEntry] {
        var input = ByteScanner(bytes)
        let count = try input.count()
        var frames: [FrameEntry] = []
        frames.reserveCapacity(count)
        var ends = [(offset: UInt64, line: UInt64)](repeating: (0, 1), count: sources)
        var time: Int64 = 0
        var plan: Int64 = 0
        var ordinal: UInt64 = 0
        var orderEnd: UInt64 = 0
        for _ in 0..<count {
            guard sources > 0 else { throw .damaged("frames of no log") }
            let source = try input.integer(upTo: sources - 1)
            let offset = ends[source].offset &+ UInt64(bitPattern: try input.signed())
            let firstLine = ends[source].line &+ UInt64(bitPattern: try input.signed())
            var frame = FrameEntry(
                source: source, offset: offset, stored: try input.integer(upTo: .max >> 1),
                inflated: try input.integer(upTo: 1 << 31), lines: try input.integer(upTo: 1 << 31),
                firstLine: firstLine)
            frame.earliest = time &+ (try input.signed())
            frame.latest = frame.earliest &+ (try input.signed())
            time = frame.earliest
            if try input.flag() {
                plan = plan &+ (try input.signed())
                let last = plan &+ Int64(bitPattern: try input.number())
                guard plan <= last else { throw .damaged("plans that end before they begin") }
                frame.plans = plan...last
            }
            if try input.flag() {
                ordinal = ordinal &+ UInt64(bitPattern: try input.signed())
                let last = ordinal &+ (try input.number())
                guard ordinal <= last else { throw .damaged("ordinals that end before they begin") }
                frame.ordinals = ordinal...last
            }
            frame.order = PageRef(
                offset: orderEnd &+ UInt64(bitPattern: try input.signed()), size: try input.integer(upTo: .max >> 1))
            orderEnd = frame.order.offset &+ UInt64(frame.order.size)
            ends[source] = (frame.offset &+ UInt64(frame.stored), frame.firstLine &+ UInt64(frame.lines))
            frames.append(frame)
        }
        return frames
    }
}
