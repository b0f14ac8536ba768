import Foundation

/// Inquest beside other programs that answer the same questions.
struct PeerBench {
    let inquest: String
    let bundles: BenchBundles
    let events: Int
    let rounds: Int
    /// Where `make bench-peers` installs the others.
    let peers: String

    /// An endpoint that the day has some hundred records of.
    static let endpoint = "svc-1250.cell-0.us-east-1.example.com"

    /// Who takes part, and whom it would be worth installing.
    struct Field {
        var present: [(peer: Peer, name: String)] = []
        var absent: [String] = []
    }

    private var scripts: String { Bundle.module.resourceURL?.appendingPathComponent("Peers").path ?? "Peers" }
    private var scratch: String { bundles.folder + "/answer" }
    private var database: String { bundles.folder + "/logs.duckdb" }

    /// Finds out who is installed, and in which version.
    func field() -> Field {
        var field = Field()
        for peer in Peer.all(folder: peers, scripts: scripts) {
            // Whatever a program that is not there, or not whole, says of itself does not matter.
            guard (try? ProcessRun(peer.version, output: scratch, errors: "/dev/null")) != nil,
                let said = try? String(contentsOfFile: scratch, encoding: .utf8),
                let number = said.split(whereSeparator: { !"0123456789.".contains($0) }).first
            else {
                field.absent.append(peer.name)
                continue
            }
            field.present.append((peer, "\(peer.name) \(number)"))
        }
        return field
    }

    /// Makes what is asked about and what it is asked of: the bundle, its index, DuckDB's table.
    /// - Returns: the bundle's files.
    func prepare(_ field: Field) throws -> [String] {
        let files = try BenchIndex(
            inquest: inquest, folder: bundles.folder, files: { try bundles.oneFrame(events: events) }
        ).made()
        if let table = table(field) { _ = try ProcessRun(table.script + ["load", database] + files) }
        return files
    }

    /// Puts a question to all who are there.
    func ask(_ question: Question, _ files: [String], _ field: Field) throws -> Contest {
        let words = [inquest] + question.words(endpoint: PeerBench.endpoint, queries: scripts)
        let index = ["--index-dir", bundles.folder + "/index"]
        let asked = [question.rawValue, PeerBench.endpoint]
        var contestants = [
            Contest.Contestant(name: "inquest", command: words + files, rows: question.rows)
        ]
        contestants += field.present.map { peer, name in
            Contest.Contestant(name: name, command: peer.script + asked + files, rows: Question.lines)
        }
        if question != .overwrites {
            contestants.append(
                Contest.Contestant(
                    name: "inquest, indexed", command: words + index + files, isPrepared: true, rows: question.rows))
            if let table = table(field) {
                contestants.append(
                    Contest.Contestant(
                        name: "DuckDB, its own table", command: table.script + ["table", database] + asked,
                        isPrepared: true, rows: Question.lines))
            }
        }
        return try Contest(question, events: events, contestants, rounds: rounds, scratch: scratch)
    }

    /// Who has a form of its own for what it has read.
    private func table(_ field: Field) -> Peer? { field.present.first { $0.peer.name == "DuckDB" }?.peer }
}
