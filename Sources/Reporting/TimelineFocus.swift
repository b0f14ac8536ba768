import EventModel

/// What a timeline looks at: the records that prove the findings shown, and the spans of time around them.
struct TimelineFocus: Sendable {
    /// What a record proves.
    struct Evidence {
        var marks: [Timeline.Mark] = []
        /// Whether it has a row of its own; else it is evidence of a group's other members, folded with what is like it.
        var isSingle = false
        /// Whether it is the moment that a finding is about.
        var isPivot = false
    }

    /// A span around evidence.
    struct Window {
        var from: Timestamp
        var to: Timestamp
        /// Whether a finding about plans is in it: then runs, creations and clean-ups matter too.
        var plans: Bool
    }

    private(set) var groups: [FindingGroup]
    private(set) var evidence: [RecordPlace: Evidence] = [:]
    /// How much of the evidence gets a row of its own.
    private(set) var singles = 0
    /// Sorted, disjoint.
    private(set) var windows: [Window] = []
    /// What findings are about and who had a part in them, by name: the numbers of symbols may differ from pass to pass.
    private(set) var endpoints: Set<String> = []
    private(set) var actors: Set<String> = []
    private(set) var origin: Timestamp?
    /// The first critical finding's time: what fails from here on may be its harm.
    private(set) var firstHarm: Timestamp?

    /// So much evidence of one finding gets rows of its own.
    private static let evidencePerFinding = 12
    /// A span between two pieces of evidence is looked at as a whole up to this length.
    private static let longestSpan = 30 * Nanoseconds.minute

    init(_ report: Report, _ list: FindingList, _ options: TimelineOptions) {
        groups = list.groups(within: options.within, endpoints: options.endpoints)
            .filter { $0.severity != .info || options.all }
        firstHarm = groups.filter { $0.severity == .critical }.map(\.at).min()
        origin = firstHarm ?? groups.map(\.at).min()
        let room = max(20, options.limit) * 3 / 4
        var spans: [Window] = []
        for index in groups.indices {
            // Of an endpoint's own timeline that endpoint's finding is the one to show.
            groups[index].representative = Self.representative(of: groups[index], list, options)
            let group = groups[index]
            for member in group.members where member != group.representative {
                if !options.concerns(list.findings[member].endpoint) { continue }
                for item in list.findings[member].evidence { mark(item, of: group, isSingle: false) }
            }
            let finding = list.findings[group.representative]
            let shown = finding.evidence.prefix(singles < room ? Self.evidencePerFinding : 0)
            for item in shown { mark(item, of: group, isSingle: true) }
            for item in finding.evidence.dropFirst(shown.count) { mark(item, of: group, isSingle: false) }
            if let pivot = shown.first(where: { $0.record.time == finding.at }) {
                evidence[RecordPlace(pivot.record)]?.isPivot = true
            }
            if options.endpoints.isEmpty, group.severity <= .high, let endpoint = finding.endpoint {
                endpoints.insert(endpoint)
            }
            for item in shown { actors.insert(report.symbols[item.record.actor]) }
            spans += Self.spans(finding, Array(shown), options.surroundings)
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
        if options.concerns(list.findings[group.representative].endpoint) { return group.representative }
        return group.members.first { options.concerns(list.findings[$0].endpoint) } ?? group.representative
    }

    private mutating func mark(_ item: Finding.Evidence, of group: FindingGroup, isSingle: Bool) {
        let mark = Timeline.Mark(group: group.number - 1, part: item.part)
        var known = evidence[RecordPlace(item.record)] ?? Evidence()
        if !known.marks.contains(mark) { known.marks.append(mark) }
        if isSingle, !known.isSingle { singles += 1 }
        known.isSingle = known.isSingle || isSingle
        evidence[RecordPlace(item.record)] = known
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
