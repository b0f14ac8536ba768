import EventModel
import Testing

@testable import Reporting

@Suite("The timeline's choice of events")
struct TimelineTests {
    private func row(_ timeline: Timeline, _ what: String) throws -> Int {
        try #require(
            timeline.rows.firstIndex { $0.what.hasPrefix(what) }, "no row '\(what)' in \(timeline.rows.map(\.what))")
    }

    @Test("Evidence has rows of its own; like events around it are folded; what is far is counted")
    func choice() throws {
        let race = RaceFeed()
        let timeline = race.timeline()
        #expect(
            timeline.rows.map(\.what) == [
                "creates generation 4", "checks 4: 3 is active", "5 generations created", "39 writes",
                "writes 9, displacing 3", "writes 4 over the newer 9 (commit 7)", "deletes 4",
                "restores the record as 10 (6 addresses): by hand",
            ])
        #expect(timeline.rows[3].endpointCount == 39)
        #expect(timeline.rows[2].plans == 5...9)
        #expect(timeline.rows[5].isPivot)
        #expect(timeline.omissions.map(\.count) == [31, 39])
    }

    @Test("The first failure that clients feel has its row, whatever else there is room for")
    func symptom() throws {
        var race = RaceFeed()
        let harm = Sample.write.advanced(by: Nanoseconds.second)
        func fail(_ milliseconds: Int64, _ kind: EventKind, _ endpoint: String) {
            race.feed.add(
                .init(
                    time: harm.advanced(by: milliseconds * Nanoseconds.millisecond), actor: "client", kind: kind,
                    endpoint: endpoint))
        }
        for index in 0..<30 { fail(Int64(index) - 2_000, .resolveFailed, "db.example") }
        fail(90, .resolveFailed, "elsewhere.example")
        for index in 0..<200 {
            fail(100 + Int64(index), index % 2 == 0 ? .resolveFailed : .resolveOK, "db.example")
            fail(100 + Int64(index), .leaseFailed, "droplet-\(index)")
        }
        race.report.symbols = race.feed.symbols
        var options = TimelineOptions()
        options.limit = 20
        let timeline = race.timeline(options)
        let first = try #require(
            timeline.rows.first { $0.count == 1 && $0.what == "resolve.failed" }, "\(timeline.rows.map(\.what))")
        #expect(first.first.time == harm.advanced(by: 100 * Nanoseconds.millisecond) && first.endpoint == "db.example")
        #expect(timeline.rows.count { $0.count == 1 && $0.what == "lease.failed" } == 1, "one row for each kind")
    }

    @Test("Direct causes are the nearest; the overwrite and what it displaced are concurrent")
    func causes() throws {
        let timeline = RaceFeed().timeline()
        let write = try row(timeline, "writes 4")
        let displaced = try row(timeline, "writes 9")
        let check = try row(timeline, "checks 4")
        let creation = try row(timeline, "creates generation 4")
        #expect(timeline.rows[check].causes == [creation])
        #expect(
            timeline.rows[write].causes == [try row(timeline, "39 writes")], "what its actor did last, not the check")
        #expect(timeline.rows[write].concurrent.contains(displaced))
        #expect(timeline.rows[displaced].concurrent.contains(write))
        #expect(timeline.rows[displaced].causes == [try row(timeline, "5 generations")])
    }

    @Test("Every event is in a row or counted as left out", arguments: [20, 40, 600], [false, true])
    func complete(limit: Int, all: Bool) {
        let race = RaceFeed(endpoints: 300)
        var options = TimelineOptions()
        options.limit = limit
        options.all = all
        let timeline = race.timeline(options)
        let shown = timeline.rows.reduce(UInt64(0)) { $0 + $1.count }
        #expect(shown + timeline.omissions.reduce(0) { $0 + $1.count } == race.report.counts.events)
        #expect(timeline.rows.count <= max(20, limit) + 6)
    }

    @Test("A fold ends where another row knows only a part of it")
    func fold() {
        var feed = EventFeed()
        let at = { (second: Int64) in Sample.write.advanced(by: second * Nanoseconds.second) }
        let first = feed.add(.init(time: at(0), actor: "p", kind: .planCreated, plan: 1))
        let seen = feed.add(.init(time: at(1), actor: "a", kind: .planChecked, plan: 1, after: [first]))
        feed.add(.init(time: at(2), actor: "p", kind: .planCreated, plan: 2))
        feed.add(.init(time: at(3), actor: "p", kind: .planCreated, plan: 3))
        var finding = Finding(
            kind: .stalePlanOverwrite, severity: .high, confidence: .proven, at: at(1),
            evidence: [.init(part: "its check", record: feed.references[seen])])
        finding.plan = 1
        let report = Report(
            bundle: BundleSummary(name: "b"), span: nil, counts: .init(), findings: [finding], quality: Quality(),
            symbols: feed.symbols)
        var builder = TimelineBuilder(report, FindingList([finding]), name: { [symbols = feed.symbols] in symbols[$0] })
        feed.run(&builder)
        let timeline = builder.finish()
        #expect(timeline.rows.map(\.count) == [1, 1, 2])
        #expect(timeline.rows.map(\.causes) == [[], [0], [0]])
    }

    @Test("An endpoint's own timeline holds its events and no other endpoint's")
    func endpoint() throws {
        var options = TimelineOptions()
        options.endpoints = [try Glob("db.*")]
        let timeline = RaceFeed().timeline(options)
        #expect(timeline.rows.allSatisfy { $0.endpoint == nil || $0.endpoint == "db.example" || $0.endpointCount > 1 })
        #expect(timeline.rows.contains { $0.isPivot })
        options.endpoints = [try Glob("7.example")]
        let other = RaceFeed().timeline(options)
        #expect(other.groups.isEmpty)
        #expect(other.rows.contains { $0.endpoint == "7.example" })
    }
}
