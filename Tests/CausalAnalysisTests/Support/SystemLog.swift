import EventModel
import Reporting
import SharedWork

@testable import CausalAnalysis

/// The logs of a small system for a test, one source an actor, with the clocks that its messages make. Events are added in order of time.
struct SystemLog {
    private struct Record {
        var time: Int64
        var kind: EventKind
        var event: String
        var endpoint: String?
        var outcome: Outcome
        var numbers: [Field: Int64]
        var names: [Field: String]
        var clock: [String: Int64]
    }

    /// 2025-10-20T06:00:00Z, from which seconds count.
    static let start: Int64 = 1_760_940_000_000_000_000

    private var actors: [String] = []
    private var logs: [String: [Record]] = [:]
    private var clocks: [String: [String: Int64]] = [:]
    /// Whether records carry clocks.
    var hasClocks = true

    /// Adds an event; `hears` names actors of whose latest events a message told before it.
    mutating func add(
        _ actor: String, _ seconds: Double, _ kind: EventKind, at endpoint: String? = nil, outcome: Outcome = .ok,
        _ numbers: [Field: Int64] = [:], names: [Field: String] = [:], latency: Double? = nil, hears: [String] = [],
        named event: String? = nil
    ) {
        if logs[actor] == nil { actors.append(actor) }
        var clock = clocks[actor] ?? [:]
        for other in hears { clock.merge(clocks[other] ?? [:], uniquingKeysWith: max) }
        clock[actor, default: 0] += 1
        clocks[actor] = clock
        var numbers = numbers
        if let depth = numbers[.depth] { numbers[.depth] = Int64(bitPattern: Double(depth).bitPattern) }
        if let latency { numbers[.latencyMs] = Int64(bitPattern: latency.bitPattern) }
        logs[actor, default: []].append(
            Record(
                time: SystemLog.start + Int64((seconds * 1e9).rounded()), kind: kind, event: event ?? kind.name,
                endpoint: endpoint, outcome: outcome, numbers: numbers, names: names, clock: clock))
    }

    /// Lets an actor do something whose record is lost: others can hear of it.
    mutating func lose(_ actor: String) { clocks[actor, default: [:]][actor, default: 0] += 1 }

    /// A minute's sample of a service.
    mutating func sample(
        _ service: String, _ seconds: Double, requests: Int64 = 1_000, errors: Int64, hears: [String] = []
    ) {
        add(
            service, seconds, .serviceSampled, [.requests: requests, .errors: errors], names: [.service: service],
            hears: hears)
    }

    /// What an analysis finds, and the cascade of a second pass.
    func analyze(baseline: ClosedRange<Double>? = nil) -> Report {
        var options = AnalysisOptions()
        options.baseline = baseline.map {
            Baseline(from: .moment(SystemLog.time($0.lowerBound)), to: .moment(SystemLog.time($0.upperBound)))
        }
        do throws(SpillFailure) {
            var supply = supply()
            var order = try SettledOrder(&supply, options: options.order)
            let result = try Analysis.run(&order, options: options)
            let symbols = order.symbols
            var report = Report(
                bundle: BundleSummary(name: "test"), span: result.span, counts: Report.Counts(),
                findings: result.findings, quality: result.quality, symbols: symbols)
            if CascadeBuilder.isNeeded(for: report) {
                var builder = CascadeBuilder(report, name: { symbols[$0] })
                try order.run(&builder)
                report.cascade = builder.finish(unaffected: result.unaffected)
            }
            return report
        } catch {
            fatalError("the analysis failed: \(error.message)")
        }
    }

    static func time(_ seconds: Double) -> Timestamp {
        Timestamp(nanoseconds: start + Int64((seconds * 1e9).rounded()))
    }

    private func supply() -> Supply {
        var symbols = SymbolTable()
        // All names first: batches are made when they are asked for, and for each pass anew.
        for actor in actors { _ = batch(actor, &symbols) }
        return Supply(log: self, symbols: symbols, isGiven: actors.map { _ in false })
    }

    fileprivate func batch(_ actor: String, _ symbols: inout SymbolTable) -> EventBatch {
        var batch = EventBatch()
        for (row, record) in (logs[actor] ?? []).enumerated() {
            batch.time.append(record.time)
            batch.actor.append(symbols.intern(actor))
            batch.event.append(symbols.intern(record.event))
            batch.kind.append(record.kind)
            batch.endpoint.append(record.endpoint.map { symbols.intern($0) } ?? .none)
            batch.outcome.append(record.outcome)
            batch.valueStart.append(UInt32(batch.values.count))
            var set = FieldSet()
            for field in Field.allCases {
                if let number = record.numbers[field] {
                    batch.values.append(number)
                } else if let name = record.names[field] {
                    batch.values.append(Int64(symbols.intern(name).index))
                } else {
                    continue
                }
                set.insert(FieldSet(field))
            }
            if record.names[.state] == "unhealthy" { set.insert(.unhealthy) }
            if hasClocks { set.insert(.clock) }
            batch.fields.append(set)
            batch.counter.append(hasClocks ? record.clock[actor] ?? -1 : -1)
            for (name, count) in record.clock.sorted(by: { $0.key < $1.key }) where hasClocks && name != actor {
                batch.clockActor.append(symbols.intern(name))
                batch.clockCount.append(count)
            }
            batch.clockStart.append(UInt32(batch.clockActor.count))
            batch.causeStart.append(0)
            batch.digest.append(UInt64(row))
            batch.lineInBatch.append(UInt32(row))
            batch.textStart.append(0)
            batch.textLength.append(0)
        }
        return batch
    }

    /// Gives each actor's log as one batch.
    private struct Supply: BatchSupply {
        let log: SystemLog
        let workshop = Workshop()
        private(set) var symbols: SymbolTable
        var isGiven: [Bool]

        init(log: SystemLog, symbols: SymbolTable, isGiven: [Bool]) {
            self.log = log
            self.symbols = symbols
            self.isGiven = isGiven
        }

        var sourceCount: Int { isGiven.count }

        let keepsText = false

        func path(of source: SourceID) -> String { log.actors[Int(source.index)] + ".log" }

        func makeSpill() -> any SpillStorage { MemorySpill() }

        mutating func next(of source: SourceID) -> EventBatch? {
            let index = Int(source.index)
            if isGiven[index] || log.logs[log.actors[index]]?.isEmpty ?? true { return nil }
            isGiven[index] = true
            return log.batch(log.actors[index], &symbols)
        }
    }
}

extension Report {
    /// The findings of a kind.
    func all(_ kind: Finding.Kind) -> [Finding] { findings.filter { $0.kind == kind } }

    /// What is above info, a line each, for a failing test to show.
    var lines: [String] {
        findings.filter { $0.severity != .info }.map {
            "\($0.kind.rawValue) \($0.subject) \($0.actor ?? ""): \($0.summary)"
        }
    }
}
