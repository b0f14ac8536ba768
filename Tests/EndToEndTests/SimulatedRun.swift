import Foundation
import Testing

/// An incident that was simulated and then analyzed from its logs alone: what is said of it, and the truth.
struct SimulatedRun {
    typealias Entry = [String: Any]

    /// Where the logs lie.
    let bundle: String
    let truth: Entry
    let report: Entry
    let findings: [Entry]

    /// Simulates with `options` of the command and analyzes the logs as JSON.
    init(_ scenario: String, seed: Int, _ options: [String] = [], in folder: Folder) throws {
        bundle = folder.path + "/" + scenario
        let made = try Program.run(
            ["simulate", scenario, "--seed", "\(seed)", "-o", bundle, "--force", "--quiet"] + options)
        try #require(made.status == 0, "\(made.errors)")
        let run = try Program.run(["analyze", bundle, "--format", "json", "--quiet"])
        try #require(run.status == 0, "\(scenario) \(seed) \(options): \(run.errors)")
        report = try #require(try JSONSerialization.jsonObject(with: Data(run.bytes)) as? Entry)
        findings = try #require(report["findings"] as? [Entry])
        let text = try Data(contentsOf: URL(fileURLWithPath: bundle + "/truth.json"))
        truth = try #require(try JSONSerialization.jsonObject(with: text) as? Entry)
    }

    /// One list of the truth.
    func facts(_ list: String) -> [Entry] { truth[list] as? [Entry] ?? [] }

    /// The findings of a kind.
    func found(_ kind: String) -> [Entry] { findings.filter { $0["kind"] as? String == kind } }

    /// A time of a finding or of the truth.
    static func time(_ value: Any?) -> Date? {
        guard let text = value as? String else { return nil }
        let whole = text.prefix(19) + "Z"
        let fraction = text.dropFirst(19).dropLast()
        return ISO8601DateFormatter().date(from: String(whole))?.addingTimeInterval(Double("0" + fraction) ?? 0)
    }
}
