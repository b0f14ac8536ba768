import EventModel
import Foundation
import Testing

@testable import Reporting

/// The page's data: columns that say what the findings and the events say.
@Suite struct ReportPageTests {
    private func page(_ race: RaceFeed, limit: Int = 1_000) -> ReportPage {
        var options = PageOptions()
        options.limit = limit
        var builder = PageBuilder(
            race.report, FindingList(race.report.findings), options,
            name: { [symbols = race.feed.symbols] in symbols[$0] })
        race.feed.run(&builder)
        var page = builder.finish()
        page.story = race.story()
        return page
    }

    /// The data as a script would see it.
    private struct Data {
        let root: [String: Any]

        init(_ page: ReportPage) throws {
            let value = try JSONSerialization.jsonObject(with: Foundation.Data(PageData.write(page)))
            root = try #require(value as? [String: Any])
        }

        var strings: [String] { root["strings"] as? [String] ?? [] }
        func column(_ table: String, _ name: String) -> [Int] { (root[table] as? [String: Any])?[name] as? [Int] ?? [] }
        func names(_ name: String) -> [String] { column("events", name).map { strings[$0] } }
        func list(_ name: String) -> [[String: Any]] { root[name] as? [[String: Any]] ?? [] }
    }

    @Test func everyEventOfASmallBundleStandsInCausalOrder() throws {
        let race = RaceFeed()
        let data = try Data(page(race))
        #expect(data.names("actor") == race.feed.events.map(\.actor))
        #expect(data.names("event") == race.feed.events.map(\.kind.name))
        var time = 0
        let times = data.column("events", "ms").map { step in
            time += step
            return time
        }
        #expect(times == race.feed.events.map { Int($0.time.nanoseconds / 1_000_000) })
        #expect((data.root["omitted"] as? [Any])?.isEmpty == true)
    }

    @Test func marksAreTheEvidence() throws {
        let race = RaceFeed()
        let data = try Data(page(race))
        let files = data.root["files"] as? [String] ?? []
        let marked = zip(data.column("marks", "event"), data.column("marks", "part")).map { event, part in
            "\(files[data.column("events", "file")[event]]):\(data.column("events", "line")[event]) \(data.strings[part])"
        }
        let evidence = race.report.findings.flatMap { finding in
            finding.evidence.map { item in
                "\(race.report.path(of: item.record.source)):\(item.record.line) \(item.part)"
            }
        }
        #expect(Set(marked) == Set(evidence) && marked.count == evidence.count)
    }

    @Test func theDiagramHoldsTheEvidenceAndDirectCauses() throws {
        let race = RaceFeed()
        let data = try Data(page(race))
        let diagram = try #require(data.list("diagrams").first)
        let events = try #require(diagram["events"] as? [Int])
        #expect(Set(data.column("marks", "event")).isSubset(of: Set(events)))
        let (from, to) = (diagram["from"] as? [Int] ?? [], diagram["to"] as? [Int] ?? [])
        #expect(!from.isEmpty && zip(from, to).allSatisfy { $0 < $1 }, "an edge leads back")
        // The planner's creation of 4 happened directly before a's check of it.
        let place = { (kind: EventKind, actor: String) in
            events.firstIndex { data.names("event")[$0] == kind.name && data.names("actor")[$0] == actor }
        }
        let check = try #require(place(.planChecked, "a"))
        let edges = zip(from, to).map { (data.names("event")[events[$0]], $1) }
        #expect(edges.contains { $0.0 == "plan.created" && $0.1 == check })
        #expect(diagram["pivot"] as? Int == race.write)
    }

    @Test func theActiveGenerationIsWrittenByWhoWroteIt() throws {
        let data = try Data(page(RaceFeed()))
        let steps = try #require(data.list("generations").first)
        #expect(steps["plan"] as? [Int] == [9, 4, 10])
        #expect((steps["actor"] as? [Int])?.map { data.strings[$0] } == ["b", "a", "operator"])
    }

    /// What there is no room for goes by rank, and is counted.
    @Test func evidenceStaysWhereThereIsLittleRoom() throws {
        let race = RaceFeed(endpoints: 400)
        let data = try Data(page(race, limit: 10))
        let marks = Set(data.column("marks", "event"))
        #expect(marks.count == 4, "evidence was left out")
        let events = data.column("events", "actor").count
        let omitted = (data.root["omitted"] as? [[Any]] ?? []).compactMap { $0.last as? Int }.reduce(0, +)
        #expect(events < 500 && omitted > 0)
        #expect(data.names("event").contains(EventKind.recordRestored.name), "the operator's act was left out")
    }

    @Test func namesAreExactWhateverTheyAre() throws {
        let name = "</script><img src=x onerror=1>\u{202E}\u{0}\"'"
        let data = try Data(page(RaceFeed(endpoint: name, actorA: "<b>a\u{1B}")))
        #expect(data.strings.contains { $0.utf8.elementsEqual(name.utf8) })
        #expect(data.names("actor").contains("<b>a\u{1B}"))
    }

    @Test func theFileHoldsNothingOfTheLogsAsItIs() throws {
        var bytes: [UInt8] = []
        try ReportPageFile.write(page(RaceFeed(endpoint: "h0stile<script>", reason: "h0stile"))) { bytes += $0 }
        let text = String(decoding: bytes, as: UTF8.self)
        #expect(!text.contains("h0stile"))
        #expect(!text.contains("{{"), "a slot of the frame is empty")
        #expect(text.contains("default-src 'none'; script-src 'sha256-"))
        #expect(text.split(separator: "<script", omittingEmptySubsequences: false).count == 3)
        var again: [UInt8] = []
        try ReportPageFile.write(page(RaceFeed(endpoint: "h0stile<script>", reason: "h0stile"))) { again += $0 }
        #expect(bytes == again, "two pages of the same differ")
    }
}
