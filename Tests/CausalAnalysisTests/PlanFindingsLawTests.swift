import EventModel
import Testing

@testable import CausalAnalysis

/// What is found in random races, against every order of the effects that the rules allow, and against what must not change a finding.
@Suite struct PlanFindingsLawTests {
    private static let seeds = UInt64(1)...1200

    private func overwrites(_ found: Detections, _ confidence: Finding.Confidence? = nil) -> Set<PlanRace.Overwrite> {
        Set(
            found.all(.stalePlanOverwrite).filter { confidence == nil || $0.confidence == confidence }.map {
                PlanRace.Overwrite(
                    writer: $0.actor ?? "", plan: $0.plan?.int64 ?? -1, displaced: $0.displaced?.int64 ?? -1,
                    line: Int($0.evidence[0].record.line))
            })
    }

    @Test func whatIsProvenHoldsInEveryOrderThatTheRulesAllow() {
        var proven = 0
        for seed in Self.seeds {
            let race = PlanRace(seed: seed)
            let orders = race.possibleOrders(replaces: true)
            let certain = orders.dropFirst().reduce(orders.first.map(race.overwrites) ?? []) {
                $0.intersection(race.overwrites(in: $1))
            }
            let found = overwrites(race.log.findings(), .proven)
            proven += found.count
            #expect(
                found.subtracting(certain).isEmpty, "seed \(seed): proven, and yet \(orders.count) orders are possible")
        }
        #expect(proven > Self.seeds.count / 2, "something is proven in many races, or this tests nothing")
    }

    @Test func whatHoldsInEveryOrderIsProven() {
        for seed in Self.seeds {
            let race = PlanRace(seed: seed)
            let orders = race.possibleOrders(replaces: false)
            let certain = orders.dropFirst().reduce(orders.first.map(race.overwrites) ?? []) {
                $0.intersection(race.overwrites(in: $1))
            }
            let found = race.log.findings()
            let missed = certain.subtracting(overwrites(found, .proven))
            #expect(missed.isEmpty, "seed \(seed): \(missed) of \(orders.count) orders; found \(found.lines)")
            guard race.hasReplaces else { continue }
            for effect in race.effects where effect.displaced > effect.plan {
                let isThere = overwrites(found, .proven).contains {
                    $0.line == effect.answer + 1 && $0.displaced == effect.displaced
                }
                #expect(isThere, "seed \(seed): \(effect) was answered so; found \(found.lines)")
            }
        }
    }

    @Test func nothingIsFoundThatNoOrderAllows() {
        for seed in Self.seeds {
            let race = PlanRace(seed: seed)
            let possible = race.possibleOrders(replaces: true).reduce(into: Set<PlanRace.Overwrite>()) {
                $0.formUnion(race.overwrites(in: $1))
            }
            let found = overwrites(race.log.findings(skew: AssumedSkew(maximum: Nanoseconds.hour)))
            #expect(found.subtracting(possible).isEmpty, "seed \(seed)")
        }
    }

    /// What of a finding must not change with clocks: all but times.
    private func words(_ findings: [Finding]) -> [String] {
        let ids = FindingID.all(findings)
        return findings.indices.filter { findings[$0].confidence == .proven }.map { at in
            let finding = findings[at]
            return
                "\(ids[at]) \(finding.kind) \(finding.endpoint ?? "") \(finding.actor ?? "") \(finding.plan ?? -1) \(finding.displaced ?? -1) \(finding.awareness?.rawValue ?? "") \(finding.evidence[0].record.line)"
        }.sorted()
    }

    @Test func clocksThatAreOffChangeNothingThatIsProven() {
        for seed in Self.seeds {
            let race = PlanRace(seed: seed)
            let before = words(race.log.findings().findings)
            for minutes in [-330.0, -60, -5, -1, 1, 5, 60, 330] {
                let moved = PlanRace.writers[Int(seed) % PlanRace.writers.count]
                var log = race.log
                for at in log.events.indices where log.events[at].actor == moved {
                    log.events[at].seconds += 60 * minutes
                }
                let after = words(log.findings().findings)
                #expect(after == before, "seed \(seed): \(moved)'s clock moved by \(minutes) min")
            }
        }
    }

    @Test func laterRecordsNeverWithdrawWhatIsProven() {
        for seed in Self.seeds {
            let race = PlanRace(seed: seed)
            guard race.hasClocks else { continue }
            let before = words(race.log.findings().findings)
            // What comes later knows of all that there was.
            var log = race.log
            let last = log.events.map(\.seconds).max() ?? 0
            var known: [String: Int64] = [:]
            for event in log.events { known.merge(event.clock, uniquingKeysWith: max) }
            for (n, writer) in PlanRace.writers.enumerated() {
                let counter = (known[writer] ?? 0) + 1
                let clock = known.merging([writer: counter]) { $1 }
                log.add(writer, last + 100 * Double(n + 1), .planApplying, Int64(n + 3), clock: clock)
                log.add(
                    writer, last + 100 * Double(n + 1) + 1, .planApplied, Int64(n + 3),
                    clock: clock.merging([writer: counter + 1]) { $1 }, outcome: n == 1 ? .timeout : .ok)
                known[writer] = counter + 1
            }
            let after = Set(words(log.findings().findings))
            let gone = before.filter { !after.contains($0) }
            #expect(gone.isEmpty, "seed \(seed): withdrawn by what came later: \(gone)")
        }
    }

    @Test func recordsWhoseLossTheLogsShowMakeNothingSurer() {
        var compared = 0
        for seed in Self.seeds {
            let race = PlanRace(seed: seed)
            guard race.hasClocks else { continue }
            let orders = race.possibleOrders(replaces: true)
            let possible = orders.reduce(into: Set<PlanRace.Overwrite>()) { $0.formUnion(race.overwrites(in: $1)) }
            for gone in race.log.events.indices {
                // The counter of the next record of the same actor shows the loss.
                let actor = race.log.events[gone].actor
                guard race.log.events[(gone + 1)...].contains(where: { $0.actor == actor }) else { continue }
                var log = race.log
                log.events.remove(at: gone)
                compared += 1
                for finding in log.findings().all(.stalePlanOverwrite) where finding.confidence == .proven {
                    let isKnown = possible.contains {
                        $0.writer == finding.actor && $0.plan == finding.plan?.int64
                            && $0.displaced == finding.displaced?.int64
                    }
                    #expect(
                        isKnown,
                        "seed \(seed) without event \(gone), \(race.log.events[gone].kind) of \(actor): \(log.findings().lines), before \(race.log.findings().lines)"
                    )
                }
            }
        }
        #expect(compared > 1000)
    }

    @Test func partsDoNotMatter() {
        var log = LogBuilder()
        for seed in UInt64(1)...60 {
            for var event in PlanRace(seed: seed).log.events {
                event.endpoint = "endpoint-\(seed)"
                event.clock = [:]
                log.events.append(event)
            }
        }
        let whole = log.findings(parts: 1)
        #expect(whole.findings.count > 50)
        for parts in [2, 3, 32, 64] {
            let found = log.findings(parts: parts)
            #expect(found.lines == whole.lines, "\(parts) parts")
            #expect(FindingID.all(found.findings) == FindingID.all(whole.findings), "\(parts) parts")
            #expect(found.undecided.map(\.question) == whole.undecided.map(\.question), "\(parts) parts")
        }
    }
}
