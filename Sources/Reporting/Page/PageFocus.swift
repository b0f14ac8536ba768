import EventModel

/// What a page looks at: the records that prove findings, and when which subject is concerned.
struct PageFocus {
    /// A record's part in the proof of a finding.
    struct Mark: Hashable {
        /// The index of the finding's group.
        var group: Int
        var part: String
    }

    private(set) var marks: [RecordPlace: [Mark]] = [:]
    /// Records that the page keeps with their lines: evidence of the findings that stand for their groups.
    private(set) var quoted: Set<RecordPlace> = []
    /// Records of the cascade: its chains, and what ended windows.
    private(set) var linked: Set<RecordPlace> = []
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
        for (index, group) in list.groups.enumerated() {
            for member in group.members {
                let finding = list.findings[member]
                for item in finding.evidence {
                    let mark = Mark(group: index, part: item.part)
                    if marks[RecordPlace(item.record)]?.contains(mark) != true {
                        marks[RecordPlace(item.record), default: []].append(mark)
                    }
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
                let evidence = list.representative(group).evidence.prefix(Self.quotedRecords)
                quoted.formUnion(evidence.map { RecordPlace($0.record) })
            }
        }
        subjects = NameIndex(names)
        if let cascade = report.cascade {
            linked.formUnion(cascade.edges.flatMap { $0.chain.map { RecordPlace($0) } })
            linked.formUnion(cascade.windows.compactMap { $0.endedBy.map { RecordPlace($0) } })
        }
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
