import EventModel
import Reporting
import Testing

@testable import CausalAnalysis

/// The detector on batches of records: whose queue it is, what is said of it, and by which records.
struct BacklogDetectorTests {
    @Test func aSurgeBecomesOneFindingWithItsProof() throws {
        var log = QueueLog()
        log.sample(surge(1), actor: "worker", queue: "propagation")
        let findings = log.findings()
        #expect(findings.count == 1)
        let finding = try #require(findings.first)
        #expect(finding.kind == .backlogOnset)
        #expect(finding.severity == .high)
        #expect(finding.confidence == .measured)
        #expect(finding.queue == "propagation")
        #expect(finding.actor == "worker")
        #expect(finding.isWindow && finding.until != nil)
        #expect(try #require(finding.peak) > 1_000)
        #expect(finding.summary.hasPrefix("arrivals "))
        #expect(finding.summary.contains("/s done from "), "the rates do not say of which time they are")
        #expect(finding.summary.contains("; usual again at "))
        #expect(!finding.summary.contains("drained"), "items still wait as the wait is usual again")
        #expect(
            finding.evidence.map(\.part) == [
                "the last usual sample", "the alarm", "the peak", "the first usual sample again",
            ])
        #expect(finding.evidence.map(\.record.time).sorted() == finding.evidence.map(\.record.time))
        let lastUsual = try #require(finding.evidence.first?.record.time)
        let began = try #require(finding.began)
        #expect(began.contains(finding.at), "the date lies in its own interval")
        #expect(
            lastUsual <= finding.at && finding.at < lastUsual.advanced(by: 10 * Nanoseconds.second),
            "a sudden onset is dated between the last usual sample and the next")
        #expect(finding.evidence.last?.record.time == finding.until)
    }

    @Test(arguments: 1...8)
    func theNumbersAreToldOnceAndAgree(seed: Int) throws {
        var log = QueueLog()
        log.sample(surge(seed), actor: "worker", queue: "q")
        let finding = try #require(log.findings().first)
        let end = try #require(finding.figure("wait at the end"))
        let limit = try #require(finding.figure(Finding.Figure.Name.usualWaitLimit))
        let usual = try #require(finding.figure(Finding.Figure.Name.usualWait))
        let longest = try #require(finding.figure("longest wait"))
        #expect(usual <= limit && end <= limit && limit < longest, "what ended the backlog was not usual")
        #expect(finding.figure("peak depth") == finding.peak)
        #expect(Set(finding.figures.map(\.name)).count == finding.figures.count, "a number has two values")
        let began = try #require(finding.began)
        #expect(began.contains(finding.at) && began.upperBound <= (finding.record("the alarm")?.time ?? finding.at))
        let truth = Timestamp(nanoseconds: 600 * 10 * Nanoseconds.second)
        #expect(
            began.lowerBound <= truth && truth <= began.upperBound.advanced(by: 10 * Nanoseconds.second),
            "the surge began at sample 600, not between \(began)")
    }

    @Test func whatFailsIsNotSaidToBeDone() throws {
        var model = QueueModel(seed: 3, length: 1_200)
        model.load = { (700..<900).contains($0) ? 1.6 : 0.6 }
        model.failing = { (740..<880).contains($0) ? 1 : 0 }
        var log = QueueLog()
        log.sample(model.samples(), actor: "worker", queue: "q")
        let findings = log.findings()
        let backlog = try #require(findings.first { $0.kind == .backlogOnset })
        let collapse = try #require(findings.first { $0.kind == .congestiveCollapse }, "\(findings.map(\.summary))")
        for finding in [backlog, collapse] {
            let (done, failed) = (try #require(finding.figure("completions")), try #require(finding.figure("failures")))
            #expect(finding.summary.contains("/s failed from "), "\(finding.summary)")
            #expect(failed > 3 && done < failed, "\(finding.summary)")
        }
        #expect(collapse.figure("completions") == 0, "nothing was done while all failed")
        let usual = try #require(collapse.figure("usual completions"))
        #expect(abs(usual - 3) < 0.5, "the backlog's own samples are taken for usual ones: \(usual)")
        #expect(
            collapse.figure(Finding.Figure.Name.usualWait) == backlog.figure(Finding.Figure.Name.usualWait),
            "two findings of one queue tell two usual waits")
    }

    @Test func aBacklogThatLastsHasNoEnd() throws {
        var model = QueueModel(seed: 4, length: 1_000)
        model.load = { $0 < 700 ? 0.6 : 1.7 }
        var log = QueueLog()
        log.sample(model.samples(), actor: "worker", queue: "q")
        let finding = try #require(log.findings().first)
        #expect(finding.lasts)
        #expect(finding.summary.hasSuffix("not back in its usual range by the end of the log"))
    }

    @Test func queuesAndActorsAreApart() {
        var log = QueueLog()
        log.sample(surge(1), actor: "a", queue: "x")
        log.sample(QueueModel(seed: 2, length: 1_200).samples(), actor: "b", queue: "x")
        log.sample(surge(3), actor: "a", queue: "y")
        let findings = log.interleaved().findings()
        #expect(findings.compactMap(\.queue).sorted() == ["x", "y"])
        #expect(findings.map(\.actor) == ["a", "a"])
    }

    @Test(arguments: [1, 7, 1_000_000])
    func splittingIntoBatchesChangesNothing(size: Int) {
        var log = QueueLog()
        log.sample(surge(1), actor: "a", queue: "x")
        log.sample(surge(2), actor: "b", queue: "y")
        let all = log.interleaved()
        #expect(
            all.findings(batchSize: size).map(\.summary) == all.findings(batchSize: 64).map(\.summary))
    }

    @Test func singleItemsAreABacklogOfTheirQueue() throws {
        var log = QueueLog()
        log.items(surge(5), producer: "planner", worker: "enactor", queue: "work")
        let findings = log.findings()
        #expect(findings.count == 1, "\(findings.map(\.summary))")
        let finding = try #require(findings.first)
        #expect(finding.queue == "work")
        #expect(finding.actor == "enactor", "only one actor completed items")
        #expect(finding.confidence == .measured, "what is counted is measured")
        // Within three samples of the surge's beginning.
        #expect(abs(finding.at.nanoseconds - 600 * 10 * Nanoseconds.second) <= 60 * Nanoseconds.second)
    }

    @Test func calmSingleItemsAreNone() {
        var log = QueueLog()
        log.items(QueueModel(seed: 6, length: 1_200).samples(), producer: "p", worker: "w", queue: "work")
        #expect(log.findings().isEmpty)
    }

    @Test(arguments: 0..<5)
    func latenciesThatAccumulateAreABacklog(seed: Int) throws {
        var log = QueueLog()
        // One a second; from 3,000 s to 5,000 s each waits a quarter of a second longer than the one before, then they catch up.
        log.propagations(seed: seed, count: 8_000, actor: "network-manager") { second in
            second < 3_000 ? 0 : second < 5_000 ? Double(second - 3_000) / 4 : max(0, 500 - Double(second - 5_000) / 2)
        }
        let findings = log.findings()
        #expect(findings.count == 1, "\(findings.map(\.summary))")
        let finding = try #require(findings.first, "nothing was said of propagations that waited up to 500 s")
        #expect(finding.kind == .backlogOnset)
        #expect(finding.actor == "network-manager" && finding.queue == nil)
        #expect(finding.confidence == .measured, "latencies are measured")
        #expect(abs(finding.at.nanoseconds - 3_000 * Nanoseconds.second) <= 100 * Nanoseconds.second)
        #expect(finding.summary.contains("propagation-delay"), "how the two findings relate is not said")
        #expect(
            finding.summary.contains("wait at most 8 min 17 s"),
            "the quickest of the last ten before the turn waited 498 s")
    }

    @Test func latenciesThatLeapAreNoBacklog() {
        var log = QueueLog()
        // Another path: from one second to the next all take twenty minutes longer.
        log.propagations(seed: 1, count: 8_000, actor: "network-manager") { $0 < 3_000 ? 0 : 1_200 }
        #expect(log.findings().isEmpty)
    }

    @Test func aFewSlowPropagationsAreNoBacklog() {
        var log = QueueLog()
        log.propagations(seed: 2, count: 8_000, actor: "network-manager") { $0 % 7 == 0 ? 90 : 0 }
        #expect(log.findings().isEmpty)
    }

    @Test func whoSamplesItsQueueIsNotJudgedByLatencies() {
        var log = QueueLog()
        log.sample(QueueModel(seed: 2, length: 1_200).samples(), actor: "network-manager", queue: "propagation")
        log.propagations(seed: 3, count: 8_000, actor: "network-manager") { max(0, Double($0 - 3_000) / 4) }
        #expect(log.interleaved().findings().isEmpty)
    }

    private func surge(_ seed: Int) -> [QueueSample] {
        var model = QueueModel(seed: seed, length: 1_200)
        model.load = { (600..<720).contains($0) ? 1.7 : 0.6 }
        return model.samples()
    }
}

