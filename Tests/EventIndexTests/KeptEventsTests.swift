import CausalAnalysis
import EventModel
import LogReading
import Testing

@testable import EventIndex

/// What is kept while a bundle is analyzed gives what reading it again gives; where the budget does not allow that, nothing.
@Suite struct KeptEventsTests {
    private func bundle(_ seed: UInt64) throws -> IndexedBundle {
        let bundle = try IndexedBundle()
        for log in randomLogs(seed: seed, events: 300) { try bundle.write(log.name, log.text) }
        return bundle
    }

    @Test("whatever the budget, an answer is the one that a scan gives", arguments: Array(UInt64(1)...4))
    func identity(seed: UInt64) throws {
        let bundle = try bundle(seed)
        for (name, filter) in try BundleIndexTests.filters() {
            let scanned = try bundle.scan(filter)
            var budgets = 0
            for budget in [0, 5000, 1 << 20] {
                let kept = try Kept(bundle, KeptEvents.Wanted(filter), budget: budget)
                budgets += kept.found == nil ? 0 : 1
                if let found = kept.found {
                    #expect(found == scanned, "seed \(seed), \(name), \(budget) bytes")
                } else {
                    #expect(!scanned.isEmpty && budget < 1 << 20, "seed \(seed), \(name): \(budget) bytes are enough")
                }
            }
            #expect(budgets >= 1 && (budgets < 3 || scanned.isEmpty), "seed \(seed), \(name): no budget is too small")
        }
    }

    @Test("the last events, although the end is known only at the end", arguments: Array(UInt64(1)...4))
    func lastEvents(seed: UInt64) throws {
        let bundle = try bundle(seed)
        let end = try #require(try bundle.scan(EventFilter()).compactMap(\.time).max())
        for span in [Int64(0), 20_000_000, 100_000_000, 10_000_000_000, .max] {
            var filter = EventFilter(actors: [try Glob("[abc]")])
            let first = Timestamp(nanoseconds: end).advanced(by: -span)
            filter.window = try TimeWindow(since: first, until: nil)
            let scanned = try bundle.scan(filter)
            for budget in [20_000, 1 << 20] {
                var wanted = KeptEvents.Wanted(EventFilter(actors: [try Glob("[abc]")]))
                wanted.last = span
                let kept = try Kept(bundle, wanted, budget: budget)
                let found = kept.found?.filter { ($0.time ?? 0) >= first.nanoseconds }
                if found == nil, budget < 1 << 20, span > 20_000_000 { continue }
                #expect(found == scanned, "seed \(seed), the last \(span) ns, \(budget) bytes")
            }
        }
    }

    @Test("what comes behind the limit is counted, and takes nothing of the budget")
    func limit() throws {
        let bundle = try bundle(3)
        let all = try bundle.scan(EventFilter())
        for limit in [1, 7, all.count, all.count + 1] {
            var wanted = KeptEvents.Wanted(EventFilter())
            wanted.limit = limit
            let kept = try Kept(bundle, wanted, budget: limit * 1000)
            #expect(kept.found == Array(all.prefix(limit)), "limit \(limit)")
            #expect(kept.behindLimit == max(0, all.count - limit), "limit \(limit)")
        }
    }

    @Test("records that were not kept are noticed")
    func records() throws {
        let bundle = try IndexedBundle()
        let start: Int64 = 1_760_940_000_000_000_000
        let lines = [("plan.checked", ""), ("plan.applied", #","endpoint":"e""#), ("other", ""), ("plan.created", "")]
        try bundle.write(
            "a.log",
            lines.enumerated().map { i, line in
                #"{"ts":\#(start + Int64(i)),"actor":"a","event":"\#(line.0)"\#(line.1),"plan":1}"# + "\n"
            }.joined())
        var wanted = KeptEvents.Wanted(EventFilter(endpoints: [try Glob("e")]))
        wanted.besides = [.planChecked]
        func found(_ lines: [UInt64]) throws -> [UInt64]? {
            let places = Set(lines.map { RecordPlace(source: SourceID(index: 0), line: $0) })
            return try Kept(bundle, wanted, budget: 1 << 20, with: places).found?.map(\.line)
        }
        #expect(try found([]) == [1, 2])
        #expect(try found([1, 2]) == [1, 2])
        #expect(try found([1, 3]) == nil, "line 3 was not kept")
        #expect(try found([4]) == nil, "line 4 was not kept")
        wanted.filter.window = try TimeWindow(since: Timestamp(nanoseconds: start + 1), until: nil)
        #expect(try found([]) == [2], "the check lies before the window")
    }

    @Test("names are counted whether their events are kept or not")
    func names() throws {
        let bundle = try bundle(5)
        try bundle.index()
        let index = try #require(try bundle.open())
        let kept = try Kept(bundle, KeptEvents.Wanted(EventFilter()), budget: 0)
        for criterion in EventFilter.Criterion.allCases {
            let counted = kept.names(criterion).map { "\($0.count) \($0.name)" }.sorted()
            #expect(counted == (try index.names(criterion).map { "\($0.count) \($0.name)" }.sorted()), "\(criterion)")
        }
    }
}

/// What was kept of a bundle.
private struct Kept {
    let found: [FoundEvent]?
    let behindLimit: Int
    let names: (EventFilter.Criterion) -> [(name: String, count: UInt64)]

    init(
        _ bundle: IndexedBundle, _ wanted: KeptEvents.Wanted, budget: Int, with records: Set<RecordPlace> = []
    ) throws {
        let logs = try Bundle.open(paths: [bundle.folder], options: ReadingOptions())
        let reader = try BundleReader(logs, options: ReadingOptions(), keepsText: true, blockSize: 600)
        var kept = KeptEvents(wanted, budget: budget, name: { reader.symbols[$0] })
        var supply = reader
        var order = try SettledOrder(&supply)
        _ = try Analysis.survey(&order, beside: &kept)
        var consumer = FoundEvents(filter: EventFilter(), name: { reader.symbols[$0] })
        found = kept.give(to: &consumer, with: records) ? consumer.found : nil
        behindLimit = kept.behindLimit
        names = { [kept] in kept.names($0, reader.symbols) }
    }
}

extension FoundEvent {
    /// The time that the record states.
    fileprivate var time: Int64? {
        raw.firstMatch(of: /"ts":(\d+)/).flatMap { Int64($0.1) }
    }
}
