import EventIndex
import EventModel
import Reporting

/// Tells somebody who asks for a name that is not there which one was probably meant.
enum NameCheck {
    /// Fails where `endpoint` is none of the report's.
    static func endpoint(_ endpoint: String, _ report: Report) throws(Failure) {
        if let symbol = report.symbols.find(endpoint), symbol != .none,
            Int(symbol.index) < report.eventsOfEndpoint.count,
            report.eventsOfEndpoint[Int(symbol.index)] > 0
        {
            return
        }
        throw missing(
            .endpoint, endpoint,
            among: report.eventsOfEndpoint.indices.filter { report.eventsOfEndpoint[$0] > 0 }
                .map { (report.symbols[Symbol(index: UInt32($0))], report.eventsOfEndpoint[$0]) })
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
