import EventModel
import Foundation
import LogReading
import Testing

@testable import EventIndex

/// SQL gives over an index what it gives over tables of all events.
@Suite struct IndexedSQLTests {
    /// Conditions that an index narrows by, and others that it must not; whole rows, joins, and orders of all sorts.
    static let queries = [
        "SELECT count(*) AS n, min(seq), max(seq), sum(plan), max(ts) - min(ts), count(DISTINCT raw) FROM events",
        "SELECT *, typeof(role), typeof(depth), hex(endpoint) FROM events WHERE plan = 4 ORDER BY seq",
        "SELECT * FROM events WHERE endpoint = 'e1' AND plan BETWEEN 3 AND 5 ORDER BY seq",
        "SELECT seq, endpoint FROM events WHERE endpoint = 'E1' COLLATE NOCASE ORDER BY seq",
        "SELECT seq FROM events WHERE endpoint IN ('e2', 'e3/x', 'é') ORDER BY seq",
        "SELECT seq FROM events WHERE endpoint IN ('e2', 'b') AND actor = 'b' ORDER BY seq DESC LIMIT 5",
        "SELECT seq, actor FROM events WHERE endpoint GLOB 'e[12]' AND event GLOB '*.applied' AND actor GLOB 'a*' ORDER BY 1",
        "SELECT seq, plan FROM events WHERE plan > 7.5 OR plan = 2 ORDER BY plan, seq",
        "SELECT seq FROM events WHERE plan <= '3' AND seq > 20.5 AND seq <= 200 ORDER BY seq",
        "SELECT seq FROM events WHERE seq = 7 OR seq BETWEEN 100 AND 103 OR seq < 0 OR seq = 1e300 ORDER BY seq",
        "SELECT seq, time FROM events WHERE ts >= (SELECT max(ts) FROM events) - 30000000 ORDER BY seq",
        "SELECT e.seq, f.seq FROM events e JOIN events f ON f.seq = e.seq + 1 WHERE e.actor = f.actor ORDER BY 1",
        "SELECT e.raw FROM events e WHERE e.line = 5 AND e.file IN (SELECT file FROM events WHERE seq < 9) ORDER BY 1",
        "SELECT endpoint, count(*) AS n FROM events GROUP BY endpoint ORDER BY n DESC, endpoint",
        "SELECT * FROM events WHERE event = 'x' AND actor = 'c' ORDER BY seq",
        "SELECT * FROM events WHERE event IN ('x', 'plan.applied') AND endpoint = 'b' ORDER BY seq",
        "SELECT seq, inferred, counter, clock FROM events WHERE actor = 'd' ORDER BY seq",
    ]

    @Test("over an index, a temporary one, and tables", arguments: Array(UInt64(1)...3))
    func identity(seed: UInt64) throws {
        let bundle = try IndexedBundle()
        for log in randomLogs(seed: seed, events: 120) { try bundle.write(log.name, log.text) }
        try bundle.index()
        let tables = try bundle.tables()
        let folder = SmallStore.queries
        let given = ["endpoint": "e1", "finding": "F1"]
        let saved = try FileManager.default.contentsOfDirectory(atPath: folder).filter { $0.hasSuffix(".sql") }.map {
            try SavedQuery(name: $0, text: try String(contentsOfFile: folder + "/" + $0, encoding: .utf8))
        }
        let own = try IndexedSQLTests.queries.map { try SavedQuery(name: $0, text: "-- Own.\n" + $0) }
        #expect(saved.count > 6)
        for query in saved + own {
            let parameters = query.parameters.filter { $0.defaultText == nil }.map { parameter in
                (name: parameter.name, value: given[parameter.name] ?? "")
            }
            let wanted = try query.rows(of: tables, parameters)
            for index in [try #require(try bundle.open()), try bundle.temporaryIndex()] {
                let events = try IndexedEvents(index, mostPasses: 10_000)
                let rows = try query.rows(of: try EventStore(reading: events).seal(), parameters)
                #expect(rows == wanted, "seed \(seed), \(query.name)")
            }
        }
    }

    @Test("a temporary index that may take no more room says so, and what helps")
    func noRoom() throws {
        let bundle = try IndexedBundle()
        for log in randomLogs(seed: 1, events: 250) { try bundle.write(log.name, log.text) }
        var reading = ReadingOptions()
        reading.spoolLimit = 2000
        #expect(throws: IndexFault.full(limit: 2000)) { try bundle.temporaryIndex(reading) }
        #expect(IndexFault.full(limit: 2000).hint.contains("--spool"))
        reading.temporaryFolder = "/nowhere"
        #expect(throws: IndexFault.temporary(folder: "/nowhere", reason: "no such file or directory")) {
            try bundle.temporaryIndex(reading)
        }
    }
}
