import EventModel
import SharedWork
import Testing

@testable import CausalAnalysis

/// Sources made of events in memory, cut into batches of any size.
struct MemorySupply: BatchSupply {
    struct Event {
        var time: Int64
        var actor: String
        var clock: [String: Int64] = [:]
        var id: String?
        var causes: [String] = []
        var kind = EventKind.other
        var plan: Int64?
        /// Sets records of the same counter apart.
        var digest: UInt64?
    }

    let workshop = Workshop()
    private(set) var symbols = SymbolTable()
    private var sources: [[Event]]
    private var next: [Int]
    private let batchSize: Int
    /// Whether the entries of each clock begin elsewhere than those of the one before.
    var turnsClocks = false
    /// The files' names.
    var paths: [String]

    init(_ sources: [[Event]], batchSize: Int = 3, paths: [String]? = nil) {
        self.paths = paths ?? sources.indices.map { "file\($0).log" }
        self.sources = sources
        self.batchSize = batchSize
        next = sources.map { _ in 0 }
    }

    var sourceCount: Int { sources.count }

    let keepsText = false

    func path(of source: SourceID) -> String { paths[Int(source.index)] }

    func makeSpill() -> any SpillStorage { MemorySpill() }

    mutating func next(of source: SourceID) -> EventBatch? {
        let index = Int(source.index)
        let first = next[index]
        if first == sources[index].count { return nil }
        let last = min(first + batchSize, sources[index].count)
        next[index] = last
        var batch = EventBatch()
        batch.firstLine = UInt64(first + 1)
        for at in first..<last { append(sources[index][at], line: at - first, to: &batch) }
        return batch
    }

    private mutating func append(_ event: Event, line: Int, to batch: inout EventBatch) {
        var set = FieldSet()
        if let plan = event.plan {
            set.insert(FieldSet(.plan))
            batch.values.append(plan)
        }
        if let id = event.id {
            set.insert(FieldSet(.id))
            batch.values.append(Int64(bitPattern: digest(id)))
        }
        let clock = event.clock.sorted { $0.key < $1.key }
        let turn = turnsClocks && !clock.isEmpty ? (batch.count + 1) % clock.count : 0
        for (name, count) in clock[turn...] + clock[..<turn] where name != event.actor {
            batch.clockActor.append(symbols.intern(name))
            batch.clockCount.append(count)
        }
        for cause in event.causes { batch.cause.append(digest(cause)) }
        let own = event.clock[event.actor] ?? -1
        batch.append(
            EventBatch.Row(
                time: event.time, actor: symbols.intern(event.actor), event: symbols.intern(event.kind.name),
                kind: event.kind, fields: set, counter: own,
                digest: event.digest ?? digest("\(event.actor) \(event.time) \(own) \(event.id ?? "")"),
                line: UInt32(line), textLength: 100))
    }

    private func digest(_ text: String) -> UInt64 {
        text.utf8.reduce(0xCBF2_9CE4_8422_2325) { ($0 ^ UInt64($1)) &* 0x100_0000_01B3 }
    }
}

/// Writes down what the causal order gives out.
struct Recorder: EventConsumer {
    struct Entry: Equatable {
        var actor: String
        var counter: Int64
        var time: Int64
        var source: Int
        var line: UInt64
        var clock: VectorClock
        var process: ProcessID
        var stamp: Stamp
    }

    var names: [Symbol: String] = [:]
    var entries: [Entry] = []
    private var actors: [Symbol] = []

    mutating func observe(
        _ batch: borrowing EventBatch, row: Int, delivery: Delivery, clocks: borrowing ProcessClocks
    ) {
        actors.append(batch.actor[row])
        entries.append(
            Entry(
                actor: "", counter: batch.counter[row], time: batch.time[row], source: Int(delivery.source.index),
                line: batch.line(at: row), clock: clocks.snapshot(delivery.process), process: delivery.process,
                stamp: delivery.stamp))
    }

    /// The order of a supply's events, with names.
    static func order(
        _ supply: MemorySupply, _ options: OrderOptions = OrderOptions()
    ) -> (entries: [Entry], notes: OrderNotes) {
        var supply = supply
        do throws(SpillFailure) {
            var order = try SettledOrder(&supply, options: options)
            var recorder = Recorder()
            try order.run(&recorder)
            for at in recorder.entries.indices { recorder.entries[at].actor = order.symbols[recorder.actors[at]] }
            return (recorder.entries, order.notes)
        } catch {
            Issue.record("the order failed: \(error.message)")
            return ([], OrderNotes())
        }
    }
}

/// A temporary file that lies in memory.
final class MemorySpill: SpillStorage, @unchecked Sendable {
    // Unchecked: used by one test's thread.
    private var bytes: [UInt8] = []

    func write(_ bytes: UnsafeRawBufferPointer) -> UInt64 {
        let offset = UInt64(self.bytes.count)
        self.bytes += bytes
        return offset
    }

    func read(_ offset: UInt64, into buffer: UnsafeMutableRawBufferPointer) {
        buffer.copyBytes(from: bytes[Int(offset)..<(Int(offset) + buffer.count)])
    }

    func write(text: [UInt8]) -> SpilledText {
        let offset = text.withUnsafeBytes { write($0) }
        return SpilledText(offset: offset, stored: UInt32(text.count), count: UInt32(text.count))
    }

    func read(_ text: SpilledText) -> [UInt8] { Array(bytes[Int(text.offset)..<(Int(text.offset) + Int(text.count))]) }
}

/// A small seeded generator (SplitMix64), so that every failure can be run again.
struct SeededGenerator: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) {
        state = seed
    }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }
}
