import EventModel
import Testing

@testable import Reporting

@Suite("The timeline as text to paste")
struct TimelineTextTests {
    private func render(
        _ race: RaceFeed, detail: Bool = true, annotations: Annotations? = nil,
        _ change: (inout TimelineText.Options) -> Void = { _ in }
    ) -> [String] {
        var options = TimelineText.Options()
        change(&options)
        return TimelineText.render(race.story(annotations), detail ? race.timeline() : nil, options)
    }

    /// The cells of a table's line as GitHub cuts it: at every pipe that no backslash precedes.
    private func cells(_ line: Substring) -> Int {
        line.split(separator: "|", omittingEmptySubsequences: false).count - 2
    }

    @Test("It reads like this")
    func golden() throws {
        let pages = render(RaceFeed())
        #expect(pages.count == 1)
        #expect(try pages[0] == fixture("timeline.md"), "\(pages[0])")
    }

    @Test(
        "Whatever the names, tables keep their cells and lines, and nothing opens markup",
        arguments: [nil, .github, .gitlab, .slack, .docs] as [TimelinePlace?])
    func hostile(place: TimelinePlace?) {
        var generator = SeededGenerator(state: 5)
        for _ in 0..<60 {
            let race = RaceFeed(
                endpoint: Hostile.text(&generator), actorA: Hostile.text(&generator), reason: Hostile.text(&generator),
                endpoints: 3)
            let page = render(race) { $0.place = place }[0]
            #expect(!page.unicodeScalars.contains { $0 != "\n" && VisibleText.hides($0) })
            if place == .slack { continue }
            var width: Int?
            for line in page.split(separator: "\n", omittingEmptySubsequences: false) {
                guard line.hasPrefix("|") else { width = nil; continue }
                if let width { #expect(cells(line) == width, "\(line)") } else { width = cells(line) }
            }
            let fences = page.split(separator: "\n").count { ["```", "```text", "```mermaid"].contains($0) }
            #expect(fences % 2 == 0, "a fence is left open")
        }
    }

    @Test("Pages keep to the limit, and each row is on just one", arguments: [8192, 10_000, 20_000])
    func pages(limit: Int) {
        let race = RaceFeed()
        var timeline = race.timeline()
        let row = timeline.rows[5]
        timeline.rows = (0..<200).map { index in
            var copy = row
            copy.what = "row-\(index)-" + String(repeating: "|", count: index)
            return copy
        }
        var options = TimelineText.Options()
        options.maxBytes = limit
        let pages = TimelineText.render(race.story(), timeline, options)
        #expect(pages.count > 1)
        #expect(pages.allSatisfy { $0.utf8.count <= limit })
        for index in 0..<200 {
            #expect(pages.count { $0.contains("row-\(index)-") } == 1, "row \(index)")
        }
        #expect(pages.dropFirst().filter { $0.contains("row-") }.allSatisfy { $0.contains("| row | UTC |") })
        #expect(pages[0].contains("[next](timeline-2.md)"))
        #expect(pages[1].contains("[previous](timeline.md)"))
        #expect(pages[1].contains("](timeline.md#f1)"), "a finding is linked on the page where it stands")
    }

    @Test("In another zone each time says which")
    func zone() {
        let page = render(RaceFeed()) { $0.offset = 7200 }[0]
        #expect(page.contains("| +02:00 | Δ |") && page.contains("08:47:58+02:00"))
        #expect(page.contains("08:47:58.113") && !page.contains("06:47:58"))
    }

    @Test("The same report gives the same bytes")
    func deterministic() {
        #expect(render(RaceFeed()) == render(RaceFeed()))
    }

    @Test(
        "On very many findings each place's limit holds, the first page stands, and what was cut is named",
        arguments: TimelinePlace.allCases)
    func places(place: TimelinePlace) throws {
        var sample = Sample()
        for index in 0..<10_000 {
            var finding = Finding(
                kind: .serviceImpact, severity: .high, confidence: .measured,
                at: Sample.write.advanced(by: Int64(index) * Nanoseconds.minute), isWindow: true)
            finding.service = "service-\(index)|`<b>"
            sample.findings.append(finding)
        }
        let report = sample.report()
        let list = FindingList(report.findings)
        let story = Story(
            incident: Incident(report, list, list.groups), milestones: [], explanation: nil, omittedActs: 0, actors: [])
        var options = TimelineText.Options()
        options.place = place
        options.bundle = ["my logs"]
        let text = try #require(TimelineText.render(story, nil, options).first)
        #expect(text.utf8.count <= place.limit)
        #expect(text.contains("Trigger") && text.contains("Impact"), "the first page was cut")
        #expect(text.contains("Cut to fit"), "nothing says that something was cut")
        #expect(
            text.contains("inquest timeline 'my logs' -o timeline.md"),
            "nothing says how to get the whole: \(text.suffix(400))")
        #expect(text.contains("Findings") && text.contains("How good the logs are"), "what was cut is not named")
    }

