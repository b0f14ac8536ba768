import Foundation
import IncidentLab
import Testing

@Suite("truth.json")
struct TruthTests {
    @Test("it is JSON, and says what the truth says")
    func json() throws {
        let truth = try Simulation.run(scenario: .incident, seed: 1, scale: 0.1, sink: NoSink())
        let read = try JSONSerialization.jsonObject(with: Data(truth.json().utf8)) as? [String: Any]
        let object = try #require(read)
        #expect(object["format"] as? String == "inquest.truth/1")
        #expect(object["scenario"] as? String == "us-east-1-2025-10-20")
        for (key, count) in [
            ("overwrites", truth.overwrites.count), ("deletions", truth.deletions.count),
            ("emptied", truth.emptied.count), ("wedges", truth.wedges.count), ("backlogs", truth.backlogs.count),
            ("collapses", truth.collapses.count), ("impacts", truth.impacts.count), ("edges", truth.edges.count),
            ("phases", truth.phases.count), ("interventions", truth.interventions.count),
            ("milestones", truth.milestones.count),
        ] {
            #expect((object[key] as? [Any])?.count == count, "\(key)")
        }
        let emptied = (object["emptied"] as? [[String: Any]])?.first
        #expect((emptied?["at"] as? String)?.hasPrefix("2025-10-20T06:4") == true)
    }
}
