import EventModel

/// An incident as its findings, their cascade and what people did tell it: facts, without a sentence.
///
/// Findings are named by the index of their group in the list.
struct Incident {
    let report: Report
    let list: FindingList
    /// The groups told of, most severe first.
    let told: [Int]
    /// What was done and noted, in causal order, from shortly before the first finding on.
    let acts: [Act]
    let graph: IncidentGraph
    /// What all began with; nil where nothing was found.
    let trigger: Int?
    let repair: Repair

    /// Ends within so much of one another are the same end.
    static let slack = 5 * Nanoseconds.minute

    /// How what the trigger broke was put right.
    enum Repair {
        /// There was nothing to repair.
        case none
        /// It lasts to the end of the logs: these groups.
        case open([Int])
        /// By a write that somebody made, with its record.
        case written(at: Timestamp, by: Finding.Ending, record: RecordRef?)
        /// It was over then; an act preceded it where one did.
        case over(at: Timestamp, group: Int, after: Act?)
    }

    init(_ report: Report, _ list: FindingList, _ groups: [FindingGroup]) {
        self.report = report
        self.list = list
        told = groups.filter { $0.severity != .info }.map { $0.number - 1 }
        graph = IncidentGraph(report.cascade, list, Set(told))
        let first = told.map { list.groups[$0].at }.min()
        acts = report.acts.filter { act in
            guard let first, act.last.time < first else { return true }
            // Ahead of all findings only what changed something may belong to them.
            return act.kind.isIntervention && act.last.time >= first.advanced(by: -Self.lead)
        }
        trigger = Self.trigger(told, list, graph)
        repair = Self.repair(told, list, graph, trigger, acts)
    }

    /// What was done so long before the first finding may belong to it.
    private static let lead = 10 * Nanoseconds.minute

    func group(_ index: Int) -> FindingGroup { list.groups[index] }
    func finding(_ index: Int) -> Finding { list.representative(list.groups[index]) }

    /// When a group has begun for sure.
    func surelyBegun(_ index: Int) -> Timestamp {
        max(group(index).at, finding(index).began?.upperBound ?? group(index).at)
    }

    /// Its end; the distant future of what lasts, its beginning of what has no extent.
    func end(_ index: Int) -> Timestamp {
        group(index).lasts ? Timestamp(nanoseconds: .max) : max(group(index).until ?? group(index).at, group(index).at)
    }

    /// Groups of some kinds, by their beginning.
    func told(_ kinds: Finding.Kind...) -> [Int] { byBeginning(told.filter { kinds.contains(group($0).kind) }) }

    func byBeginning(_ groups: [Int]) -> [Int] {
        groups.sorted { a, b in
            let (first, second) = (surelyBegun(a), surelyBegun(b))
            return first != second ? first < second : a < b
        }
    }

    var lasting: [Int] { byBeginning(told.filter { group($0).lasts }) }

    /// From the first beginning to the last end that is known.
    var span: ClosedRange<Timestamp>? {
        guard let first = told.map({ group($0).at }).min() else { return nil }
        let ends = told.filter { !group($0).lasts }.map(end)
        return first...max(first, lasting.isEmpty ? ends.max() ?? first : report.span?.upperBound ?? first)
    }

    /// The plan findings that followed from the trigger at once.
    var consequences: [Int] {
        byBeginning(told.filter { $0 != trigger && group($0).kind.traits.followsAnOverwrite })
    }

    /// The first thing that a person recorded after the trigger.
    var noticed: Act? {
        guard let trigger else { return nil }
        return acts.first { $0.isByOperator && $0.first.time >= group(trigger).at }
    }

    /// When the trigger was put right; nil where it was not.
    var repairedAt: Timestamp? {
        switch repair {
        case .none, .open: nil
        case .written(let at, _, _): at
        case .over(let at, _, _): at
        }
    }

    /// Whether an act is the one that put the trigger right.
    func isRepair(_ act: Act) -> Bool {
        switch repair {
        case .written(_, _, let record): record.map(act.covers) ?? false
        case .over(_, _, let after): after.map { $0.ordinal == act.ordinal } ?? false
        case .none, .open: false
        }
    }

    /// The act that a record belongs to.
    func act(of record: RecordRef) -> Act? { acts.first { $0.covers(record) } }

    private static func trigger(_ told: [Int], _ list: FindingList, _ graph: IncidentGraph) -> Int? {
        // What most of the rest follows from; of equals the most severe, then the first.
        told.max { a, b in
            let (first, second) = (graph.reach(a), graph.reach(b))
            if first != second { return first < second }
            let (x, y) = (list.groups[a], list.groups[b])
            if x.severity != y.severity { return x.severity > y.severity }
            return x.at != y.at ? x.at > y.at : a > b
        }
    }

    private static func repair(
        _ told: [Int], _ list: FindingList, _ graph: IncidentGraph, _ trigger: Int?, _ acts: [Act]
    ) -> Repair {
        guard let trigger else { return .none }
        var broken = told.filter { index in
            let kind = list.groups[index].kind
            return list.groups[index].severity == .critical && list.representative(list.groups[index]).isWindow
                && (kind.traits.followsAnOverwrite || kind == .stalePlanOverwrite)
        }
        if broken.isEmpty { broken = [trigger] }
        let open = broken.filter { list.groups[$0].lasts }
        if !open.isEmpty { return .open(open) }
        guard
            let last = broken.max(by: {
                (list.groups[$0].until ?? list.groups[$0].at) < (list.groups[$1].until ?? list.groups[$1].at)
            }),
            let until = list.groups[last].until
        else { return .none }
        for index in broken where list.groups[index].until == until {
            let finding = list.representative(list.groups[index])
            let ending: Finding.Ending? =
                switch finding.detail {
                case .outage(let ended), .failures(_, let ended): ended
                default: nil
                }
            if let ending {
                return .written(at: until, by: ending, record: finding.record(Finding.Part.ending))
            }
        }
        // An overwrite ends with the next newer write; that of a person may be an act.
        let finding = list.representative(list.groups[last])
        let after =
            graph.endedBy(last).flatMap { record in acts.first { $0.covers(record) } }
            ?? acts.first { $0.first.time == until && $0.target == finding.endpoint && finding.endpoint != nil }
        return .over(at: until, group: last, after: after)
    }
}