    @Test("Evidence becomes links by a template, of http and https alone, whatever the file is called")
    func links() throws {
        for bad in [
            "javascript:alert({line})", "file:///{file}", "//x/{file}", "https:///{file}", "https://x/{file} y",
            "https://x/)",
            "https://x/y", "data:text/html,{file}", "https://x/{file}\"", "https://x/<{file}>",
        ] {
            #expect(throws: LinkTemplate.Failure.self, "\(bad)") { try LinkTemplate(bad) }
        }
        let template = try LinkTemplate("https://logs.example/{file}?l={line}")
        #expect(
            template.address(file: "a b/ü)\"<.log", line: 7) == "https://logs.example/a%20b/%C3%BC%29%22%3C.log?l=7")
        let page = render(RaceFeed()) { $0.links = template }[0]
        #expect(page.contains("[a.log:80](https://logs.example/a.log?l=80)"), "\(page)")
    }

    @Test("What a pattern matches and actors' names are hidden everywhere, and counted")
    func redaction() throws {
        let race = RaceFeed(endpoint: "secret.db.example", actorA: "enactor-az1", reason: "token=abc")
        let text = render(race) {
            $0.redaction = Redaction(patterns: [], hidesActors: true)
        }[0]
        for name in ["enactor-az1", "planner", "operator.log"] { #expect(!text.contains(name), "\(name) is shown") }
        #expect(text.contains("Redacted: ") && text.contains("of 5 actors"))
        let plain = render(race)[0]
        #expect(plain.contains("token=abc") && plain.contains("secret.db.example"))
    }

    @Test("Annotations add entries, name, note and hide by lasting id, and say what no longer matches")
    func annotations() throws {
        let race = RaceFeed()
        let id = try #require(FindingList(race.report.findings).ids.first)
        let named = try Annotations(
            yaml: """
                entries:
                  - at: 2025-10-20T07:05:00Z
                    who: on-call
                    what: customers report <b>errors</b>
                findings:
                  - id: \(id)
                    name: the lost record
                    note: fixed in release 12
                  - id: zzzzzzzzzz
                    hide: true
                """, file: "notes.yaml")
        let text = render(race, annotations: named)[0]
        #expect(text.contains("| 07:05:00 | +17 min 1 s | customers report `<b>errors</b>` | on-call |"), "\(text)")
        #expect(text.contains("[F1 the lost record](#f1)") && text.contains("**Note**: fixed in release 12"), "\(text)")
        #expect(text.contains("annotation without effect: no finding has the id zzzzzzzzzz any more"))
        let hidden = try Annotations(yaml: "findings: [{id: \(id), hide: true}]", file: "notes.yaml")
        let without = render(race, detail: false, annotations: hidden)[0]
        #expect(!without.contains("F1 overwrite") && without.contains("1 finding hidden by the annotations: F1"))
        for (yaml, message) in [
            ("entries: [{at: yesterday, what: x}]", "at is not a time"),
            ("findings: [{name: x}]", "a finding needs its id"),
            ("entry: []", "an annotation file has no "),
            ("findings: [{id: a, hide: maybe}]", "neither true nor false"),
        ] {
            #expect {
                try Annotations(yaml: yaml, file: "notes.yaml")
            } throws: { "\($0)".contains(message) }
        }
    }

    @Test("A figure is a picture and nothing else, whatever the names, in both themes")
    func figures() throws {
        var generator = SeededGenerator(state: 11)
        for _ in 0..<100 {
            let race = RaceFeed(endpoint: Hostile.text(&generator), actorA: Hostile.text(&generator), endpoints: 2)
            let (files, shown) = ReportFigures.all(race.story(), offset: 0)
            #expect(files.map(\.name) == ["overview.svg", "overview-dark.svg"] && shown.map(\.name) == ["overview"])
            for file in files {
                let tags = file.text.matches(of: /<\/?(svg|title|rect|line|text)\b/).count
                #expect(tags == file.text.count { $0 == "<" }, "an element comes from the logs: \(file.text)")
                #expect(!file.text.unicodeScalars.contains { $0 != "\n" && VisibleText.hides($0) })
            }
        }
    }
}
