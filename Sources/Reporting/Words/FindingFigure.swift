import EventModel

extension Finding {
    /// A measured number of a window, with what it stands for: whoever checks it must know over which time it was taken.
    public struct Figure: Hashable, Sendable {
        /// What a value counts.
        public enum Unit: String, CaseIterable, Sendable {
            /// Things counted: items waiting, requests, changes.
            case count
            /// A part of a whole, 0 to 1.
            case share
            /// A span of time.
            case seconds
            /// How often something happens.
            case perSecond = "per second"
            case perMinute = "per minute"
        }

        /// The one name that it has in every report: `usual wait`, `peak depth`. See `Name`.
        public var name: String
        /// How much.
        public var value: Double
        /// What of.
        public var unit: Unit
        /// Over which time and how it was measured, in words.
        public var scope: String

        /// Makes a figure.
        public init(_ name: String, _ value: Double, _ unit: Unit, _ scope: String) {
            self.name = name
            self.value = value
            self.unit = unit
            self.scope = scope
        }

        /// The names of figures that reports look up.
        public enum Name {
            /// What a queue's wait is outside its backlogs.
            public static let usualWait = "usual wait"
            /// The wait up to which a queue counts as usual.
            public static let usualWaitLimit = "usual wait, at most"
            /// Items waiting as the alarm was raised.
            public static let depthAtAlarm = "depth at the alarm"
        }
    }

    /// The measured numbers of a window, each under the one name that it has everywhere; empty for what has no extent.
    public var figures: [Figure] {
        switch detail {
        case .window(let window): WindowWords(self, window).figures
        case .backlog(let backlog): BacklogWords(self, backlog).figures
        case .collapse(let collapse, within: let backlog):
            CollapseWords(self, collapse).figures + BacklogWords(self, backlog).waits
        case .outage, .failures, .rate, .staleReads, .lag, .circle, .apart, nil: []
        }
    }

    /// The figure of that name; nil where it has none.
    public func figure(_ name: String) -> Double? { figures.first { $0.name == name }?.value }
}