/// Records of queues, as the reader would give them.
private struct QueueLog {
    private struct Record {
        var time: Int64
        var actor: Symbol
        var kind: EventKind
        var values: [(Field, Int64)]
    }

    private var symbols = SymbolTable()
    private var records: [Record] = []

    mutating func sample(_ samples: [QueueSample], actor: String, queue: String) {
        let actor = symbols.intern(actor)
        let name = Int64(symbols.intern(queue).index)
        for sample in samples {
            guard case .since(let arrived, let completed, let failed) = sample.flow else { continue }
            var values: [(Field, Int64)] = [(.queue, name)]
            for (field, value) in [
                (Field.depth, sample.depth), (.arrived, arrived), (.completed, completed), (.failed, failed),
            ] {
                if let value {
                    values.append((field, field == .depth ? Int64(bitPattern: value.bitPattern) : Int64(value)))
                }
            }
            records.append(Record(time: sample.time.nanoseconds, actor: actor, kind: .queueSampled, values: values))
        }
    }

    /// Spreads each sample's arrivals and completions over its ten seconds.
    mutating func items(_ samples: [QueueSample], producer: String, worker: String, queue: String) {
        let producer = symbols.intern(producer)
        let worker = symbols.intern(worker)
        let name: [(Field, Int64)] = [(.queue, Int64(symbols.intern(queue).index))]
        let first = records.count
        for sample in samples {
            guard case .since(let arrived, let completed, _) = sample.flow else { continue }
            for (count, actor, kind) in [
                (Int(arrived ?? 0), producer, EventKind.workEnqueued), (Int(completed ?? 0), worker, .workCompleted),
            ] {
                for i in 0..<count {
                    let time = sample.time.nanoseconds - 10 * Nanoseconds.second * Int64(count - i) / Int64(count)
                    records.append(Record(time: time, actor: actor, kind: kind, values: name))
                }
            }
        }
        records[first...].sort { $0.time < $1.time }
    }

