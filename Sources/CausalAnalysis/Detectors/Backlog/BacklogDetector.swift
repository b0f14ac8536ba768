import EventModel

/// Finds the times in which queues fall behind: `backlog-onset` and, inside them, `congestive-collapse`.
///
/// Feeds each queue's samples, or its single items gathered into samples, to a `BacklogSeries`. Samples make a series
/// for each actor and queue, single items one for each queue, propagations one for each actor that samples no queue. An
/// episode is one finding, whatever shows it: while samples of a queue tell how deep it is, what its items let infer is
/// not claimed beside them. Memory: some 1.4 kB a quiet series; an event costs a look-up and O(1).
package struct BacklogDetector: Detector {
    private struct Key: Hashable {
        var actor: Symbol
        var queue: Symbol
    }

    private var indexOfSampled: [Key: Int] = [:]
    private var sampled = Chunks<SampledQueue>()
    private var indexOfItems: [Symbol: Int] = [:]
    private var items = Chunks<ItemQueue>()
    private var indexOfLatencies: [Symbol: Int] = [:]
    private var latencies = Chunks<LatencyQueue>()

    private struct SampledQueue {
        var key: Key
        var series = BacklogSeries<RecordRef>()
    }

    /// Samples, single items and propagations: a record without a time can be none.
    package static let interest = EventInterest.timed(
        .queueSampled, .workEnqueued, .workCompleted, .workFailed, .statePropagated, .stateDelayed)

    package init(shards: Int) {}

    package mutating func observe(
        _ batch: borrowing EventBatch, row: Int, delivery: Delivery, clocks: borrowing ProcessClocks
    ) {
        switch batch.kind[row] {
        case .queueSampled:
            let key = Key(actor: batch.actor[row], queue: batch.symbol(.queue, at: row))
            let index: Int
            if let known = indexOfSampled[key] {
                index = known
            } else {
                index = sampled.append(SampledQueue(key: key))
                indexOfSampled[key] = index
            }
            sampled[index].series.observe(
                QueueSample(batch, row: row), mark: delivery.reference(batch, row: row))
        case .workEnqueued, .workCompleted, .workFailed:
            let queue = batch.symbol(.queue, at: row)
            let index: Int
            if let known = indexOfItems[queue] {
                index = known
            } else {
                index = items.append(ItemQueue(queue: queue))
                indexOfItems[queue] = index
            }
            items[index].observe(
                batch.kind[row], by: batch.actor[row], latency: batch.number(.latencyMs, at: row).map { $0 / 1000 },
                mark: delivery.reference(batch, row: row))
        case .statePropagated, .stateDelayed:
            guard let latency = batch.number(.latencyMs, at: row), latency >= 0 else { return }
            let actor = batch.actor[row]
            let index: Int
            if let known = indexOfLatencies[actor] {
                index = known
            } else {
                index = latencies.append(LatencyQueue(actor: actor))
                indexOfLatencies[actor] = index
            }
            latencies[index].observe(latency: latency / 1000, mark: delivery.reference(batch, row: row))
        default: break
        }
    }

    /// All findings, ordered by time, queue and actor. Ends the detector.
    package mutating func finish(_ log: WholeLog) -> Detections {
        let symbols = log.symbols
        var findings: [Finding] = []
        var told: [Symbol: [ClosedRange<Timestamp>]] = [:]
        for index in 0..<sampled.count {
            let key = sampled[index].key
            if let judged = sampled[index].series.judged { told[key.queue, default: []].append(judged) }
            for episode in sampled[index].series.finish() {
                findings += episode.findings(queue: symbols[key.queue], actor: symbols[key.actor])
            }
        }
        for index in 0..<items.count {
            let queue = symbols[items[index].queue]
            let worker = items[index].onlyWorker.map { symbols[$0] }
            let told = told[items[index].queue] ?? []
            for episode in items[index].finish() where !told.contains(where: { $0.overlaps(episode.extent) }) {
                findings +=
                    items[index].isOfLatencies
                    ? [episode.finding(ofLatenciesOf: queue, actor: worker)]
                    : episode.findings(queue: queue, actor: worker)
            }
        }
        // Whoever samples a queue has told of it better.
        let samplers = Set(indexOfSampled.keys.map(\.actor))
        for index in 0..<latencies.count where !samplers.contains(latencies[index].actor) {
            let actor = symbols[latencies[index].actor]
            findings += latencies[index].finish().map { $0.finding(ofLatenciesOf: "", actor: actor) }
        }
        findings.sort { a, b in
            if a.at != b.at { return a.at < b.at }
            if a.queue != b.queue { return (a.queue ?? "") < (b.queue ?? "") }
            if a.actor != b.actor { return (a.actor ?? "") < (b.actor ?? "") }
            return a.kind.rawValue < b.kind.rawValue
        }
        return Detections(findings)
    }
}

extension QueueSample {
    /// The sample that a `queue.sampled` record holds.
    init(_ batch: borrowing EventBatch, row: Int) {
        func count(_ field: Field) -> Double? { batch.integer(field, at: row).map(Double.init) }
        let fields = batch.fields[row]
        var flow: Flow?
        if !fields.isDisjoint(with: QueueSample.totalFields) {
            flow = .totals(
                arrived: count(.arrivedTotal), completed: count(.completedTotal), failed: count(.failedTotal))
        } else if !fields.isDisjoint(with: QueueSample.sinceFields) {
            flow = .since(arrived: count(.arrived), completed: count(.completed), failed: count(.failed))
        }
        // What items took tells of the wait where nothing tells it better.
        let latencyAlone = flow == nil && !batch.has(.depth, at: row) ? batch.number(.latencyMs, at: row) : nil
        self.init(
            time: Timestamp(nanoseconds: batch.time[row]), depth: batch.number(.depth, at: row),
            oldest: (batch.number(.oldestMs, at: row) ?? latencyAlone).map { $0 / 1000 }, flow: flow)
    }

    private static let totalFields: FieldSet = [
        FieldSet(.arrivedTotal), FieldSet(.completedTotal), FieldSet(.failedTotal),
    ]
    private static let sinceFields: FieldSet = [FieldSet(.arrived), FieldSet(.completed), FieldSet(.failed)]
}

/// A list that grows by pieces: large elements are never moved, so that growing does not need twice the memory.
private struct Chunks<Element: Sendable>: Sendable {
    private static var size: Int { 64 }
    private var chunks: [[Element]] = []
    private(set) var count = 0

    /// Adds an element and gives its index.
    mutating func append(_ element: Element) -> Int {
        if count == chunks.count * Chunks.size {
            chunks.append([])
            // One queue is the usual case; only who has many pays for room.
            if count > 0 { chunks[chunks.count - 1].reserveCapacity(Chunks.size) }
        }
        chunks[chunks.count - 1].append(element)
        count += 1
        return count - 1
    }

    subscript(index: Int) -> Element {
        get { chunks[index / Chunks.size][index % Chunks.size] }
        _modify { yield &chunks[index / Chunks.size][index % Chunks.size] }
    }
}
