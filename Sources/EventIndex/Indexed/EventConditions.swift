import EventModel
import LogReading

/// A condition that SQL puts on a column of `events`, by which an index can leave frames out.
struct EventCondition {
    enum Column {
        case seq, ts, plan, file, line
        case name(EventFilter.Criterion)
    }

    enum Relation {
        case equal, atLeast, atMost, glob
    }

    var column: Column
    var relation: Relation
}

/// What conditions leave of an index. It may leave too much, never too little: SQLite looks at every row again.
struct EventConditions {
    private var ranges: [ColumnRange: ClosedRange<Int64>] = [:]
    private var isEmpty = false
    private var file: String?
    private var names: [(criterion: EventFilter.Criterion, pattern: NamePattern)] = []

    private enum ColumnRange: Hashable {
        case seq, ts, plan, line
    }

    /// Adds a condition with the value that it compares with.
    mutating func add(_ condition: EventCondition, _ value: SQLValue) {
        switch condition.column {
        case .seq: narrow(.seq, condition.relation, value)
        case .ts: narrow(.ts, condition.relation, value)
        case .plan: narrow(.plan, condition.relation, value)
        case .line: narrow(.line, condition.relation, value)
        case .file:
            if case .text(let text) = value { file = text }
        case .name(let criterion):
            guard case .text(let text) = value else { return }
            let pattern = condition.relation == .glob ? NamePattern(glob: text) : NamePattern(name: text)
            if let pattern { names.append((criterion, pattern)) }
        }
    }

    private mutating func narrow(_ column: ColumnRange, _ relation: EventCondition.Relation, _ value: SQLValue) {
        // Of whole numbers those from the next lower one on, up to the next higher one. What is no number compares by rules of its own.
        var bounds: (low: Int64, high: Int64)
        switch value {
        case .integer(let integer): bounds = (integer, integer)
        case .number(let number): bounds = (Int64(number, rounded: .down), Int64(number, rounded: .up))
        case .null, .text, .bytes: return
        }
        if column == .plan {
            // Large generations stand in the columns as symbols, all of them beyond the small ones.
            bounds.low = min(bounds.low, Generation.firstLarge)
            if bounds.high >= Generation.firstLarge { bounds.high = .max }
        }
        let known = ranges[column] ?? .min ... .max
        let low = relation == .atMost ? known.lowerBound : max(known.lowerBound, bounds.low)
        let high = relation == .atLeast ? known.upperBound : min(known.upperBound, bounds.high)
        if low <= high { ranges[column] = low...high } else { isEmpty = true }
    }

    /// The frames to read.
    func plan(_ index: BundleIndex) throws(IndexFault) -> QueryPlan {
        var plan = QueryPlan(try index.frames())
        if isEmpty {
            plan.narrowToNothing()
            return plan
        }
        if let file, let line = ranges[.line], line.lowerBound == line.upperBound {
            plan.narrowToNothing()
            let line = UInt64(clamping: line.lowerBound)
            // A log that several sources read is there under its name for each.
            plan.add(
                index.summary.sources.enumerated().filter { $0.element == file }
                    .map { (UInt32(clamping: $0.offset), line) })
            return plan
        }
        for (criterion, pattern) in names {
            let entries = try index.entries(criterion, only: pattern.name, where: pattern.mayMatch)
            try plan.narrow(to: entries)
        }
        if let range = ranges[.ts] {
            plan.narrow(
                to: TimeWindow(Timestamp(nanoseconds: range.lowerBound)...Timestamp(nanoseconds: range.upperBound)))
        }
        if let range = ranges[.plan] { plan.narrow(toPlans: range) }
        if let range = ranges[.seq] {
            // SQL counts from 1.
            if range.upperBound < 1 {
                plan.narrowToNothing()
            } else {
                plan.narrow(toOrdinals: UInt64(max(1, range.lowerBound) - 1)...UInt64(range.upperBound - 1))
            }
        }
        return plan
    }
}

/// Which names a condition can hold for.
private enum NamePattern {
    case name(String)
    case prefix([UInt8])

    /// - Returns: nil where it tells nothing: a name with a NUL stands in the tables in another form.
    init?(name: String) {
        if name.unicodeScalars.contains(where: { $0 == "\0" || $0 == "\u{2400}" }) { return nil }
        self = .name(name)
    }

    /// By a pattern's beginning alone: the rest is SQLite's to judge.
    init?(glob: String) {
        let special: [Unicode.Scalar] = ["*", "?", "["]
        let plain = String(String.UnicodeScalarView(glob.unicodeScalars.prefix { !special.contains($0) }))
        guard case .name(let text)? = NamePattern(name: plain) else { return nil }
        if plain.utf8.count == glob.utf8.count {
            self = .name(text)
        } else if text.isEmpty {
            return nil
        } else {
            self = .prefix(Array(text.utf8))
        }
    }

    /// The one name that is meant.
    var name: String? {
        if case .name(let name) = self { name } else { nil }
    }

    func mayMatch(_ name: String) -> Bool {
        switch self {
        case .name(let wanted): name == wanted
        case .prefix(let prefix): name.utf8.starts(with: prefix)
        }
    }
}

extension Int64 {
    /// The whole number next to a number, or the last one on its side.
    fileprivate init(_ number: Double, rounded rule: FloatingPointRoundingRule) {
        self = Int64(exactly: number.rounded(rule)) ?? (number < 0 ? .min : .max)
    }
}
