import ArgumentParser
import Foundation

/// Measures inquest against `zstd -dc` on generated bundles. A tool for developing; it judges nothing.
@main
struct InquestBench: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "inquest-bench", abstract: "Measure inquest against zstd -dc in alternating runs.")

    @Option(help: "The program to measure.")
    var inquest = ".build/release/inquest"
    @Option(help: "Where the bundles are made and kept.")
    var folder = ".build/bench"
    @Option(help: "Events of a bundle.")
    var events = 2_000_000
    @Option(help: "Runs of each, of which the median counts.")
    var rounds = 5
    @Option(help: "Only comparisons whose name contains this.")
    var only: String?
    @Option(help: ArgumentHelp("Write the figures here too.", valueName: "file"))
    var json: String?
    @Flag(help: "Also ten times the events, for growth.")
    var large = false

    func run() throws {
        let bundles = BenchBundles(folder: folder)
        let analyze = [inquest, "analyze", "--quiet"]
        let endpoint = "svc-1250.cell-0.us-east-1.example.com"
        let query = [inquest, "query", "--quiet", "--endpoint", endpoint]
        let index = BenchIndex(inquest: inquest, folder: folder, files: { try bundles.oneFrame(events: events) })
        let crowd = max(1, events / 100)
        let simulated = SimulatedIncident(inquest: inquest, folder: folder + "/incident-10")
        var plan: [(name: String, events: Int, files: () throws -> [String], command: [String])] = [
            ("analyze, one frame", events, { try bundles.oneFrame(events: events) }, analyze),
            ("analyze, 4 files", events, { try bundles.fileForEachActor(events: events) }, analyze),
            ("analyze, many files", events, { try bundles.manyFiles(events: events) }, analyze),
            ("analyze, 1,000 actors", crowd, { try bundles.manyActors(events: crowd) }, analyze),
            ("query --endpoint, one frame", events, { try bundles.oneFrame(events: events) }, query),
            ("query --endpoint, 4 files", events, { try bundles.fileForEachActor(events: events) }, query),
            ("index, one frame", events, { try bundles.oneFrame(events: events) }, index.command),
            ("query --endpoint, indexed", events, { try index.made() }, query + index.place),
            ("analyze, simulated incident", 0, { try simulated.files() }, analyze),
            ("simulate, scale 10", 0, { try simulated.files() }, simulated.command),
        ]
        if large {
            plan.append(
                ("analyze, one frame, 10x", events * 10, { try bundles.oneFrame(events: events * 10) }, analyze))
            plan.append(
                ("analyze, 4 files, 10x", events * 10, { try bundles.fileForEachActor(events: events * 10) }, analyze))
        }
        var results: [Comparison] = []
        print(BenchTable.head)
        for entry in plan where only.map({ entry.name.contains($0) }) ?? true {
            let files = try entry.files()
            let isSimulation = entry.command == simulated.command
            let result = try Comparison(
                entry.name, events: entry.events > 0 ? entry.events : try simulated.events(), files: files,
                command: entry.command + (isSimulation ? [] : files), rounds: rounds)
            print(BenchTable.row(result))
            results.append(result)
        }
        if let json {
            let encoder = JSONEncoder()
            encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
            try encoder.encode(results).write(to: URL(fileURLWithPath: json))
        }
    }
}

/// The figures as rows of text.
enum BenchTable {
    static let head = row(["", "events", "zstd s", "cpu", "inquest s", "cpu", "peak MiB", "ratio", "events/s"])

    static func row(_ result: Comparison) -> String {
        func seconds(_ value: Double) -> String { String(format: "%.3f", value) }
        return row([
            result.name, String(result.events), seconds(result.zstd.wallSeconds), seconds(result.zstd.cpuSeconds),
            seconds(result.inquest.wallSeconds), seconds(result.inquest.cpuSeconds),
            String(format: "%.1f", Double(result.inquest.peakBytes) / 1_048_576), String(format: "%.2f", result.ratio),
            String(format: "%.0f", Double(result.events) / result.inquest.wallSeconds),
        ])
    }

    private static func row(_ cells: [String]) -> String {
        let widths = [-30, 10, 8, 8, 10, 8, 9, 6, 11]
        return zip(cells, widths).map { cell, width in
            let space = String(repeating: " ", count: max(0, abs(width) - cell.count))
            return width < 0 ? cell + space : space + cell
        }.joined()
    }
}
