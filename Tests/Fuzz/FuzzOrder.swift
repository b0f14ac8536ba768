import CausalAnalysis
import EventModel
import SharedWork

/// Whatever the clocks say, the causal order gives every event out exactly once, and the detectors find evidence that is there.
func fuzzOrder(_ input: UnsafeRawBufferPointer) {
    var reader = ByteSource(bytes: Array(input.prefix(4096)))
    let supply = DrawnSupply(&reader)
    var options = OrderOptions()
    options.frameBytes = Int(reader.next()) << 8
    options.maxSkew = Int64(reader.next()) * Nanoseconds.second
    do throws(SpillFailure) {
        try orderAndAnalyze(supply, options)
    } catch {
        check(false, "the order failed: \(error.message)")
    }
}

private func orderAndAnalyze(_ drawn: DrawnSupply, _ options: OrderOptions) throws(SpillFailure) {
    var supply = drawn
    var order = try SettledOrder(&supply, options: options)
    var tally = Tally()
    try order.run(&tally)
    check(tally.places.count == drawn.count, "\(drawn.count) events went in, \(tally.places.count) came out")

    var analysis = AnalysisOptions()
    analysis.order = options
    let result = try Analysis.run(&order, options: analysis)
    for finding in result.findings {
        check(finding.until.map { $0 >= finding.at } ?? true, "\(finding.kind) ends before it begins")
        for item in finding.evidence {
            check(
                tally.places.contains(Place(source: item.record.source, line: item.record.line)),
                "\(finding.kind) is proven by a record that is not there")
        }
    }
}

private struct Place: Hashable {
    var source: SourceID
    var line: UInt64
}

private struct Tally: EventConsumer {
    var places: Set<Place> = []
    var next: UInt64 = 0

    mutating func observe(
        _ batch: borrowing EventBatch, row: Int, delivery: Delivery, clocks: borrowing ProcessClocks
    ) {
        let place = Place(source: delivery.source, line: batch.line(at: row))
        check(places.insert(place).inserted, "an event came out twice")
        check(delivery.ordinal == next, "ordinals skip")
        next += 1
    }
}

/// Bytes as numbers; zeros behind the end.
struct ByteSource {
    let bytes: [UInt8]
    var at = 0

    var hasEnded: Bool { at >= bytes.count }

    mutating func next() -> UInt8 {
        defer { at += 1 }
        return at < bytes.count ? bytes[at] : 0
    }
}

/// Events drawn from bytes: a few sources, actors, endpoints and queues, clocks as they come.
private struct DrawnSupply: BatchSupply {
    /// A batch until it is taken.
    private final class Held {
        let firstTime: Int64?
        var batch: EventBatch?

        init(_ batch: consuming EventBatch) {
            firstTime = batch.time.first
            self.batch = consume batch
        }
    }

    let workshop = Workshop()
    private(set) var symbols = SymbolTable()
    private var batches: [[Held]]
    private var taken: [Int]
    private(set) var count = 0

    var sourceCount: Int { batches.count }

    init(_ reader: inout ByteSource) {
        let sources = 1 + Int(reader.next() % 4)
        batches = Array(repeating: [], count: sources)
        taken = Array(repeating: 0, count: sources)
        let actors = (0..<5).map { symbols.intern("actor-\($0)") }
        let endpoints = [Symbol.none] + (0..<3).map { symbols.intern("endpoint-\($0)") }
        let names = EventKind.allCases.map { symbols.intern($0.name) }
        var lines = Array(repeating: UInt64(1), count: sources)
        var time: Int64 = 0
        while !reader.hasEnded {
            let source = Int(reader.next()) % sources
            var batch = EventBatch()
            batch.firstLine = lines[source]
            for _ in 0...Int(reader.next() % 4) {
                let kind = Int(reader.next()) % EventKind.allCases.count
                time =
                    reader.next() == 255
                    ? [Int64.min, 0, .max][Int(reader.next() % 3)]
                    : time &+ Int64(Int8(bitPattern: reader.next())) * 100_000_000
                append(EventKind.allCases[kind], names[kind], time, actors, endpoints, &reader, to: &batch)
            }
            batch.lineCount = UInt64(batch.count)
            lines[source] += UInt64(batch.count)
            batches[source].append(Held(batch))
        }
    }

