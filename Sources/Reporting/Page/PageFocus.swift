import EventModel

/// What a page looks at: the records that prove findings, and when which subject is concerned.
struct PageFocus {
    /// A record's part in the proof of a finding.
    struct Mark: Hashable {
        /// The index of the finding's group.
        var group: Int
        var part: String
    }

    /// What a record is to the findings.
    struct Role {
        var marks: [Mark] = []
        /// Whether the page keeps its line: it is evidence of a finding that stands for its group.
        var isQuoted = false
    }

    /// The records that findings or the cascade name; the cascade's own have no marks.
    private(set) var roles: [RecordPlace: Role] = [:]
    /// Names of endpoints, queues, services and actors that findings are about, and the span of each.
    private var subjects: NameIndex
    private var spans: [(from: Timestamp, to: Timestamp)]

    /// Of so many groups the records are quoted, and so many records of each.
    private static let quotedGroups = 400
    private static let quotedRecords = 24
    /// How far around a finding its subject's events count as concerned.
    private static let margin = Nanoseconds.minute

    init(_ report: Report, _ list: FindingList) {
        var names: [String] = []
        var number: [String: Int] = [:]
        spans = []
        subjects = NameIndex([])
        for (index, group) in list.groups.enumerated() {
            for member in group.members {
                let finding = list.findings[member]
                for item in finding.evidence {
                    add(Mark(group: index, part: item.part), to: RecordPlace(item.record))
                }
                guard finding.severity != .info else { continue }
                let until = finding.lasts ? Timestamp(nanoseconds: .max) : max(finding.until ?? finding.at, finding.at)
                let span = (from: finding.at.advanced(by: -Self.margin), to: until.advanced(by: Self.margin))
                for name in [finding.endpoint ?? finding.queue ?? finding.service ?? finding.actor].compactMap({ $0 }) {
                    if let known = number[name] {
                        spans[known] = (min(spans[known].from, span.from), max(spans[known].to, span.to))
                    } else {
                        number[name] = spans.count
                        names.append(name)
                        spans.append(span)
                    }
                }
            }
            if index < Self.quotedGroups {
                for item in list.representative(group).evidence.prefix(Self.quotedRecords) {
                    roles[RecordPlace(item.record), default: Role()].isQuoted = true
                }
            }
        }
        subjects = NameIndex(names)
        guard let cascade = report.cascade else { return }
        let linked = cascade.edges.flatMap(\.chain) + cascade.windows.compactMap(\.endedBy)
        for record in linked where roles[RecordPlace(record)] == nil { roles[RecordPlace(record)] = Role() }
    }

    private mutating func add(_ mark: Mark, to place: RecordPlace) {
        if roles[place]?.marks.contains(mark) != true { roles[place, default: Role()].marks.append(mark) }
    }

    /// Whether a finding is about what the event is about, at its time.
    mutating func isConcerned(_ batch: borrowing EventBatch, row: Int, name: (Symbol) -> String) -> Bool {
        let time = Timestamp(nanoseconds: batch.time[row])
        for symbol in [
            batch.endpoint[row], batch.actor[row], batch.symbol(.queue, at: row), batch.symbol(.service, at: row),
        ] {
            guard let subject = subjects.number(symbol, name) else { continue }
            if spans[subject].from <= time, time <= spans[subject].to { return true }
        }
        return false
    }
}
