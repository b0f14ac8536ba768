import EventModel

/// What a timeline looks at: the records that prove the findings shown, and the spans of time around them.
struct TimelineFocus: Sendable {
    /// A record by its place in the bundle, the same in every pass.
    struct Place: Hashable {
        var source: SourceID
        var line: UInt64
    }

    /// A span around evidence.
    struct Window {
        var from: Timestamp
        var to: Timestamp
        /// Whether a finding about plans is in it: then runs, creations and clean-ups matter too.
        var plans: Bool
    }

    private(set) var groups: [FindingGroup]
    /// Evidence that gets a row of its own.
    private(set) var singles: [Place: [Timeline.Mark]] = [:]
    /// Evidence of a group's other members, which is folded with what is like it.
    private(set) var others: [Place: [Timeline.Mark]] = [:]
    /// Sorted, disjoint.
    private(set) var windows: [Window] = []
    private(set) var endpoints: Set<Symbol> = []
    private(set) var actors: Set<Symbol> = []
    /// The moments that findings are about, by place.
    private(set) var pivots: Set<Place> = []
    private(set) var origin: Timestamp?

    /// So much evidence of one finding gets rows of its own.
    private static let evidencePerFinding = 12
    /// A span between two pieces of evidence is looked at as a whole up to this length.
    private static let longestSpan = 30 * Nanoseconds.minute

    init(_ report: Report, _ list: FindingList, _ options: TimelineOptions) {
        groups = list.groups(within: options.within, endpoint: options.endpoint)
            .filter { $0.severity != .info || options.all }
        let serious = groups.filter { $0.severity == .critical }.map(\.at).min()
        origin = serious ?? groups.map(\.at).min()
        if let endpoint = options.endpoint, let symbol = report.symbols.find(endpoint) { endpoints.insert(symbol) }
        let room = max(20, options.limit) * 3 / 4
        var spans: [Window] = []
        for group in groups {
            let chosen = Self.representative(of: group, list, options)
            for member in group.members where member != chosen {
                if let endpoint = options.endpoint, list.findings[member].endpoint != endpoint { continue }
                Self.mark(list.findings[member].evidence, of: group, in: &others)
            }
            let finding = list.findings[chosen]
            let evidence = finding.evidence.prefix(singles.count < room ? Self.evidencePerFinding : 0)
            Self.mark(Array(evidence), of: group, in: &singles)
            Self.mark(Array(finding.evidence.dropFirst(evidence.count)), of: group, in: &others)
            if let pivot = evidence.first(where: { $0.record.time == finding.at })?.record {
                pivots.insert(Place(source: pivot.source, line: pivot.line))
            }
            if options.endpoint == nil, group.severity <= .high, let endpoint = finding.endpoint,
                let symbol = report.symbols.find(endpoint)
            {
                endpoints.insert(symbol)
            }
            for item in evidence { actors.insert(item.record.actor) }
            spans += Self.spans(finding, Array(evidence), options.surroundings)
        }
        windows = Self.merged(spans)
    }

    /// The window that holds a time, by index. O(log windows).
    func window(at time: Timestamp) -> Int? {
        var low = 0
        var high = windows.count
        while low < high {
            let middle = (low + high) / 2
            if windows[middle].to < time { low = middle + 1 } else { high = middle }
        }
        return low < windows.count && windows[low].from <= time ? low : nil
    }

    private static func representative(of group: FindingGroup, _ list: FindingList, _ options: TimelineOptions) -> Int {
        guard let endpoint = options.endpoint else { return group.representative }
        return group.members.first { list.findings[$0].endpoint == endpoint } ?? group.representative
    }

    private static func mark(
        _ evidence: [Finding.Evidence], of group: FindingGroup, in marks: inout [Place: [Timeline.Mark]]
    ) {
        for item in evidence {
            let mark = Timeline.Mark(group: group.number - 1, part: item.part)
            let place = Place(source: item.record.source, line: item.record.line)
            if marks[place]?.contains(mark) != true { marks[place, default: []].append(mark) }
        }
    }

    private static func spans(_ finding: Finding, _ evidence: [Finding.Evidence], _ around: Int64) -> [Window] {
        let plans = finding.plan != nil || finding.kind == .endpointEmptied || finding.kind == .automationWedged
        let times = evidence.map(\.record.time) + [finding.at]
        guard let first = times.min(), let last = times.max() else { return [] }
        let span = { (from: Timestamp, to: Timestamp) in
            Window(from: from.advanced(by: -around), to: to.advanced(by: around), plans: plans)
        }
        if plans, last.since(first) <= longestSpan { return [span(first, last)] }
        return times.map { span($0, $0) }
    }

    private static func merged(_ spans: [Window]) -> [Window] {
        var result: [Window] = []
        for span in spans.sorted(by: { $0.from != $1.from ? $0.from < $1.from : $0.to < $1.to }) {
            if let last = result.last, span.from <= last.to {
                result[result.count - 1].to = max(last.to, span.to)
                result[result.count - 1].plans = last.plans || span.plans
            } else {
                result.append(span)
            }
        }
        return result
    }
}
