import ArgumentParser
import Foundation

/// Measures inquest on generated bundles: against `zstd -dc`, and against other programs that answer the same questions. A tool for developing; it judges nothing.
@main
struct InquestBench: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "inquest-bench", abstract: "Measure inquest against zstd -dc and its peers in alternating runs.")

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
    @Option(help: "Where make bench-peers installs the programs to compare with.")
    var peers = ".build/peers"
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
            ("analyze, 10,000 actors", 10 * crowd, { try bundles.manyNodes(events: 10 * crowd) }, analyze),
            ("analyze, 1,000,000 endpoints", 2 * events, { try bundles.manyEndpoints(events: 2 * events) }, analyze),
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
        plan.removeAll { entry in only.map { !entry.name.contains($0) } ?? false }
        if !plan.isEmpty { print(BenchTable.head) }
        for entry in plan {
            let files = try entry.files()
            let isSimulation = entry.command == simulated.command
            let result = try Comparison(
                entry.name, events: entry.events > 0 ? entry.events : try simulated.events(), files: files,
                command: entry.command + (isSimulation ? [] : files), rounds: rounds)
            print(BenchTable.row(result))
            results.append(result)
        }
        let formats = FormatLogs.Format.allCases.filter { format in
            only.map { "formats, \(format.rawValue)".contains($0) } ?? true
        }
        if !formats.isEmpty {
            let logs = FormatLogs(folder: folder + "/formats")
            try FormatBench(inquest: inquest, logs: logs, rounds: rounds).run(formats, records: events / 4)
        }
        let (contests, leftOut) = try askPeers(bundles)
        if let json {
            let encoder = JSONEncoder()
            encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
            try encoder.encode(Figures(besideZstd: results, besidePeers: contests, leftOut: leftOut))
                .write(to: URL(fileURLWithPath: json))
        }
    }

    /// Everything that was measured.
    private struct Figures: Encodable {
        let besideZstd: [Comparison]
        let besidePeers: [Contest]
        let leftOut: [String]
    }

    /// Puts the same questions to whoever is installed; names who is not.
    private func askPeers(_ bundles: BenchBundles) throws -> (contests: [Contest], leftOut: [String]) {
        let questions = Question.allCases.filter { question in
            only.map { "peers, \(question.name)".contains($0) } ?? true
        }
        if questions.isEmpty { return ([], []) }
        let bench = PeerBench(inquest: inquest, bundles: bundles, events: events, rounds: rounds, peers: peers)
        let field = bench.field()
        for name in field.absent { print("left out: \(name), which is not installed (make bench-peers)") }
        if field.present.isEmpty { return ([], field.absent) }
        let files = try bench.prepare(field)
        var contests: [Contest] = []
        print(BenchTable.contestHead)
        for question in questions {
            let contest = try bench.ask(question, files, field)
            for result in contest.results { print(BenchTable.row(contest, result)) }
            contests.append(contest)
        }
        return (contests, field.absent)
    }
}
