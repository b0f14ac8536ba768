import EventModel
import Testing

@testable import CausalAnalysis

/// Each rule of the effective order decides something that no other does: without it the laws of races no longer hold.
@Suite struct PlanFindingsRuleTests {
    struct Rule: CustomTestStringConvertible, Sendable {
        var name: String
        var rules: OrderRules

        var testDescription: String { name }
    }

    static let strong = [
        Rule(name: "commits", rules: .commits), Rule(name: "happened-before", rules: .happenedBefore),
        Rule(name: "replaces", rules: .replaces),
    ]

    /// How many races have an overwrite that every order of the effects has, and that is not found as proven.
    private func missed(_ rules: OrderRules, in seeds: ClosedRange<UInt64>) -> Int {
        seeds.count { seed in
            let race = PlanRace(seed: seed)
            let orders = race.possibleOrders(replaces: true)
            guard let first = orders.first else { return false }
            let certain = orders.dropFirst().reduce(race.overwrites(in: first)) {
                $0.intersection(race.overwrites(in: $1))
            }
            let proven = race.log.findings(rules: rules).all(.stalePlanOverwrite).filter { $0.confidence == .proven }
            return certain.contains { wanted in
                !proven.contains {
                    $0.actor == wanted.writer && $0.plan?.int64 == wanted.plan
                        && $0.displaced?.int64 == wanted.displaced
                }
            }
        }
    }

    @Test func withAllRulesNoneIsMissed() {
        #expect(missed(.all, in: 1...200) == 0)
    }

    @Test(arguments: strong) func withoutOneSomeAreMissed(_ rule: Rule) {
        #expect(missed(OrderRules.all.subtracting(rule.rules), in: 1...600) > 0, "no race needs \(rule.name)")
    }

    @Test func theStoresTimeDecidesWhereItsLogIsLost() {
        var log = LogBuilder()
        log.add("a", 10, .planApplied, 9, clock: ["a": 1, "dns": 1], store: "dns")
        log.add("b", 11, .planApplied, 4, clock: ["b": 1, "dns": 2], store: "dns")
        func basis(_ rules: OrderRules) -> Finding.Basis? {
            log.findings(rules: rules).all(.stalePlanOverwrite).first?.basis
        }
        #expect(basis(.all) == .storeClock(2, after: 1))
        #expect(basis(OrderRules.all.subtracting(.storeTimes)) != .storeClock(2, after: 1))
    }

    @Test func answersDecideWhereNoSendingIsLogged() {
        var log = LogBuilder()
        log.add("a", 10, .planApplied, 9, clock: ["a": 1])
        log.add("b", 11, .planApplied, 4, clock: ["a": 1, "b": 1])
        func overwrite(_ rules: OrderRules) -> Finding? {
            log.findings(skew: AssumedSkew(maximum: 3600 * Nanoseconds.second), rules: rules).all(.stalePlanOverwrite)
                .first
        }
        #expect(overwrite(.all)?.confidence == .likely && overwrite(.all)?.basis == .answers)
        #expect(overwrite(OrderRules.all.subtracting(.answers))?.confidence == .possible, "times are within the skew")
    }
}
