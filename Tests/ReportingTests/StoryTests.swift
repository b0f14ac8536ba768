import EventModel
import Testing

@testable import Reporting

@Suite("The story of an incident")
struct StoryTests {
    private func facts(_ story: Story) -> [String: [String]] {
        let facts = StoryWords(story, TimeStyle(span: story.incident.report.span)).facts()
        return Dictionary(uniqueKeysWithValues: facts.map { ($0.term, $0.lines.map(\.text)) })
    }

    @Test("It says what broke, why, who repaired it and when, and what is not known")
    func race() throws {
        let facts = facts(RaceFeed().story())
        #expect(facts["Trigger"]?.first?.hasPrefix("06:47:58Z a wrote plan 4 over plan 9") == true, "\(facts)")
        #expect(facts["Detected"]?.first?.contains("2 h 36 min after the trigger") == true)
        #expect(
            facts["Repaired"] == [
                "09:24:38Z F1 overwrite ended, after 09:24:38Z operator: restores db.example as plan 10 (by hand) (operator.log:1)"
            ])
        #expect(facts["Mitigations"] == ["none beside the repair is in the logs"])
        #expect(facts["Not known"]?.isEmpty == false)
    }

    @Test("Rows are acts and turning points in causal order, and no sample or look-up")
    func milestones() throws {
        let race = RaceFeed()
        let rows = Milestones(race.story().milestones).rows
        #expect(rows.map(\.order) == rows.map(\.order).sorted())
        #expect(rows.count == 5, "\(rows.map(\.what))")
        #expect(rows.count(where: \.isPivot) >= 1)
        #expect(!rows.contains { $0.record?.kind == .queueSampled || $0.record?.kind == .resolveOK })
        let write = try #require(rows.first { $0.record?.line == 80 })
        #expect(write.concurrent.count == 2, "neither the displaced write nor the deletion is connected with it")
    }

    @Test("Where there is no room the weightiest rows stay, and the others are named")
    func cut() {
        let rows = (0..<100).map { index in
            Milestone(
                what: .entry("row \(index)"), order: UInt64(index), time: Sample.write, who: [], groups: [],
                record: nil, rank: index % 10 == 0 ? 0 : 1)
        }
        let chosen = Milestones(rows.shuffled())
        #expect(chosen.rows.count == Milestones.limit && chosen.cut.count == 100 - Milestones.limit)
        #expect(chosen.rows.count { $0.rank == 0 } == 10 && chosen.cut.allSatisfy { $0.rank == 1 })
        #expect(chosen.rows.map(\.order) == chosen.rows.map(\.order).sorted())
        let words = MilestoneWords(RaceFeed().story(), TimeStyle(span: nil)).cut(chosen.cut).text
        #expect(words.hasPrefix("55 rows of less weight cut: ") && words.contains("and 43 more"))
    }

    @Test("What may have begun later stands later, with the moment by which it had")
    func uncertainBegin() throws {
        var sample = Sample()
        sample.addRace()
        var backlog = Finding(
            kind: .backlogOnset, severity: .high, confidence: .proven, at: Sample.write.advanced(by: -1), until: nil,
            isWindow: true)
        backlog.queue = "q"
        backlog.began = backlog.at...Sample.deletion.advanced(by: Nanoseconds.second)
        sample.findings.append(backlog)
        let report = sample.report()
        let list = FindingList(report.findings)
        let incident = Incident(report, list, list.groups)
        let kinds = incident.byBeginning(incident.told).map { incident.group($0).kind }
        #expect(kinds == [.stalePlanOverwrite, .endpointEmptied, .backlogOnset])
        #expect(incident.trigger.map { incident.group($0).kind } == .stalePlanOverwrite)
    }

    @Test("Nothing found is said, with what was looked at")
    func nothing() {
        let report = Sample().report()
        let list = FindingList([])
        let story = Story(
            incident: Incident(report, list, []), milestones: [], explanation: nil, omittedActs: 0, actors: [])
        let facts = facts(story)
        #expect(facts["Found"]?.first?.hasPrefix("Nothing was judged") == true, "\(facts)")
        #expect(facts["Looked at"] == ["2025-10-20 05:48:00Z to 2025-10-20 21:35:00Z"])
        #expect(!TimelineText.render(story).joined().contains("## Findings"))
    }
}
