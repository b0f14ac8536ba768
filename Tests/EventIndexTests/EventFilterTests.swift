import EventIndex
import EventModel
import Testing

@Suite struct EventFilterTests {
    private var symbols = SymbolTable()
    private let held = Held()

    /// A batch is never copied, so the suite's values share it.
    private final class Held {
        var batch = EventBatch()
    }

    init() {
        add(10, "slow", "plan.applied", "db.example", plan: 4)
        add(20, "fast", "plan.applied", "db.example", plan: 9)
        add(30, "fast", "plan.deleted", nil, plan: 4)
        add(40, "worker", "queue.sampled", nil, plan: nil)
        add(50, "fast", "plan.checked", "web.example", plan: 0)
    }

    private mutating func add(_ time: Int64, _ actor: String, _ event: String, _ endpoint: String?, plan: Int64?) {
        held.batch.time.append(time)
        held.batch.actor.append(symbols.intern(actor))
        held.batch.event.append(symbols.intern(event))
        held.batch.endpoint.append(endpoint.map { symbols.intern($0) } ?? .none)
        held.batch.valueStart.append(UInt32(held.batch.values.count))
        held.batch.fields.append(plan == nil ? [] : FieldSet(.plan))
        if let plan { held.batch.values.append(plan) }
    }

    /// The rows that match, from 1.
    private func rows(_ filter: EventFilter) -> [Int] {
        var filter = filter
        return held.batch.time.indices.filter { filter.matches(held.batch, row: $0, name: { symbols[$0] }) }.map {
            $0 + 1
        }
    }

    private func globs(_ patterns: String...) throws -> [Glob] {
        var globs: [Glob] = []
        for pattern in patterns { globs.append(try Glob(pattern)) }
        return globs
    }

    @Test("no condition lets everything pass")
    func all() {
        #expect(rows(EventFilter()) == [1, 2, 3, 4, 5])
    }

    @Test("of several globs any may match, of several conditions all must")
    func anyAndAll() throws {
        #expect(rows(EventFilter(endpoints: try globs("db.*", "web.example"))) == [1, 2, 5])
        #expect(rows(EventFilter(actors: try globs("fast"))) == [2, 3, 5])
        #expect(rows(EventFilter(events: try globs("plan.[ad]*"))) == [1, 2, 3])
        #expect(rows(EventFilter(endpoints: try globs("db.*"), actors: try globs("fast"))) == [2])
        #expect(rows(EventFilter(actors: try globs("nobody"))) == [])
    }

    @Test("an event without an endpoint matches no pattern for one, not even *")
    func withoutEndpoint() throws {
        #expect(rows(EventFilter(endpoints: try globs("*"))) == [1, 2, 5])
    }

    @Test("plans and times include both ends; an event without a plan is no plan")
    func ranges() throws {
        #expect(rows(EventFilter(plans: try PlanRange("4"))) == [1, 3])
        #expect(rows(EventFilter(plans: try PlanRange("4..9"))) == [1, 2, 3])
        #expect(rows(EventFilter(plans: try PlanRange("..4"))) == [1, 3, 5])
        #expect(rows(EventFilter(plans: try PlanRange("5.."))) == [2])
        let window = try TimeWindow(since: Timestamp(nanoseconds: 20), until: Timestamp(nanoseconds: 40))
        #expect(rows(EventFilter(window: window)) == [2, 3, 4])
    }

    @Test("names that come after the first rows are judged too")
    func laterNames() throws {
        var filter = EventFilter(actors: try globs("l*"))
        let first = filter.matches(held.batch, row: 0, name: { symbols[$0] })
        var later = self
        later.add(60, "latecomer", "plan.applied", nil, plan: nil)
        let last = filter.matches(later.held.batch, row: 5, name: { later.symbols[$0] })
        #expect(!first && last)
    }

    @Test("globs that match no name at all are told")
    func unmatched() throws {
        let filter = EventFilter(endpoints: try globs("db.*", "dynamo"))
        #expect(filter.unmatched(.endpoint, among: ["db.example", "web.example"]).map(\.pattern) == ["dynamo"])
        #expect(filter.unmatched(.actor, among: []).isEmpty)
    }

    @Test(
        "what is no range of plans is refused",
        arguments: [
            "", "..", "x", "-1", "+1", "1...3", "1..2..3", "1.2", "1,2", " 1", "1..x", "٣", "0x10",
        ])
    func badPlans(_ text: String) {
        #expect(throws: PlanRange.Failure.unreadable(text)) { try PlanRange(text) }
    }

    @Test("a range that is too large or the wrong way round says so")
    func rangeErrors() throws {
        let large = try #require(Generation(decimal: "36893488147419103240"))
        #expect(try PlanRange("9223372036854775808..").contains(large))
        #expect(try !PlanRange("..36893488147419103239").contains(large))
        let failure = #expect(throws: PlanRange.Failure.self) { try PlanRange("9..4") }
        #expect(failure == .reversed(9, 4))
        #expect(failure?.hint == "write 4..9")
        #expect(try PlanRange("9223372036854775807").contains(Generation(.max)))
    }
}
