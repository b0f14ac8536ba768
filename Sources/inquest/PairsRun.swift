import ArgumentParser
import EventModel
import Foundation
import LogReading
import Reporting

/// `inquest check --pairs`: what the vector clocks of a log of ShiViz or GoVector say of every pair of its events.
struct PairsRun {
    private let check: CheckCommand

    init(_ check: CheckCommand) { self.check = check }

    func run() throws {
        var options = try check.input.readingOptions()
        options.opensUnknown = true
        options.profiles = []
        let bundle: LogReading.Bundle
        do throws(BundleError) {
            bundle = try LogReading.Bundle.open(paths: check.input.bundle, options: options)
        } catch {
            throw Failure(error)
        }
        var executions: [ExecutionPairs] = []
        for source in bundle.sources {
            do throws(ExecutionLog.Failure) {
                let found: [ExecutionLog.Execution]
                if let pattern = check.input.profiles.pattern {
                    found = try ExecutionLog(pattern: pattern, delimiter: check.input.profiles.delimiter).read(
                        source, options)
                } else {
                    found = try ExecutionLog.read(source, options)
                }
                executions += found.map { ExecutionPairs($0, log: source.path) }
            } catch {
                throw Failure(error.message, hint: error.hint, status: .nothingUsable)
            }
        }
        if let name = check.input.profiles.execution {
            let names = executions.map(\.execution.label)
            executions.removeAll { $0.execution.label != name }
            if executions.isEmpty {
                throw Failure(
                    "no execution is called '\(name)'", hint: "there are: " + names.joined(separator: ", "))
            }
        }
        if executions.allSatisfy({ $0.execution.events.isEmpty }) {
            throw Failure(
                "no event matches --pattern", hint: "name the groups (?<host>…), (?<clock>…) and (?<event>…)",
                status: .nothingUsable)
        }
        if !check.input.quiet { for execution in executions { tell(execution) } }
        switch check.format {
        case .json: try Console.standard.output(ExecutionPairs.json(executions))
        case .text: try Console.standard.output(ExecutionPairs.text(executions))
        }
    }

    /// Says what was not read, and what no execution can have.
    private func tell(_ pairs: ExecutionPairs) {
        let execution = pairs.execution
        let name = pairs.log + (execution.label.isEmpty ? "" : " (\(execution.label))")
        if execution.unmatched > 0 {
            Console.standard.note(
                name + (execution.firstUnmatched.map { ":\($0)" } ?? ""), "note",
                "\(Figures.count(execution.unmatched, "line")) of no event, the first here")
        }
        if execution.faults > 0 {
            Console.standard.note(
                name + (execution.firstFault.map { ":\($0)" } ?? ""), "warning",
                "\(Figures.count(execution.faults, "event")) left out, whose clock is not an object of counts with one of its own host"
            )
        }
        if pairs.order.contradictory > 0 {
            Console.standard.note(
                name, "warning",
                "\(Figures.count(pairs.order.contradictory, "pair")) of events are each ahead of the other by their clocks"
            )
        }
    }
}
