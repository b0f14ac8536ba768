import EventModel
import Foundation
@testable import LogReading

/// One event as a reader of the bundle gets it, in plain values that tests compare.
struct ReadEvent: Hashable {
    var time: Int64
    var actor: String
    var event: String
    var endpoint: String
    var outcome: Outcome
    var line: UInt64
    var byte: UInt64
    var counter: Int64
    var clock: [String: Int64]
    var causes: [UInt64]
    var integers: [String: Int64]
    /// The digits of generations that 64 bits do not hold.
    var large: [String: String]
    var numbers: [String: Double]
    var names: [String: String]
    var digests: [String: UInt64]
    var isFaulty: Bool
    var isRollback: Bool
    var isByOperator: Bool
    var text: String

    init(_ batch: borrowing EventBatch, _ row: Int, _ symbols: SymbolTable) {
        time = batch.time[row]
        actor = symbols[batch.actor[row]]
        event = symbols[batch.event[row]]
        endpoint = symbols[batch.endpoint[row]]
        outcome = batch.outcome[row]
        line = batch.line(at: row)
        byte = batch.byteOffset(at: row)
        counter = batch.counter[row]
        clock = [:]
        for entry in batch.clockEntries(at: row) { clock[symbols[batch.clockActor[entry]]] = batch.clockCount[entry] }
        causes = batch.causes(at: row).map { batch.cause[$0] }
        integers = [:]
        large = [:]
        numbers = [:]
        names = [:]
        digests = [:]
        for field in Field.allCases where batch.has(field, at: row) {
            switch field {
            case .depth, .oldestMs, .latencyMs: numbers[field.key] = batch.number(field, at: row)
            case .id, .item: digests[field.key] = batch.digest(field, at: row)
            case _ where field.isSymbol: names[field.key] = symbols[batch.symbol(field, at: row)]
            case _ where field.isGeneration:
                let generation = batch.generation(field, at: row) { symbols[$0] }
                integers[field.key] = generation?.int64
                if generation?.int64 == nil { large[field.key] = generation?.description }
            default: integers[field.key] = batch.integer(field, at: row)
            }
        }
        isFaulty = batch.fields[row].contains(.faultyClock)
        isRollback = batch.fields[row].contains(.rollback)
        isByOperator = batch.fields[row].contains(.byOperator)
        text = batch.text.isEmpty ? "" : String(decoding: batch.text[batch.textRange(at: row)], as: UTF8.self)
    }
}

/// All that was read of the first source of a bundle.
struct ReadLog {
    var events: [ReadEvent] = []
    /// The names behind symbols, in the order of their numbers.
    var names: [String] = []
    var counts = Report.Counts()
    /// What cost a line or a field, and apart from it what is only odd.
    var faults: [Quality.FaultGroup] = []
    var notes: [Quality.FaultGroup] = []
    var damage: [BundleSummary.Damage] = []

    /// Reads what a file with these bytes holds.
    init(
        _ bytes: [UInt8], options: ReadingOptions = ReadingOptions(), threads: Int = 1, blockSize: Int = 256 << 10,
        keepsText: Bool = true
    ) throws {
        let place = try Workplace()
        try place.write(bytes, to: "a.log")
        try self.init(place.open("a.log", options: options), options, threads, blockSize, keepsText)
    }

    init(
        _ bundle: LogReading.Bundle, _ options: ReadingOptions = ReadingOptions(), _ threads: Int = 1,
        _ blockSize: Int = 256 << 10, _ keepsText: Bool = true
    ) throws {
        let reader = try BundleReader(
            bundle, options: options, threads: threads, keepsText: keepsText, blockSize: blockSize)
        for source in 0..<reader.sourceCount {
            while let batch = reader.next(of: SourceID(index: UInt32(source))) {
                for row in 0..<batch.count { events.append(ReadEvent(batch, row, reader.symbols)) }
            }
        }
        names = reader.symbols.all
        counts = reader.counts
        faults = reader.faultGroups.filter { $0.kind.effect != .kept }
        notes = reader.faultGroups.filter { $0.kind.effect == .kept }
        damage = reader.summary.damage
    }

    /// A log of one record of every line's members: `{"ts":1,"actor":"a","event":"e",MEMBERS}`.
    static func of(_ members: String..., options: ReadingOptions = ReadingOptions()) throws -> ReadLog {
        let lines = members.map { #"{"ts":1,"actor":"a","event":"e","# + $0 + "}\n" }
        return try ReadLog(Array(lines.joined().utf8), options: options)
    }

    /// A log of these lines, which must not look like something else than a log: a good line follows them.
    static func lines(_ lines: [String], options: ReadingOptions = ReadingOptions()) throws -> ReadLog {
        try ReadLog(Array((lines + [good]).map { $0 + "\n" }.joined().utf8), options: options)
    }

    static let goodTime: Int64 = 77_000_000_000
    static let good = #"{"ts":77,"actor":"good","event":"good"}"#
}
