import ArgumentParser
import EventModel
import Foundation
import LogReading

/// Which profiles read logs that are not of our own format.
struct ProfileArguments: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "A profile that is tried on each log ahead of the built-in ones: a file, or a name that inquest profile list shows; repeatable.",
            valueName: "file"))
    var profile: [String] = []
    @Option(
        help: ArgumentHelp(
            "Which fields of JSON lines, logfmt or CSV are those of an event: ts=timestamp,actor=service.",
            valueName: "fields"))
    var map: String?
    @Option(
        help: ArgumentHelp(
            "How events with vector clocks look in a text: an expression with the groups host, clock and event.",
            valueName: "regex"))
    var pattern: String?
    @Option(
        help: ArgumentHelp(
            "What separates the executions in such a text: an expression whose group trace names them.",
            valueName: "regex"))
    var delimiter: String?
    @Option(help: ArgumentHelp("Read this execution alone.", valueName: "name"))
    var execution: String?
    @Option(help: ArgumentHelp("The year of times in the logs that name none.", valueName: "year"))
    var assumeYear: Int?

    func validate() throws {
        if let assumeYear, !(1970...2261).contains(assumeYear) {
            throw ValidationError("--assume-year must lie between 1970 and 2261")
        }
        if delimiter != nil, pattern == nil { throw ValidationError("--delimiter goes with --pattern") }
    }

    /// The profiles, compiled.
    /// - Parameter assumesZone: whether times without a zone can be read.
    func plans(assumesZone: Bool = false) throws(Failure) -> [Plan] {
        var plans: [Plan] = []
        if let pattern {
            do throws(ProfileError) {
                plans.append(
                    try Plan(pattern: pattern, delimiter: delimiter, source: "--pattern", assumesZone: assumesZone))
            } catch {
                throw Failure(error)
            }
        }
        if let map {
            do throws(ProfileError) {
                plans += try Plan.mapped(map, option: "--map")
            } catch {
                throw Failure(error)
            }
        }
        for name in profile { plans.append(try Self.plan(name)) }
        return plans
    }

    /// A profile by its file, or a built-in one by its name.
    static func plan(_ name: String) throws(Failure) -> Plan {
        if let plan = BuiltInProfiles.named(name) { return plan }
        do throws(ProfileError) {
            return try Plan(yaml: try text(name), file: name)
        } catch {
            throw Failure(error)
        }
    }

    /// A profile's file, or the text of a built-in one.
    static func text(_ name: String) throws(ProfileError) -> String {
        if let text = BuiltInProfiles.text(of: name) { return text }
        guard let data = FileManager.default.contents(atPath: name) else {
            let meant = Suggestion.nearest(name, among: BuiltInProfiles.all.map { ($0.name, 0) })
            throw ProfileError(
                file: name, line: 0, column: 0, message: "no such file, and no built-in profile of that name",
                hint: meant.map { "did you mean \($0.name)?" } ?? "inquest profile list shows the built-in ones")
        }
        guard let text = String(data: data, encoding: .utf8) else {
            throw ProfileError(file: name, line: 0, column: 0, message: "a profile is UTF-8 text, and this is not")
        }
        return text
    }
}

extension Failure {
    init(_ error: ProfileError) { self.init("\(error.place): \(error.message)", hint: error.hint) }
}
