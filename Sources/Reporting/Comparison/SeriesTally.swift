import CausalAnalysis
import EventModel

/// What a bundle's events count up to in blocks of ten minutes: how often each actor logs each event, which share fails, how long it takes;
/// what share of each service's requests fails; how deep each queue is.
package struct SeriesTally: EventConsumer {
    /// What of something is counted.
    package enum Measure: String, Sendable {
        /// A block.
        case rate
        /// That failed, of all.
        case failed
        /// Milliseconds, on average.
        case latency
        /// Items waiting, on average.
        case depth
    }

    /// A series.
    package struct Key: Hashable, Comparable, Sendable {
        /// `plan.applied of enactor-az1`, a service's or a queue's name.
        package var subject: String
        package var measure: Measure

        package static func < (a: Key, b: Key) -> Bool {
            (a.subject, a.measure.rawValue) < (b.subject, b.measure.rawValue)
        }
    }

    /// A sum over a block, and of how many.
    private struct Sum {
        var total = 0.0
        var count = 0.0
    }

    private enum Source: Hashable {
        case events(actor: Symbol, event: Symbol)
        case service(Symbol)
        case queue(Symbol, actor: Symbol)
    }

    private struct Slot: Hashable {
        var source: Source
        var measure: Measure
    }

    package static let block = 10 * Nanoseconds.minute

    private let start: Timestamp
    private let blocks: Int
    private let name: (Symbol) -> String
    private var sums: [Slot: [Int: Sum]] = [:]

    /// - Parameter span: the events' first and last times: the blocks are those that it fills.
    package init(_ span: ClosedRange<Timestamp>?, name: @escaping (Symbol) -> String) {
        start = span?.lowerBound ?? Timestamp(nanoseconds: 0)
        blocks = span.map { Int($0.upperBound.since($0.lowerBound) / SeriesTally.block) } ?? 0
        self.name = name
    }

    package mutating func observe(
        _ batch: borrowing EventBatch, row: Int, delivery: Delivery, clocks: borrowing ProcessClocks
    ) {
        let time = Timestamp(nanoseconds: batch.time[row])
        if time.isAbsent || time < start { return }
        let block = Int(time.since(start) / SeriesTally.block)
        if block >= blocks { return }
        let source = Source.events(actor: batch.actor[row], event: batch.event[row])
        add(source, .rate, block, 1, of: 1)
        add(source, .failed, block, batch.outcome[row] == .ok ? 0 : 1, of: 1)
        if let latency = batch.number(.latencyMs, at: row) { add(source, .latency, block, latency, of: 1) }
        let service = batch.symbol(.service, at: row)
        if service != .none, let requests = batch.integer(.requests, at: row), requests > 0 {
            let errors = batch.integer(.errors, at: row) ?? 0
            add(.service(service), .failed, block, Double(errors), of: Double(requests))
        }
        let queue = batch.symbol(.queue, at: row)
        if queue != .none, let depth = batch.integer(.depth, at: row) {
            add(.queue(queue, actor: batch.actor[row]), .depth, block, Double(depth), of: 1)
        }
    }

    private mutating func add(_ source: Source, _ measure: Measure, _ block: Int, _ total: Double, of count: Double) {
        sums[Slot(source: source, measure: measure), default: [:]][block, default: Sum()].total += total
        sums[Slot(source: source, measure: measure), default: [:]][block, default: Sum()].count += count
    }

    /// How many whole blocks there are.
    package var blockCount: Int { blocks }

    /// The blocks' values by series; nil where a block has none. What never fails has no share that does.
    package func series() -> [Key: [Double?]] {
        var result: [Key: [Double?]] = [:]
        for (slot, sums) in sums {
            if slot.measure == .failed, sums.values.allSatisfy({ $0.total == 0 }) { continue }
            result[Key(subject: subject(slot.source), measure: slot.measure)] = (0..<blocks).map { block in
                guard let sum = sums[block], sum.count > 0 else { return slot.measure == .rate ? 0 : nil }
                return slot.measure == .rate ? sum.total : sum.total / sum.count
            }
        }
        return result
    }

    private func subject(_ source: Source) -> String {
        switch source {
        case .events(let actor, let event): "\(name(event)) of \(name(actor))"
        case .service(let service): "requests to \(name(service))"
        case .queue(let queue, let actor): "\(name(actor))/\(name(queue))"
        }
    }
}

/// The series in which two bundles differ.
package struct SeriesComparison: Sendable {
    /// One of them, with its means over all blocks; nil where a bundle has no value.
    package struct Difference: Sendable {
        package var key: SeriesTally.Key
        package var a: Double?
        package var b: Double?
        /// The probability of such a difference by chance, corrected for all comparisons.
        package var probability: Double
    }

    /// The differing ones, by subject.
    package private(set) var differences: [Difference] = []
    /// How many series were compared.
    package let compared: Int
    package let blocks: (a: Int, b: Int)
    /// Whether there are blocks enough to tell a difference from chance.
    package let canTell: Bool

    package init(_ a: SeriesTally, _ b: SeriesTally) {
        let (first, second) = (a.series(), b.series())
        let keys = Set(first.keys).union(second.keys).sorted()
        let test = PermutationTest(first: a.blockCount, second: b.blockCount)
        compared = keys.count
        blocks = (a.blockCount, b.blockCount)
        canTell = test.canTell
        if !canTell { return }
        func values(_ series: [SeriesTally.Key: [Double?]], _ key: SeriesTally.Key, _ count: Int) -> [Double?] {
            // An event that never comes comes at a rate of nothing; of nothing no share fails and nothing takes long.
            series[key] ?? Array(repeating: key.measure == .rate ? 0 : nil, count: count)
        }
        let rows = keys.map { values(first, $0, a.blockCount) + values(second, $0, b.blockCount) }
        for (index, probability) in test.probabilities(rows).enumerated() where probability < PermutationTest.level {
            differences.append(
                Difference(
                    key: keys[index], a: Self.mean(rows[index][..<a.blockCount]),
                    b: Self.mean(rows[index][a.blockCount...]), probability: probability))
        }
    }

    private static func mean(_ values: ArraySlice<Double?>) -> Double? {
        let known = values.compactMap { $0 }
        return known.isEmpty ? nil : known.reduce(0, +) / Double(known.count)
    }
}
