import Foundation
import Testing

/// One incident in the forms of five systems' logs: each tells the same writes, at the confidence that it allows, and says what it lacks.
@Suite struct FormatSampleTests {
    /// A bundle and what it allows.
    struct Form: CustomTestStringConvertible, Sendable {
        var name: String
        var profiles: [String] = []
        /// How sure the overwrite's order can be.
        var order: String
        /// Whether the check ahead of the stale write can be told.
        var awareness: String
        /// Whether the deletion names a plan.
        var tellsDeletion = true
        var testDescription: String { name }
    }

    static let forms = [
        Form(name: "native", order: "proven", awareness: "unaware"),
        Form(name: "otlp-logs", order: "proven", awareness: "unaware"),
        Form(name: "otlp-spans", order: "proven", awareness: "unaware"),
        Form(name: "k8s-audit", order: "proven", awareness: "unknown", tellsDeletion: false),
        Form(
            name: "cloudtrail-logfmt", profiles: ["trail", "enactor"], order: "possible", awareness: "unknown"),
    ]

    private func analyze(_ form: Form, _ more: [String] = []) throws -> CommandRun {
        let profiles = form.profiles.flatMap { ["--profile", "SampleLogs/formats/profiles/\($0).yaml"] }
        return try Program.run(["analyze", "SampleLogs/formats/\(form.name)", "--quiet"] + profiles + more)
    }

    @Test(arguments: forms) func theIncidentIsFound(_ form: Form) throws {
        let run = try analyze(form, ["--format", "json"])
        let report = try #require(
            try JSONSerialization.jsonObject(with: Data(run.bytes)) as? [String: Any], "\(run.text)\(run.errors)")
        let findings = try #require(report["findings"] as? [[String: Any]])
        let overwrites = findings.filter { $0["kind"] as? String == "stale-plan-overwrite" }
        #expect(overwrites.count == 1, "\(form.name) tells of \(overwrites.count) overwrites, not of one")
        let overwrite = try #require(overwrites.first)
        #expect(overwrite["plan"] as? Int == 41 && overwrite["displaced"] as? Int == 43)
        #expect((overwrite["endpoint"] as? String)?.hasSuffix("db.example") == true)
        #expect((overwrite["at"] as? String)?.hasPrefix("2025-10-03T04:05:09") == true)
        #expect(
            overwrite["confidence"] as? String == form.order,
            "the order is surer, or less sure, than \(form.name) allows")
        let deletions = findings.filter { $0["kind"] as? String == "active-plan-deleted" }
        #expect(deletions.count == (form.tellsDeletion ? 1 : 0))
        let others = Set(findings.compactMap { $0["kind"] as? String })
        #expect(
            others.isSubset(of: ["stale-plan-overwrite", "active-plan-deleted", "endpoint-emptied"]),
            "\(form.name) tells of more than happened: \(others)")
    }

    @Test(arguments: forms) func theReportSaysWhatWasLacking(_ form: Form) throws {
        let text = try analyze(form).text.split(whereSeparator: \.isWhitespace).joined(separator: " ")
        #expect(text.contains(form.name == "native" ? "clocks: all given" : "clocks: all inferred"), "\(text)")
        if form.awareness == "unknown" {
            #expect(text.contains("whether the writer knew is not recorded"), "\(text)")
        } else {
            #expect(text.contains("its check did not know of the newer write"), "\(text)")
        }
    }

    @Test func theBundlesAreMadeByTheirProgram() throws {
        let folder = try Folder()
        let run = try Program.shell("python3 SampleLogs/formats/make.py \(folder.path)")
        #expect(run.status == 0, "\(run.errors)")
        let compared = try Program.shell("diff -r -x make.py SampleLogs/formats \(folder.path)")
        #expect(compared.status == 0 && compared.text.isEmpty, "\(compared.text)")
    }
}