    private mutating func append(
        _ kind: EventKind, _ name: Symbol, _ time: Int64, _ actors: [Symbol], _ endpoints: [Symbol],
        _ reader: inout ByteSource, to batch: inout EventBatch
    ) {
        let actor = actors[Int(reader.next()) % actors.count]
        var set = FieldSet()
        let wanted =
            UInt32(reader.next()) | UInt32(reader.next()) << 8 | UInt32(reader.next()) << 16 | UInt32(reader.next())
            << 24
        for field in Field.allCases where wanted >> UInt32(field.rawValue) & 1 == 1 {
            set.insert(FieldSet(field))
            let value = reader.next()
            switch field {
            case .depth, .oldestMs, .latencyMs:
                batch.values.append(Int64(bitPattern: (value == 255 ? 1e308 : Double(value)).bitPattern))
            case _ where field.isSymbol: batch.values.append(Int64(actors[Int(value) % actors.count].index))
            case .attempt: batch.values.append(Int64(value) + 1)
            default: batch.values.append(value == 255 ? .max : Int64(value % 16))
            }
        }
        let clock = reader.next()
        if clock & 1 == 1 { set.insert(.clock) }
        if clock & 6 == 6 { set.insert(.faultyClock) }
        if clock & 8 == 8 { set.insert(.rollback) }
        if clock & 16 == 16 { set.insert(.byOperator) }
        let isUsable = clock & 1 == 1 && clock & 6 != 6
        let counter = isUsable ? reader.count() : -1
        if isUsable {
            for other in actors where other != actor && reader.next() & 1 == 1 {
                batch.clockActor.append(other)
                batch.clockCount.append(reader.count())
            }
        }
        for _ in 0..<Int(reader.next() % 3) { batch.cause.append(UInt64(reader.next() % 16)) }
        // No two digests alike: duplicates would rightly be dropped.
        batch.append(
            EventBatch.Row(
                time: time, actor: actor, event: name, kind: kind,
                endpoint: endpoints[Int(reader.next()) % endpoints.count],
                outcome: Outcome.allCases[Int(reader.next()) % Outcome.allCases.count], fields: set, counter: counter,
                digest: UInt64(count), line: UInt32(batch.count), textLength: 100))
        count += 1
    }

    let keepsText = false

    func path(of source: SourceID) -> String { "\(source.index).log" }

    func makeSpill() -> any SpillStorage { MemorySpill() }

    mutating func next(of source: SourceID) -> EventBatch? {
        let index = Int(source.index)
        if taken[index] == batches[index].count { return nil }
        taken[index] += 1
        return batches[index][taken[index] - 1].batch.take()
    }

}

extension ByteSource {
    /// A counter: mostly small, now and then at the end of the range.
    mutating func count() -> Int64 {
        let byte = next()
        return byte == 255 ? .max : Int64(byte % 32)
    }
}

/// A temporary file that lies in memory.
private final class MemorySpill: SpillStorage, @unchecked Sendable {
    // Unchecked: used by one thread.
    private var bytes: [UInt8] = []

    func write(_ bytes: UnsafeRawBufferPointer) -> UInt64 {
        let offset = UInt64(self.bytes.count)
        self.bytes += bytes
        return offset
    }

    func read(_ offset: UInt64, into buffer: UnsafeMutableRawBufferPointer) {
        buffer.copyBytes(from: bytes[Int(offset)..<(Int(offset) + buffer.count)])
    }

    func write(text: [UInt8]) -> SpilledText { SpilledText(offset: 0, stored: 0, count: 0) }

    func read(_ text: SpilledText) -> [UInt8] { [] }
}
