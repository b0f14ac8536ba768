import Foundation
import Testing

/// The first page of a timeline answers what people ask after an outage. What must stand there is taken from the simulation's own truth, and the
/// same tests run on another seed, so that no text can be made for one bundle.
@Suite struct FirstPageTests {
    /// A timeline's first page: what stands under each term, and the milestones.
    struct Page {
        var facts: [String: String] = [:]
        var milestones: [String] = []
        let text: String

        init(_ text: String) {
            self.text = text
            var section = ""
            for line in text.split(separator: "\n") {
                if line.hasPrefix("#") { section = String(line.drop { $0 == "#" || $0 == " " }) }
                guard line.hasPrefix("| "), !line.hasPrefix("| ---") else { continue }
                if section == "Milestones" {
                    milestones.append(Page.plain(line))
                } else if let term = line.split(separator: "**").dropFirst().first, line.hasPrefix("| **"),
                    milestones.isEmpty
                {
                    facts[String(term)] = Page.plain(line)
                }
            }
            milestones = Array(milestones.dropFirst())
        }

        /// Without links and strong words.
        private static func plain(_ line: some StringProtocol) -> String {
            String(line).replacing(#/\[([^\]]*)\]\([^)]*\)/#) { String($0.output.1) }
                .replacingOccurrences(of: "**", with: "").replacingOccurrences(of: "`", with: "")
        }
    }

    /// `06:47:58`, `06:47`.
    private func clock(_ entry: [String: Any], _ key: String, seconds: Bool = false) -> String {
        String((entry[key] as? String ?? "").dropFirst(11).prefix(seconds ? 8 : 5))
    }

    private func text(_ entry: [String: Any], _ key: String) -> String { "\(entry[key] ?? "")" }

    @Test(arguments: [1, 7]) func theQuestionsAfterTheIncidentAreAnswered(seed: Int) throws {
        let folder = try Folder()
        let run = try SimulatedRun("us-east-1-2025-10-20", seed: seed, in: folder)
        let timeline = try Program.run(["timeline", run.bundle, "--quiet"])
        #expect(timeline.status == 0, "\(timeline.errors)")
        let page = Page(timeline.text)
        func says(_ term: String, _ words: String..., question: String) {
            let said = page.facts[term] ?? ""
            for word in words {
                #expect(
                    !word.isEmpty && said.contains(word),
                    "seed \(seed), \(question) '\(word)' does not stand under \(term): \(said)")
            }
        }
        let overwrite = try #require(run.facts("overwrites").first)
        let emptied = try #require(run.facts("emptied").first)
        let deletion = try #require(run.facts("deletions").first)
        let wedge = try #require(run.facts("wedges").first)
        // 1 and 2: what broke, since when.
        for impact in run.facts("impacts") {
            says("Impact", text(impact, "service"), question: "what broke?")
            says("Impact", clock(impact, "from"), question: "since when?")
        }
        says("Trigger", text(overwrite, "endpoint"), clock(overwrite, "at", seconds: true), question: "since when?")
        // 3 and 4: why, and who did what.
        says(
            "Trigger", text(overwrite, "actor"), text(overwrite, "plan"), text(overwrite, "displaced"),
            question: "who did what?")
        says(
            "Then", text(deletion, "actor"), text(deletion, "plan"), text(wedge, "refusals"), question: "who did what?")
        says("Why it was possible", "check", "nothing compared", question: "why?")
        // 5: what fixed it.
        says("Repaired", clock(emptied, "until", seconds: true), "operator", question: "what fixed it?")
        // 6: what lasted longer, and why.
        let repaired = text(emptied, "until")
        for backlog in run.facts("backlogs") where text(backlog, "end") > repaired {
            says("Outlived the repair", text(backlog, "queue"), question: "what lasted longer?")
        }
        for collapse in run.facts("collapses") {
            says(
                "Outlived the repair", "collapse of " + text(collapse, "actor") + "/" + text(collapse, "queue"),
                question: "why?")
        }
        // 7: what was not affected.
        let harmed = Set(run.facts("impacts").map { text($0, "service") })
        let unaffected = (page.facts["Not affected"] ?? "").split(separator: "|").last.map(String.init) ?? ""
        let names = Set(
            unaffected.split(separator: ":")[0].split(separator: ",").map { $0.trimmingCharacters(in: .whitespaces) })
        #expect(!names.isEmpty && names.isDisjoint(with: harmed), "\(names)")
        // 8: would a guard on the clean-up have been enough?
        let guardLine =
            (page.facts["Would have prevented it"] ?? "").components(separatedBy: "<br>")
            .first { $0.contains("a clean-up that spares the active plan") } ?? ""
        let parts = guardLine.components(separatedBy: "but does not prevent")
        #expect(
            parts.count == 2 && parts[0].contains("deletion") && parts.last?.contains("overwrite") == true,
            "\(guardLine)")
        // 9 and 10: what is not known, and how sure the rest is.
        says("Not known", text(overwrite, "actor"), question: "what is not known?")
        says("How sure", "proven", "overwrite", "measured", question: "how sure?")
        expectMilestones(page, run, seed)
    }

    /// Every act of an operator that changed something, and the first and last turning points, are rows.
    private func expectMilestones(_ page: Page, _ run: SimulatedRun, _ seed: Int) {
        #expect(page.milestones.count <= 45, "more rows than people read: \(page.milestones.count)")
        for row in page.milestones {
            #expect(
                !row.contains("queue.sampled") && !row.contains("resolve."), "a sample or a look-up is a row: \(row)")
        }
        let log =
            (try? Program.run(["query", run.bundle, "--actor", "operator", "--format", "jsonl", "--quiet"]).lines) ?? []
        let acts = log.compactMap { try? JSONSerialization.jsonObject(with: Data($0.utf8)) as? [String: Any] }
            .filter { $0["event"] as? String != "shift.started" }
        #expect(acts.count >= 10)
        for act in acts {
            let time = clock(act, "ts", seconds: true)
            #expect(
                page.milestones.contains { $0.contains(time) && $0.contains("operator") },
                "seed \(seed): no row for \(act["event"] ?? "") at \(time)")
        }
        let turns = run.facts("impacts").flatMap { [text($0, "from"), text($0, "until")] }.filter { $0.hasPrefix("2") }
        for time in [turns.min(), turns.max()].compactMap({ $0 }) {
            #expect(
                page.milestones.contains { $0.contains(time.dropFirst(11).prefix(5)) },
                "seed \(seed): no row at \(time)")
        }
    }

    @Test(arguments: [("race", 3), ("retry-storm", 2), ("quiet-day", 5)]) func otherIncidentsHaveAFirstPageToo(
        scenario: String, seed: Int
    ) throws {
        let folder = try Folder()
        let run = try SimulatedRun(scenario, seed: seed, in: folder)
        let timeline = try Program.run(["timeline", run.bundle, "--quiet"])
        #expect(timeline.status == 0 && timeline.text.utf8.count < 65_536, "\(timeline.errors)")
        let page = Page(timeline.text)
        let serious = run.findings.filter { $0["severity"] as? String != "info" }
        #expect((page.facts["Trigger"] == nil) == serious.isEmpty, "\(page.facts.keys)")
        #expect((page.facts["Found"] == nil) == !serious.isEmpty)
        // What only the sample has is said of nobody else.
        for word in ["dynamodb.us-east-1", "droplet", "zone failover"]
        where !serious.contains(where: { "\($0)".contains(word) }) {
            #expect(
                !page.facts.values.contains { $0.contains(word) },
                "\(scenario) is told with words of another incident: \(word)")
        }
    }
}
