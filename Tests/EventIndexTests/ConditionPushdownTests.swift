import CausalAnalysis
import EventModel
import LogReading
import Testing

@testable import EventIndex

/// SQL over an index reads the frames that can hold what it asks for and no others, and gives the rows that tables of all events give.
@Suite struct ConditionPushdownTests {
    /// Two actors with a log each. Plans and times only grow, so that a frame whose bounds allow a value holds it.
    private static func bundle() throws -> IndexedBundle {
        let bundle = try IndexedBundle()
        for (actor, file) in [("a", "1.log"), ("b", "2.log")] {
            var text = ""
            for i in 0..<400 {
                let endpoint = actor == "a" && (150..<153).contains(i) ? "rare" : "common-\(i / 100)"
                let event = actor == "b" && i == 300 ? "odd" : "plan.applied"
                let time = start + Int64(i) * 1_000_000 + (actor == "a" ? 0 : 500_000)
                text += #"{"ts":\#(time),"actor":"\#(actor)","vc":{"\#(actor)":\#(i + 1)},"event":"\#(event)","#
                text += #""endpoint":"\#(endpoint)","plan":\#(i / 40),"records":\#(i % 7)}"# + "\n"
            }
            try bundle.write(file, text)
        }
        try bundle.index()
        return bundle
    }

    private static let start: Int64 = 1_760_940_000_000_000_000

    @Test(
        "only the frames that hold a row are read",
        arguments: [
            "endpoint = 'rare'", "endpoint GLOB 'ra*'", "endpoint IN ('rare', 'common-3')", "actor = 'b'",
            "actor GLOB 'b'",
            "event = 'odd'", "plan = 5", "plan BETWEEN 3 AND 4", "plan >= 8", "plan <= 0",
            "ts BETWEEN \(start + 100_000_000) AND \(start + 120_000_000)", "ts >= \(start + 390_000_000)",
            "seq BETWEEN 10 AND 20", "seq = 400", "file = '1.log' AND line = 7", "endpoint = 'rare' AND plan = 3",
            "endpoint = 'common-1' AND actor = 'a' AND plan >= 4 AND ts >= \(start + 170_000_000)",
        ])
    func reads(_ condition: String) throws {
        let answer = try Answer(to: condition)
        #expect(!answer.rows.isEmpty, "\(condition) asks for nothing, and tests nothing")
        #expect(answer.framesRead == answer.framesHolding, "\(condition) of \(answer.frames) frames")
        #expect(answer.framesRead < answer.frames)
    }

    @Test(
        "no frame is read for what none can hold",
        arguments: [
            "endpoint = 'nobody'", "endpoint GLOB 'no*'", "actor = 'c'", "event = 'never'", "plan > 99",
            "plan >= 5 AND plan <= 4",
            "ts < \(start - 1)", "seq < 0", "endpoint = 'rare' AND plan = 9", "file = '1.log' AND line = 401",
        ])
    func readsNothing(_ condition: String) throws {
        let answer = try Answer(to: condition)
        #expect(answer.rows.isEmpty)
        #expect(answer.framesRead == 0, "\(condition) reads frames")
    }

    @Test(
        "what an index cannot tell is looked for in every frame, and found",
        arguments: [
            "records = 3", "lower(endpoint) = 'rare'", "endpoint = 'RARE' COLLATE NOCASE", "endpoint LIKE 'RARE'",
            "endpoint = 'rare' OR plan = 5", "plan IS NOT NULL", "plan + 0 = 5",
        ])
    func readsAll(_ condition: String) throws {
        let answer = try Answer(to: condition)
        #expect(!answer.rows.isEmpty)
        #expect(answer.framesRead == answer.frames, "\(condition) misses frames")
    }

    /// What SQL gave over the index, after it was found to be what it gives over tables.
    private struct Answer {
        var rows: [String]
        /// How many frames there are, how many hold one of the rows, and how many were read.
        var frames: Int
        var framesHolding: Int
        var framesRead: Int

        init(to condition: String) throws {
            let bundle = try ConditionPushdownTests.bundle()
            let index = try #require(try bundle.open())
            let query = try SavedQuery(name: "q", text: "-- t\nSELECT * FROM events WHERE \(condition) ORDER BY seq")
            let store = try EventStore(reading: try IndexedEvents(index))
            rows = try query.rows(of: try store.seal())
            framesRead = index.framesRead
            let tables = try bundle.tables()
            #expect(try query.rows(of: tables) == rows, "\(condition) gives other rows over the index")
            let places = try SavedQuery(name: "q", text: "-- t\nSELECT file, line FROM events WHERE \(condition)")
            let table = try index.frames()
            frames = table.count
            var holding: Set<Int> = []
            try tables.run(
                places, header: { _ in },
                row: { row in
                    guard case .text(let file) = row[0], case .integer(let line) = row[1] else { return false }
                    for (number, frame) in table.enumerated() {
                        let lines = Int64(frame.firstLine)..<Int64(frame.firstLine) + Int64(frame.lines)
                        if index.summary.sources[frame.source] == file, lines.contains(line) { holding.insert(number) }
                    }
                    return true
                })
            framesHolding = holding.count
        }
    }
}
