import EventModel
import Testing

@testable import CausalAnalysis

/// Who fights whom over an endpoint, by writes without a generation.
struct ContendedEndpointTests {
    @Test func twoWritersThatTakeTurnsAreOneFinding() throws {
        let report = log(["a", "b", "a", "b", "a", "b"]).analyze()
        let finding = try #require(report.all(.contendedEndpoint).first, "\(report.lines)")
        #expect(finding.actors == ["a", "b"])
        #expect(finding.count == 3, "three times a, then b")
        #expect(finding.at == SystemLog.time(0))
        #expect(finding.severity == .medium && finding.confidence == .possible, "healthy pairs write by turns too")
    }

    @Test func oneRoundIsAHandover() {
        #expect(log(["a", "a", "b", "b"]).analyze().all(.contendedEndpoint).isEmpty)
    }

    @Test func aLoneWriterContendsWithNobody() {
        #expect(log(["a", "a", "a", "a", "a"]).analyze().all(.contendedEndpoint).isEmpty)
    }

    private func log(_ writers: [String]) -> SystemLog {
        var log = SystemLog()
        for (step, writer) in writers.enumerated() {
            log.add(writer, Double(step) * 60, .planApplied, at: "shop.example")
        }
        return log
    }
}
