import EventModel

/// What planner and enactors did, as lines of JSON that `PlanTrace.tla` checks: creations, checks, writes that took effect, deletions.
///
/// TLC's integers have 32 bits, so generations are numbered by their order. Where the store's own record of a write is there it stands for the
/// write, since the writer's answer may come later than another write; of an endpoint whose writes have commits, these decide. All else
/// stands in causal order. Holds a few words for each such event.
package struct TLAExport: EventExport {
    private enum Step: String {
        case create, check, apply, rollback, restore, delete
    }

    private struct Line {
        var step: Step
        var row: EventRow
        var commit: Generation?
        /// Of the store's own record, whose write it was.
        var writer: String?
    }

    private var lines: [Line] = []

    package init() {}

    /// The specification, its configuration, and the names under which TLC looks for them.
    package static let specification: [(name: String, bytes: [UInt8])] = [
        ("PlanTrace.tla", PackageResources.PlanTrace_tla), ("PlanTrace.cfg", PackageResources.PlanTrace_cfg),
    ]

    package mutating func begin(_ output: inout [UInt8]) {}

    package mutating func add(_ event: ExportEvent, in order: ExportOrder, _ output: inout [UInt8]) {
        guard let step = Self.step(event), event.row.plan != nil else { return }
        var row = event.row
        row.raw = []
        row.rest = ""
        func value(_ key: String) -> String? { row.fields.first { $0.key == key }?.value }
        lines.append(
            Line(
                step: step, row: row, commit: value("commit").flatMap { Generation(decimal: $0) },
                writer: event.kind == .changeCommitted ? value("by") ?? "" : nil))
    }

    private static func step(_ event: ExportEvent) -> Step? {
        switch event.kind {
        case .planCreated: .create
        case .planChecked: .check
        case .planApplied, .changeCommitted:
            event.isOK && event.row.endpoint != nil ? (event.isRollback ? .rollback : .apply) : nil
        case .recordRestored: event.isOK && event.row.endpoint != nil ? .restore : nil
        case .planDeleted: event.isOK ? .delete : nil
        default: nil
        }
    }

    package mutating func end(_ output: inout [UInt8]) {
        leaveOutAnswers()
        sortByCommit()
        let plans = Set(lines.flatMap { [$0.row.plan, Self.active(of: $0)] }.compactMap { $0 }).filter { $0 > 0 }
        let numbers = Dictionary(uniqueKeysWithValues: plans.sorted().enumerated().map { ($1, $0 + 1) })
        func number(_ plan: Generation?) -> Int { plan.flatMap { numbers[$0] } ?? 0 }
        for line in lines {
            var json = CompactJSON()
            json.object { json in
                for (key, value) in [
                    ("step", line.step.rawValue), ("actor", line.writer ?? line.row.actor),
                    ("endpoint", line.row.endpoint ?? ""),
                ] {
                    json.key(key)
                    json.value(value)
                }
                json.key("plan")
                json.value(number(line.row.plan))
                json.key("active")
                json.value(number(Self.active(of: line)))
                for (key, value) in [
                    ("generation", line.row.plan?.description ?? ""), ("record", "\(line.row.file):\(line.row.line)"),
                ] {
                    json.key(key)
                    json.value(value)
                }
            }
            output.append(contentsOf: json.bytes + [0x0A])
        }
    }

    private static func active(of line: Line) -> Generation? {
        line.row.fields.first { $0.key == "active" }.flatMap { Generation(decimal: $0.value) }
    }

    /// A write to an endpoint, as its writer and its store name it.
    private struct Write: Hashable {
        var endpoint: String?
        var plan: Generation?
        var writer: String
    }

    /// Leaves out the writers' own records of writes that a store's record stands for.
    private mutating func leaveOutAnswers() {
        var stored: Set<Write> = []
        for line in lines {
            guard let writer = line.writer else { continue }
            stored.insert(Write(endpoint: line.row.endpoint, plan: line.row.plan, writer: writer))
        }
        lines.removeAll { line in
            guard line.writer == nil, line.step != .create, line.step != .check, line.step != .delete else {
                return false
            }
            return ["", line.row.actor].contains {
                stored.contains(Write(endpoint: line.row.endpoint, plan: line.row.plan, writer: $0))
            }
        }
    }

    /// Puts each endpoint's writes that have commits into their order, at the places where they stood.
    private mutating func sortByCommit() {
        let committed = lines.indices.filter { lines[$0].commit != nil }
        for places in Dictionary(grouping: committed, by: { lines[$0].row.endpoint }).values {
            let sorted = places.sorted {
                (lines[$0].commit ?? 0, $0) < (lines[$1].commit ?? 0, $1)
            }.map { lines[$0] }
            for (place, line) in zip(places, sorted) { lines[place] = line }
        }
    }
}
