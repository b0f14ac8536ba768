import CausalAnalysis
import EventModel
import Foundation
import LogReading

@testable import EventIndex

/// What a query gives of an event.
struct FoundEvent: Equatable, CustomStringConvertible {
    var ordinal: UInt64
    var stamp: Stamp
    var hasClock: Bool
    var source: UInt32
    var line: UInt64
    var raw: String

    var description: String {
        "\(ordinal): log \(source), line \(line), stamp \(stamp.counter)+\(stamp.position): \(raw)"
    }
}

/// Collects the events that satisfy a filter.
struct FoundEvents: EventConsumer {
    var filter: EventFilter
    let name: (Symbol) -> String
    var found: [FoundEvent] = []

    mutating func observe(_ batch: borrowing EventBatch, row: Int, delivery: Delivery, clocks: borrowing ProcessClocks)
    {
        guard filter.matches(batch, row: row, name: name) else { return }
        found.append(
            FoundEvent(
                ordinal: delivery.ordinal, stamp: delivery.stamp, hasClock: delivery.hasClock,
                source: delivery.source.index, line: batch.line(at: row),
                raw: String(decoding: batch.text[batch.textRange(at: row)], as: UTF8.self)))
    }
}

/// A bundle in a temporary folder of its own, that can be indexed, scanned and queried.
final class IndexedBundle {
    let root: String
    var folder: String { root + "/logs" }
    var indexFolder: String { root + "/logs.inquest" }
    let options = "the options"

    init() throws {
        root = NSTemporaryDirectory() + "inquest-index-" + UUID().uuidString
        try FileManager.default.createDirectory(atPath: root + "/logs", withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(atPath: root) }

    func write(_ name: String, _ text: String) throws {
        try Data(text.utf8).write(to: URL(fileURLWithPath: folder + "/" + name))
    }

    func location() throws -> IndexLocation {
        guard let location = IndexLocation(bundle: [folder], directory: nil) else { throw CocoaError(.fileNoSuchFile) }
        return location
    }

    /// Indexes as the command does; `finishes: false` gives up before the end.
    func index(finishes: Bool = true) throws {
        let pass = try pass { try IndexWriter(try location(), of: $0) }
        if !finishes { return }
        guard let inventory = BundleInventory(paths: [folder]) else { throw CocoaError(.fileNoSuchFile) }
        try pass.writer.finish(
            pass.summary, findings: [], tables: StoredTables([], symbols: pass.symbols, files: []),
            symbols: pass.symbols, inventory: inventory, options: options)
    }

    /// Indexes as a query in SQL does that finds no index.
    func temporaryIndex(_ reading: ReadingOptions = ReadingOptions()) throws -> BundleIndex {
        let pass = try pass { try IndexWriter(temporary: reading, of: $0) }
        return try pass.writer.open(
            pass.summary, tables: StoredTables([], symbols: pass.symbols, files: []), symbols: pass.symbols,
            reading: reading)
    }

    private func pass(
        _ make: (LogReading.Bundle) throws -> IndexWriter
    ) throws -> (writer: IndexWriter, summary: IndexSummary, symbols: SymbolTable) {
        let bundle = try Bundle.open(paths: [folder], options: ReadingOptions())
        // Small blocks, so that small logs have many frames.
        let reader = try BundleReader(bundle, options: ReadingOptions(), threads: 1, keepsText: true, blockSize: 600)
        var companion = IndexCompanion(try make(bundle), of: reader)
        var supply = reader
        var order = try SettledOrder(&supply)
        let result = try Analysis.run(&order, beside: &companion)
        var summary = IndexSummary()
        summary.sources = bundle.sources.map(\.path)
        summary.span = result.span
        return (companion.writer, summary, reader.symbols)
    }

    func open() throws -> BundleIndex? {
        try BundleIndex.open(try location(), reading: ReadingOptions(), options: options)
    }

    func scan(_ filter: EventFilter) throws -> [FoundEvent] {
        let bundle = try Bundle.open(paths: [folder], options: ReadingOptions())
        let reader = try BundleReader(bundle, options: ReadingOptions(), keepsText: true)
        var supply = reader
        var order = try SettledOrder(&supply)
        var consumer = FoundEvents(filter: filter, name: { reader.symbols[$0] })
        try order.run(&consumer)
        return consumer.found
    }

    func query(_ index: BundleIndex, _ filter: EventFilter) throws -> [FoundEvent] {
        var consumer = FoundEvents(filter: filter, name: { index.name($0) })
        try index.run(filter, to: &consumer)
        return consumer.found
    }
}

extension IndexedBundle {
    /// Tables of all events, as a scan fills them.
    func tables() throws -> EventDatabase {
        let bundle = try Bundle.open(paths: [folder], options: ReadingOptions())
        let reader = try BundleReader(bundle, options: ReadingOptions(), keepsText: true)
        var supply = reader
        var order = try SettledOrder(&supply)
        var records = Records(files: bundle.sources.map(\.path), name: { reader.symbols[$0] })
        try order.run(&records)
        let store = try EventStore()
        try store.insert(records.all)
        return try store.seal()
    }

