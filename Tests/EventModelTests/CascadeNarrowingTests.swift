import EventModel
import Testing

/// The part of a cascade that is about some findings.
@Suite struct CascadeNarrowingTests {
    private var cascade: Cascade {
        func window(_ findings: [String], _ ending: Cascade.Ending) -> Cascade.Window {
            Cascade.Window(
                findings: findings, kind: .serviceImpact, at: Timestamp(nanoseconds: 0), until: nil, ending: ending)
        }
        return Cascade(
            windows: [
                window(["a"], .unknownTrigger), window(["b", "c"], .withTrigger(0)), window(["d"], .outlived(1, by: 5)),
            ],
            edges: [
                .init(from: 0, to: 1, role: .began, chain: []), .init(from: 1, to: 2, role: .prolonged, chain: []),
            ],
            unaffected: ["well"], omitted: 0)
    }

    @Test func idsThatWereFilteredAwayAreNowhere() {
        let narrowed = cascade.narrowed(to: ["c", "d"])
        #expect(narrowed.windows.map(\.findings) == [["c"], ["d"]])
        #expect(narrowed.edges.map(\.from) == [0] && narrowed.edges.map(\.to) == [1], "renumbered")
        #expect(narrowed.windows.map(\.ending) == [.withTrigger(nil), .outlived(0, by: 5)])
        #expect(narrowed.unaffected == ["well"])
    }

    @Test func allOfThemIsAll() {
        let narrowed = cascade.narrowed(to: ["a", "b", "c", "d"])
        #expect(narrowed.windows.map(\.findings) == cascade.windows.map(\.findings))
        #expect(narrowed.windows.map(\.ending) == cascade.windows.map(\.ending))
        #expect(narrowed.edges.count == 2)
    }
}
