import EventIndex
import EventModel
import Reporting

/// Tells somebody who asks for a name that is not there which one was probably meant.
enum NameCheck {
    /// The patterns of endpoints; fails where one is none, or matches none of the report's.
    static func endpoints(_ patterns: [String], _ report: Report) throws(Failure) -> [Glob] {
        if patterns.isEmpty { return [] }
        let names = report.eventsOfEndpoint.indices.filter { report.eventsOfEndpoint[$0] > 0 }
            .map { (name: report.symbols[Symbol(index: UInt32($0))], count: report.eventsOfEndpoint[$0]) }
        var globs: [Glob] = []
        for pattern in patterns {
            do throws(Glob.Failure) { globs.append(try Glob(pattern)) } catch {
                throw Failure(error.message, hint: error.hint)
            }
            guard let glob = globs.last, names.contains(where: { glob.matches($0.name) }) else {
                throw missing(.endpoint, pattern, among: names)
            }
        }
        return globs
    }

    /// The error for a word that is none of a few.
    static func unknown(_ option: String, _ word: String, _ noun: String, among words: [String]) -> Failure {
        let meant = Suggestion.nearest(word, among: words.map { ($0, 0) }).map { " Did you mean \($0.name)?" } ?? ""
        return Failure(
            "\(option): no \(noun) is called '\(word)'.\(meant)", hint: "there are: " + words.joined(separator: ", "))
    }

    /// The error for a pattern that matches nothing.
    static func missing(
        _ criterion: EventFilter.Criterion, _ pattern: String, among names: [(name: String, count: UInt64)]
    ) -> Failure {
        let meant = Suggestion.nearest(pattern, among: names)
        let hint = meant.map { " Did you mean \($0.name) (\(Figures.count($0.count, "event")))?" } ?? ""
        let most = names.sorted { ($1.count, $0.name) < ($0.count, $1.name) }.prefix(3).map(\.name)
        let more = names.count > most.count ? " and \(Figures.grouped(names.count - most.count)) more" : ""
        return Failure(
            "no \(criterion.rawValue) matches '\(pattern)'.\(hint)",
            hint: meant == nil && !most.isEmpty ? "there are: \(most.joined(separator: ", "))\(more)" : nil)
    }
}
