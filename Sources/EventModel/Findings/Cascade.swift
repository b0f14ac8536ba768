/// What led to what: the findings that are windows of time or hit something, joined where chains of records lead from one to the other.
public struct Cascade: Sendable {
    /// Findings that are one window: of one kind and plan, or of one kind at the same time.
    public struct Window: Sendable {
        /// The ids of its findings, by time; the first stands for all. See `FindingID`.
        public var findings: [String]
        /// Their kind.
        public var kind: Finding.Kind
        /// The earliest onset.
        public var at: Timestamp
        /// The latest end; nil for what lasts to the end of the logs. What has no extent ends as it begins.
        public var until: Timestamp?
        /// How it ended.
        public var ending: Ending

        /// Makes a window.
        public init(
            findings: [String], kind: Finding.Kind, at: Timestamp, until: Timestamp?, ending: Ending = .unknownTrigger
        ) {
            self.findings = findings
            self.kind = kind
            self.at = at
            self.until = until
            self.ending = ending
        }

        /// The last intervention in the past of the recovery whose target is the window's or that of a window that led to it.
        public var endedBy: RecordRef?
    }

    /// Whether a window ended with what had triggered it: the last of its causes to end; nil where that is not among the windows
    /// shown.
    public enum Ending: Sendable, Equatable {
        /// No record leads to it.
        case unknownTrigger
        /// So many nanoseconds ahead of the end of the window with that index, which lasted longer.
        case beforeTrigger(Int?, by: Int64)
        /// Within five minutes of the end of the window with that index.
        case withTrigger(Int?)
        /// It outlived the window with that index by so many nanoseconds, so far where it lasts.
        case outlived(Int?, by: Int64)
    }

    /// A chain of records from one window to another.
    public struct Edge: Sendable {
        /// What it led to.
        public enum Role: String, Sendable {
            /// The other's beginning.
            case began
            /// The other's going on: it had begun before.
            case prolonged
        }

        /// The index of the window that it leads from.
        public var from: Int
        /// The index of the window that it leads to.
        public var to: Int
        /// What the one did to the other.
        public var role: Role
        /// The records, each of which happened directly before the next: at most five; one where it is a record of both.
        public var chain: [RecordRef]

        /// Makes an edge.
        public init(from: Int, to: Int, role: Role, chain: [RecordRef]) {
            self.from = from
            self.to = to
            self.role = role
            self.chain = chain
        }
    }

    /// By onset.
    public var windows: [Window]
    /// By the windows' order.
    public var edges: [Edge]
    /// Services whose requests are sampled and that never left their usual range.
    public var unaffected: [String]
    /// Windows that were left out because there were too many.
    public var omitted: Int

    /// The part of it that is about some of the findings, by id.
    public func narrowed(to findings: Set<String>) -> Cascade {
        var kept = self
        var number = [Int?](repeating: nil, count: windows.count)
        kept.windows = []
        for (index, window) in windows.enumerated() {
            var window = window
            window.findings.removeAll { !findings.contains($0) }
            if window.findings.isEmpty { continue }
            number[index] = kept.windows.count
            kept.windows.append(window)
        }
        for index in kept.windows.indices {
            switch kept.windows[index].ending {
            case .unknownTrigger: break
            case .beforeTrigger(let trigger, let span):
                kept.windows[index].ending = .beforeTrigger(trigger.flatMap { number[$0] }, by: span)
            case .withTrigger(let trigger): kept.windows[index].ending = .withTrigger(trigger.flatMap { number[$0] })
            case .outlived(let trigger, let span):
                kept.windows[index].ending = .outlived(trigger.flatMap { number[$0] }, by: span)
            }
        }
        kept.edges = edges.compactMap { edge in
            guard let from = number[edge.from], let to = number[edge.to] else { return nil }
            return Edge(from: from, to: to, role: edge.role, chain: edge.chain)
        }
        return kept
    }

    /// Makes a cascade.
    public init(windows: [Window], edges: [Edge], unaffected: [String], omitted: Int) {
        self.windows = windows
        self.edges = edges
        self.unaffected = unaffected
        self.omitted = omitted
    }
}
