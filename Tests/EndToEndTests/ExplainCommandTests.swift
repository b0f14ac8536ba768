import Foundation
import Testing

/// The proof of an overwrite as a user reads it: the small log of the format's description.
@Suite struct ExplainCommandTests {
    private static let a = [
        #"{"ts":"2025-10-20T06:47:17.000Z","actor":"a","role":"enactor","vc":{"p":4,"a":1},"event":"plan.checked","plan":4,"active":3}"#,
        #"{"ts":"2025-10-20T06:47:58.001Z","actor":"a","role":"enactor","vc":{"p":4,"a":2},"event":"plan.applying","plan":4,"endpoint":"db.example"}"#,
        #"{"ts":"2025-10-20T06:47:58.113Z","actor":"a","role":"enactor","vc":{"p":4,"a":3},"event":"plan.applied","plan":4,"endpoint":"db.example","replaces":9,"records":5}"#,
    ]

    private static let b = [
        #"{"ts":"2025-10-20T06:47:55.870Z","actor":"b","role":"enactor","vc":{"p":9,"b":1},"event":"plan.checked","plan":9,"active":3}"#,
        #"{"ts":"2025-10-20T06:47:56.211Z","actor":"b","role":"enactor","vc":{"p":9,"b":2},"event":"plan.applied","plan":9,"endpoint":"db.example","replaces":3,"records":6}"#,
        #"{"ts":"2025-10-20T06:48:00.402Z","actor":"b","role":"enactor","vc":{"p":9,"b":3},"event":"plan.deleted","plan":4}"#,
        #"{"ts":"2025-10-20T06:48:01.100Z","actor":"b","role":"enactor","vc":{"p":9,"b":4},"event":"plan.applied","plan":9,"endpoint":"db.example","outcome":"refused","error":"inconsistent state"}"#,
    ]

    private func explain(_ arguments: String...) throws -> CommandRun {
        let folder = try Folder()
        for (name, lines) in [("a.log", Self.a), ("b.log", Self.b)] {
            try folder.write((lines.joined(separator: "\n") + "\n").utf8, to: name)
        }
        return try Program.run(["explain", "-q", folder.path] + arguments)
    }

    @Test func theOverwriteIsProvenInWords() throws {
        let run = try explain("F1")
        #expect(run.status == 0)
        let path = Program.package + "/Tests/ReportingTests/Fixtures/explanation.txt"
        #expect(try run.text == String(contentsOfFile: path, encoding: .utf8))
    }

    @Test func aFindingThatIsNotThereIsAnErrorOfUsage() throws {
        let run = try explain("F99")
        #expect(run.status == 2)
        #expect(run.errors.contains("no finding 'F99'"))
    }
}
