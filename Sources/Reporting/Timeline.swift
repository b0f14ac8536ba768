import EventModel

/// The events of a bundle that matter for its findings, in causal order: plain values, for a renderer.
package struct Timeline: Sendable {
    /// One event, or a run of like ones.
    package struct Row: Sendable {
        /// How many events stand here.
        package var count: UInt64
        package var first: RecordRef
        package var last: RecordRef
        package var actor: String
        /// What it did, in words, with what its fields say.
        package var what: String
        /// The one endpoint; nil for none or for several.
        package var endpoint: String?
        /// How many different endpoints, up to `endpointLimit`, after which there may be more.
        package var endpointCount: Int
        /// The generations that the events name, lowest and highest.
        package var plans: ClosedRange<Generation>?
        /// The findings that it is evidence for, with the part that it plays, as indices of groups.
        package var marks: [Mark]
        /// The moment that a finding is about.
        package var isPivot: Bool
        /// Rows that happened directly before: no other row lies between. Indices of rows, ascending.
        package var causes: [Int] = []
        /// Rows near by that no message connects with this one, so that their times may stand in either order.
        package var concurrent: [Int] = []
    }

    /// What an event is evidence of.
    package struct Mark: Hashable, Sendable {
        /// An index into the list's groups.
        package var group: Int
        package var part: String
    }

    /// Events that are not shown, and why.
    package struct Omission: Sendable {
        package var reason: String
        package var count: UInt64
        /// The events' names with their counts, most first, at most eight.
        package var events: [(name: String, count: UInt64)]
    }

    /// After so many different endpoints a row stops counting them.
    package static let endpointLimit = 100_000

    package var rows: [Row] = []
    package var omissions: [Omission] = []
    /// The groups of findings shown, most severe first.
    package var groups: [FindingGroup] = []
    /// The first critical finding's time, else the first finding's, from which times are counted.
    package var origin: Timestamp?
}

/// What of a bundle a timeline shows.
package struct TimelineOptions: Sendable {
    /// Only findings and events of these endpoints, with the runs behind them; empty: of all.
    package var endpoints: [Glob] = []
    /// Only findings and events that touch this span.
    package var within: ClosedRange<Timestamp>?
    /// Also what is far from any finding: all runs, checks, writes and samples, folded.
    package var all = false
    /// Most rows; what is over is counted. Evidence goes first. At least 20.
    package var limit = 600
    /// How far around a piece of evidence events are looked at, in nanoseconds.
    package var surroundings = 30 * Nanoseconds.second

    /// Everything around findings above info.
    package init() {}

    /// Whether a finding's endpoint is one of those asked for.
    func concerns(_ endpoint: String?) -> Bool {
        endpoints.isEmpty || (endpoint.map { name in endpoints.contains { $0.matches(name) } } ?? false)
    }
}