    private struct Records: EventConsumer {
        let files: [String]
        let name: (Symbol) -> String
        var all: [EventRecord] = []

        mutating func observe(
            _ batch: borrowing EventBatch, row: Int, delivery: Delivery, clocks: borrowing ProcessClocks
        ) {
            all.append(
                EventRecord(batch, row: row, delivery: delivery, name: name, file: files[Int(delivery.source.index)]))
        }
    }
}

extension SavedQuery {
    /// What it answers, row by row, as text.
    func rows(of database: EventDatabase, _ parameters: [(name: String, value: String)] = []) throws -> [String] {
        var rows: [String] = []
        try database.run(
            self, parameters: parameters, header: { _ in },
            row: { row in
                rows.append("\(row)")
                return true
            })
        return rows
    }
}

/// Random numbers that are the same in every run (SplitMix64, Steele and others, 2014).
struct Seeded: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }
}

/// Logs of a few actors with everything that logs do to an index: lost records, records without clocks, malformed and blank lines,
/// duplicates, names that are written in several ways, two actors in one file, a last line without its end.
func randomLogs(seed: UInt64, events: Int) -> [(name: String, text: String)] {
    var random = Seeded(state: seed)
    let actors = ["a", "b", "c", "d"]
    let endpoints = ["e1", "e2", "e3/x", "é", "e\\\"q", "", "b"]
    var clocks = actors.map { _ in [0, 0, 0, 0] }
    var texts = ["", "", ""]
    var time: Int64 = 1_760_940_000_000_000_000
    let withoutClocks = Int.random(in: 0...4, using: &random) == 0
    for _ in 0..<events {
        let actor = Int.random(in: 0..<4, using: &random)
        time += Int64.random(in: 0...3_000_000, using: &random)
        clocks[actor][actor] += Int.random(in: 0...30, using: &random) == 0 ? 3 : 1
        let other = Int.random(in: 0..<4, using: &random)
        if Int.random(in: 0...3, using: &random) == 0, other != actor {
            for i in 0..<4 where i != actor { clocks[actor][i] = max(clocks[actor][i], clocks[other][i]) }
        }
        let file = min(actor, 2)
        switch Int.random(in: 0...40, using: &random) {
        case 0: texts[file] += "not a record\n"
        case 1: texts[file] += "\n"
        case 2: texts[file] += "{\"ts\":1,\"actor\":\"a\"}\n"
        default: break
        }
        let vc = actors.indices.map { "\"\(actors[$0])\":\(clocks[actor][$0])" }.joined(separator: ",")
        let hasClock = !withoutClocks && Int.random(in: 0...20, using: &random) > 0
        let name = endpoints.randomElement(using: &random) ?? ""
        var endpoint = name.isEmpty ? "" : ",\"endpoint\":\"\(name)\""
        if name == "e1", Int.random(in: 0...2, using: &random) == 0 { endpoint = ",\"endpoint\":\"\\u0065\\u0031\"" }
        let event = ["plan.applied", "plan.applying", "x"].randomElement(using: &random) ?? "x"
        let line =
            "{\"ts\":\(time),\"actor\":\"\(actors[actor])\",\"event\":\"\(event)\""
            + (hasClock ? ",\"vc\":{\(vc)}" : "") + endpoint + ",\"plan\":\(Int.random(in: 1...9, using: &random))}\n"
        texts[file] += line
        if Int.random(in: 0...30, using: &random) == 0 { texts[file] += line }
    }
    if Bool.random(using: &random) { texts[0] = String(texts[0].dropLast()) }
    return zip(["1.log", "2.log", "3.log"], texts).filter { !$0.1.isEmpty }
}
