import EventModel

/// Counts the events that a timeline leaves out, by reason and kind.
struct OmissionTally {
    /// Why an event is left out.
    enum Reason: Int, CaseIterable {
        case far, other, sent, outside, limit
    }

    private var counts = [UInt64](repeating: 0, count: Reason.allCases.count * EventKind.allCases.count)

    /// Counts one event.
    mutating func add(_ reason: Reason, _ kind: EventKind) {
        counts[reason.rawValue * EventKind.allCases.count + Int(kind.rawValue)] &+= 1
    }

    /// The reasons that applied, in words, with what they left out.
    func omissions(_ options: TimelineOptions) -> [Timeline.Omission] {
        Reason.allCases.compactMap { reason in
            let kinds = EventKind.allCases.map { kind in
                let count = counts[reason.rawValue * EventKind.allCases.count + Int(kind.rawValue)]
                return (name: kind == .other ? "others" : kind.name, count: count)
            }
            let seen = kinds.filter { $0.count > 0 }.enumerated().sorted { a, b in
                a.element.count != b.element.count ? a.element.count > b.element.count : a.offset < b.offset
            }
            let total = seen.reduce(UInt64(0)) { $0 &+ $1.element.count }
            if total == 0 { return nil }
            return Timeline.Omission(
                reason: words(reason, options), count: total, events: seen.prefix(8).map(\.element))
        }
    }

    private func words(_ reason: Reason, _ options: TimelineOptions) -> String {
        switch reason {
        case .far: "more than \(Nanoseconds.words(options.surroundings)) from any evidence of a finding"
        case .other: "near a finding, but of another endpoint, queue or actor"
        case .sent: "writes sent, of which the result is what counts"
        case .outside: "outside the span or endpoint asked for"
        case .limit: "over its share of the \(Figures.grouped(max(20, options.limit))) rows"
        }
    }
}
