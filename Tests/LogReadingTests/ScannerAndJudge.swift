import CSimdjson
import EventModel

@testable import LogReading

/// Reads lines twice, by the scanner as far as it goes and by simdjson alone: with one decoder, so that names have the same symbols.
///
/// The fuzzers have this file too, by a link.
struct ScannerAndJudge: ~Copyable {
    private var decoder: LineDecoder

    struct Result {
        var scanned: Reading
        var judged: Reading
        var isDifferent: Bool { scanned != judged }
    }

    init?() {
        var options = ReadingOptions()
        options.maxLineLength = 1500
        options.maxDepth = 8
        guard let parser = csj_create(options.maxLineLength + 64, options.maxDepth) else { return nil }
        decoder = LineDecoder(parser, options)
    }

    mutating func read(_ lines: [[UInt8]]) -> Result {
        var bytes: [UInt8] = []
        for line in lines { bytes += line + [0x0A] }
        let used = bytes.count
        bytes += Array(repeating: Poison.byte, count: RawBlock.padding)
        decoder.poison(byteCount: used)
        var scanned = EventBatch()
        var judged = EventBatch()
        bytes.withUnsafeBytes { all in
            let whole = UnsafeRawBufferPointer(rebasing: all[..<used])
            decoder.decode(whole, ofLength: used, into: &scanned)
            var start = 0
            for (number, line) in lines.enumerated() {
                let end = start + line.count
                let text = UnsafeRawBufferPointer(rebasing: whole[start..<end])
                decoder.judge(text, at: start, line: UInt32(number), into: &judged)
                start = end + 1
            }
        }
        return Result(scanned: Reading(scanned), judged: Reading(judged))
    }
}

/// What stands in memory that nobody has filled: fresh memory is mostly zero, which hides that somebody reads it.
enum Poison {
    static let byte: UInt8 = 0xA5
}

extension LineDecoder {
    /// Fills the room for the index of a block of so many bytes with noise: offsets that lead far out of any block.
    mutating func poison(byteCount: Int) {
        index.reserve(byteCount: byteCount)
        UnsafeMutableRawBufferPointer(start: index.places, count: index.capacity * 4).initializeMemory(
            as: UInt8.self, repeating: Poison.byte)
    }
}

extension RecordDecoder {
    /// A block of these lines in a buffer of noise, for a decoder whose index is noise too.
    func poisonedBlock(_ lines: [UInt8]) -> RawBlock {
        self.lines.poison(byteCount: lines.count + 1)
        var block = RawBlock()
        block.used = lines.count
        block.bytes = lines + Array(repeating: Poison.byte, count: RawBlock.padding)
        return block
    }
}

/// All that a batch says.
struct Reading: Equatable {
    var events: [Event]
    var faults: [RecordFault]
    var faultCounts: [RecordFault.Kind: UInt64]
    var written: UInt64

    struct Event: Equatable {
        var time: Int64
        var actor: Symbol
        var event: Symbol
        var kind: EventKind
        var endpoint: Symbol
        var outcome: Outcome
        var fields: FieldSet
        var values: [Int64]
        var counter: Int64
        var clock: [ClockEntry]
        var causes: [UInt64]
        var digest: UInt64
        var line: UInt32
        var start: UInt32
        var length: UInt32
    }

    struct ClockEntry: Equatable {
        var actor: Symbol
        var count: Int64
    }

    init(_ batch: borrowing EventBatch) {
        events = []
        // Units of times are noted at a block's end, so the order of faults is not compared.
        faults = batch.faults.sorted { $0.kind.rawValue < $1.kind.rawValue }
        faultCounts = batch.faultCounts
        written = batch.writtenLineCount
        for row in 0..<batch.count {
            var event = Event(
                time: batch.time[row], actor: batch.actor[row], event: batch.event[row], kind: batch.kind[row],
                endpoint: batch.endpoint[row], outcome: batch.outcome[row], fields: batch.fields[row], values: [],
                counter: batch.counter[row], clock: [], causes: [], digest: batch.digest[row],
                line: batch.lineInBatch[row], start: batch.textStart[row], length: batch.textLength[row])
            for field in Field.allCases {
                if let value = batch.integer(field, at: row) { event.values.append(value) }
            }
            for entry in batch.clockEntries(at: row) {
                event.clock.append(ClockEntry(actor: batch.clockActor[entry], count: batch.clockCount[entry]))
            }
            for cause in batch.causes(at: row) { event.causes.append(batch.cause[cause]) }
            events.append(event)
        }
    }
}