    /// One propagation a second that takes 40 to 60 ms and what it had to wait.
    mutating func propagations(seed: Int, count: Int, actor: String, waiting: (Int) -> Double) {
        var random = SeededGenerator(seed: UInt64(seed))
        let actor = symbols.intern(actor)
        for second in 0..<count {
            let latency = 40 + 20 * random.unit() + 1000 * waiting(second)
            records.append(
                Record(
                    time: Int64(second) * Nanoseconds.second, actor: actor, kind: .statePropagated,
                    values: [(.latencyMs, Int64(bitPattern: latency.bitPattern))]))
        }
    }

    /// The same records in order of time.
    func interleaved() -> QueueLog {
        var log = self
        log.records = records.enumerated().sorted { ($0.element.time, $0.offset) < ($1.element.time, $1.offset) }
            .map(\.element)
        return log
    }

    func findings(batchSize: Int = 64) -> [Finding] {
        var detector = BacklogDetector(shards: 1)
        let clocks = ProcessClocks()
        var batch = EventBatch()
        for (index, record) in records.enumerated() {
            append(record, to: &batch)
            if batch.count == batchSize || index == records.count - 1 {
                for row in 0..<batch.count {
                    let delivery = Delivery(
                        ordinal: 0, source: SourceID(index: 0), process: ProcessID(index: 0), stamp: .zero,
                        hasClock: false)
                    detector.observe(batch, row: row, delivery: delivery, clocks: clocks)
                }
                batch = EventBatch()
            }
        }
        return detector.finish(WholeLog(symbols: symbols, skew: AssumedSkew(maximum: 0))).findings
    }

    private func append(_ record: Record, to batch: inout EventBatch) {
        let sorted = record.values.sorted { $0.0.rawValue < $1.0.rawValue }
        for (_, value) in sorted { batch.values.append(value) }
        batch.append(
            EventBatch.Row(
                time: record.time, actor: record.actor, event: .none, kind: record.kind,
                fields: FieldSet(sorted.map { FieldSet($0.0) })))
    }
}
