/// How a profile says that the records of a log stand: it ends the question, which else times and counters answer.
package enum DeclaredOrder: String, CaseIterable, Sendable {
    /// Nothing is said.
    case found
    /// In the order of the lines, whatever the times.
    case file
    /// In no order: by their times.
    case time
    /// Newest first.
    case reversed
    /// By their counters.
    case counter
}
