import EventModel
import Foundation
import IncidentLab
import Testing

@Suite("The logs keep the laws of vector clocks")
struct ClockTests {
    private struct Record: Decodable {
        var ts: String
        var actor: String
        var event: String
        var vc: [String: Int]
        var commit: Int?
        var store: String?
        var outcome: String?
    }

    private func records(_ sink: MemorySink) throws -> [String: [Record]] {
        let decoder = JSONDecoder()
        var all: [String: [Record]] = [:]
        for name in sink.names {
            all[name] = try sink.lines(name).map { try decoder.decode(Record.self, from: Data($0.utf8)) }
        }
        return all
    }

    @Test("own entries count, others name what has been reached", arguments: [1, 11, 42] as [UInt64])
    func laws(_ seed: UInt64) throws {
        let sink = MemorySink()
        _ = try Simulation.run(scenario: .race, seed: seed, sink: sink)
        try check(records(sink))
    }

    @Test("also with all actors of the region")
    func region() throws {
        let sink = MemorySink()
        _ = try Simulation.run(scenario: .nearMiss, seed: 2, scale: 0.05, sink: sink)
        try check(records(sink))
    }

    private func check(_ all: [String: [Record]]) {
        for (name, log) in all {
            var before: [String: Int] = [:]
            for (index, record) in log.enumerated() {
                #expect(record.actor == name && record.vc[name] == index + 1, "\(name) record \(index + 1)")
                for (other, count) in record.vc {
                    let reached = all[other].map { $0.count >= count ? $0[count - 1] : nil } ?? nil
                    #expect(reached.map { $0.ts <= record.ts } ?? false, "\(name) knows \(other) \(count) too early")
                    if let reached, other != name {
                        let isCovered = reached.vc.allSatisfy { record.vc[$0.key, default: 0] >= $0.value }
                        #expect(isCovered, "\(name) record \(index + 1) knows \(other) \(count), not all that it knew")
                    }
                }
                let isGrowing = before.allSatisfy { record.vc[$0.key, default: 0] >= $0.value }
                #expect(isGrowing, "\(name) record \(index + 1) forgets")
                before = record.vc
            }
        }
    }

    @Test("a write's clock names the store's record of that very commit or a later one")
    func commits() throws {
        let sink = MemorySink()
        _ = try Simulation.run(scenario: .race, seed: 8, sink: sink)
        let all = try records(sink)
        let store = all["dns-store"] ?? []
        var writes = 0
        for name in ["enactor-az1", "enactor-az2", "enactor-az3"] {
            for record in all[name] ?? [] where record.event == "plan.applied" {
                guard let commit = record.commit, let entry = record.vc["dns-store"] else { continue }
                writes += 1
                let index = store.firstIndex { $0.commit == commit }
                #expect(index.map { $0 + 1 == entry } ?? false, "commit \(commit)")
            }
        }
        #expect(writes > 100)
    }

    @Test("no quantity is negative", arguments: [Scenario.incident, .race])
    func negative(_ scenario: Scenario) throws {
        let sink = MemorySink()
        _ = try Simulation.run(scenario: scenario, seed: 6, scale: 0.05, sink: sink)
        for name in sink.names {
            #expect(!sink.lines(name).contains { $0.utf8.contains("\":-".utf8) }, "\(name)")
        }
    }
}
