import EventIndex
import Testing

/// Every built-in query, on the small store. The expected rows are worked out by hand from `SmallStore.events`.
@Suite struct QueriesTests {
    /// A query's parameters and its answer, columns first.
    struct Case: Sendable {
        var parameters: [String: String] = [:]
        var rows: [String]
    }

    static let cases: [String: Case] = [
        "events-of-endpoint": Case(
            parameters: ["endpoint": "db.example", "since": "2025-10-20T06:47:22", "limit": "2"],
            rows: [
                "seq|time|actor|event|plan|outcome|replaces|commit_no|records|attempt|latency_ms|error|reason|record",
                "6|2025-10-20T06:47:22.000000000Z|slow|plan.applied|4|timeout||||1||no answer||slow.log:2",
                "7|2025-10-20T06:47:23.000000000Z|slow|plan.applying|4|||||2||||slow.log:3",
            ]),
        "last-writer": Case(rows: [
            "endpoint|time|writer|plan|newest|event|records|record",
            "db.example|2025-10-20T06:47:24.250000000Z|slow|4|9|plan.applied|3|slow.log:4",
            "web.example|2025-10-20T06:47:25.000000000Z|fast|9|9|plan.applied||fast.log:3",
        ]),
        "plans-behind": Case(rows: [
            "endpoint|time|writer|plan|newest|behind", "db.example|2025-10-20T06:47:24.250000000Z|slow|4|9|5",
        ]),
        "who-waited-on-whom": Case(rows: [
            "waiter|waited_on|waits|endpoints|retries|total_ms|longest_ms", "slow|fast|1|1|1|23250.0|23250.0",
        ]),
        "slowest-applies": Case(
            parameters: ["limit": "3"],
            rows: [
                "ms|time|actor|endpoint|plan|outcome|attempt|record",
                "21000.0|2025-10-20T06:47:22.000000000Z|slow|db.example|4|timeout|1|slow.log:2",
                "1250.0|2025-10-20T06:47:24.250000000Z|slow|db.example|4|ok|2|slow.log:4",
                "500.0|2025-10-20T06:47:21.500000000Z|fast|db.example|9|ok||fast.log:2",
            ]),
        "deepest-backlogs": Case(rows: [
            "queue|actor|depth|time|oldest_s|record",
            "leases|worker|4711|2025-10-20T06:48:30.000000000Z|90.5|worker.log:2",
            "mail|worker|5|2025-10-20T06:48:31.000000000Z||worker.log:3",
        ]),
        "events-a-minute": Case(
            parameters: ["event": "[pq]*.[sa]*ed"],
            rows: [
                "minute|event|events|failed|actors", "2025-10-20T06:47:00.000000000Z|plan.applied|4|1|2",
                "2025-10-20T06:47:00.000000000Z|queue.sampled|1|0|1",
                "2025-10-20T06:48:00.000000000Z|queue.sampled|2|0|1",
            ]),
        "refusals-by-actor": Case(rows: [
            "actor|endpoint|outcome|writes|first|last|plans|error",
            "slow|db.example|timeout|1|2025-10-20T06:47:22.000000000Z|2025-10-20T06:47:22.000000000Z|1|no answer",
        ]),
        "silent-actors": Case(rows: [
            "actor|seconds|since|returned|after|record",
            "planner|71.0|2025-10-20T06:47:20.000000000Z||plan.created|planner.log:2",
            "slow|66.75|2025-10-20T06:47:24.250000000Z||plan.applied|slow.log:4",
            "fast|66.0|2025-10-20T06:47:25.000000000Z||plan.applied|fast.log:3",
            "worker|60.0|2025-10-20T06:47:30.000000000Z|2025-10-20T06:48:30.000000000Z|queue.sampled|worker.log:1",
        ]),
        "writes-over-newer": Case(rows: [
            "time|writer|endpoint|plan|displaced|reason|finding|record",
            "2025-10-20T06:47:24.250000000Z|slow|db.example|4|9||F1|slow.log:4",
        ]),
        "evidence-of-finding": Case(
            parameters: ["finding": "F1"],
            rows: [
                "part|time|actor|event|endpoint|plan|outcome|record|raw",
                "the write|2025-10-20T06:47:24.250000000Z|slow|plan.applied|db.example|4||slow.log:4|{\"seq\":8}",
            ]),
    ]

    @Test("every saved query gives the answer worked out by hand", arguments: cases.keys.sorted())
    func answers(_ name: String) throws {
        let expected = try #require(QueriesTests.cases[name])
        #expect(try SmallStore.answer(name, expected.parameters) == expected.rows)
    }

    @Test("every file in Queries/ has a case here, a title, and parameters that say what they are")
    func complete() throws {
        let folder = QueryFolders([])
        #expect(QueryFolders([SmallStore.queries]).names() == BuiltInQueries.names, "a file is not built in")
        #expect(folder.names() == QueriesTests.cases.keys.sorted())
        for name in folder.names() {
            let query = try folder.query(name)
            #expect(!query.title.isEmpty, "\(name) says in its first line what it answers")
            for parameter in query.parameters { #expect(!parameter.meaning.isEmpty, "\(name) :\(parameter.name)") }
        }
    }

    @Test("a finding's evidence is found by its id too, and nothing by another's")
    func findingByID() throws {
        #expect(try SmallStore.answer("evidence-of-finding", ["finding": "stale-plan-overwrite:1"]).count == 2)
        #expect(try SmallStore.answer("evidence-of-finding", ["finding": "F2"]).count == 1)
    }

    @Test("times given from the last event, in a pattern and as Unix seconds narrow the answer")
    func narrowed() throws {
        #expect(try SmallStore.answer("events-a-minute", ["since": "-1s"]).count == 2)
        #expect(try SmallStore.answer("events-a-minute", ["until": "@\(SmallStore.start)"]).count == 2)
        #expect(try SmallStore.answer("last-writer", ["endpoint": "w*"]).count == 2)
    }
}
