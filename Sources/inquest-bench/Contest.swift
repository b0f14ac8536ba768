import Foundation

/// One question put to several programs in turns. Whoever answers it otherwise than inquest ends the run.
struct Contest: Encodable {
    let question: String
    let events: Int
    let results: [Result]

    /// Who answers.
    struct Contestant {
        let name: String
        let command: [String]
        /// Whether it reads what was made of the logs before, an index or a table, instead of the logs.
        var isPrepared = false
        /// The rows that it printed.
        let rows: (Data) throws -> [String]
    }

    /// What it took.
    struct Result: Encodable {
        let name: String
        let isPrepared: Bool
        let runs: Int
        let figures: Comparison.Figures
        /// Its wall time in those of inquest's: reading the logs, or prepared, as it is itself.
        let ratio: Double
    }

    /// Whoever takes more seconds of CPU than this for an answer gives it once.
    private static let patience = 10.0

    /// - Parameters:
    ///   - contestants: inquest first, whose answer is the measure of the others'.
    ///   - scratch: a file for what is printed.
    init(_ question: Question, events: Int, _ contestants: [Contestant], rounds: Int, scratch: String) throws {
        var expected: [String]?
        var runs: [[ProcessRun]] = contestants.map { _ in [] }
        for _ in 0..<rounds {
            for (index, contestant) in contestants.enumerated() {
                if let first = runs[index].first, first.cpu > Contest.patience { continue }
                let run = try ProcessRun(contestant.command, output: scratch)
                let rows = try contestant.rows(Data(contentsOf: URL(fileURLWithPath: scratch))).sorted()
                if let expected, rows != expected {
                    throw Contest.disagreement(question, contestants[0].name, expected, contestant.name, rows)
                }
                expected = rows
                runs[index].append(run)
            }
        }
        self.question = question.name
        self.events = events
        let figures = runs.map { Comparison.Figures($0) }
        results = contestants.indices.map { index in
            let contestant = contestants[index]
            // The first of a kind is inquest.
            let own = contestants.firstIndex { $0.isPrepared == contestant.isPrepared } ?? 0
            return Result(
                name: contestant.name, isPrepared: contestant.isPrepared, runs: runs[index].count,
                figures: figures[index], ratio: figures[index].wallSeconds / figures[own].wallSeconds)
        }
    }

    private static func disagreement(
        _ question: Question, _ own: String, _ expected: [String], _ other: String, _ rows: [String]
    ) -> BenchError {
        let ours = Set(expected)
        let theirs = Set(rows)
        func first(_ name: String, _ lines: [String], _ without: Set<String>) -> String {
            lines.first { !without.contains($0) }.map { "\n  only \(name): \($0)" } ?? ""
        }
        let head = "\(own) and \(other) answer '\(question.name)' differently: \(expected.count) and \(rows.count) rows"
        return BenchError(message: head + first(own, expected, theirs) + first(other, rows, ours))
    }
}
