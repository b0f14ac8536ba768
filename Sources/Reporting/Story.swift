import EventModel

/// What happened, in at most ten plain sentences, made of the findings in the order of time. Exact text: the renderer escapes it.
struct Story {
    private let report: Report
    private let list: FindingList
    private let times: TimeStyle

    init(_ report: Report, _ list: FindingList, _ times: TimeStyle) {
        self.report = report
        self.list = list
        self.times = times
    }

    /// One sentence, and the group that it tells of.
    struct Line {
        var text: String
        var group: FindingGroup?
    }

    /// So many lines at most.
    private static let longest = 10

    func lines(_ groups: [FindingGroup]) -> [Line] {
        var chosen = groups.filter { $0.severity != .info }
        let hidden = chosen.count - min(chosen.count, Self.longest - 2)
        // What is dated at the last sample before its cause stands where it has begun for sure.
        chosen = chosen.prefix(Self.longest - 2).sorted { a, b in
            let (first, second) = (surelyBegun(a), surelyBegun(b))
            return first != second ? first < second : a.number < b.number
        }
        var lines = chosen.map { Line(text: sentence($0), group: $0) }
        if chosen.isEmpty {
            lines.append(Line(text: "The logs show no overwrite, deletion, wedge or backlog above info.", group: nil))
        }
        if hidden > 0 {
            lines.append(
                Line(text: Figures.count(hidden, "further finding") + " of lesser weight: see below.", group: nil))
        }
        let broken = groups.filter { $0.lasts && $0.severity != .info }
        if !broken.isEmpty {
            let names = broken.prefix(6).map(\.label).joined(separator: ", ")
            let more = broken.count > 6 ? " and \(broken.count - 6) more" : ""
            lines.append(Line(text: "Still so at the end of the logs: " + names + more + ".", group: nil))
        } else if !chosen.isEmpty {
            lines.append(Line(text: "None of it lasts to the end of the logs.", group: nil))
        }
        return lines
    }

    private func surelyBegun(_ group: FindingGroup) -> Timestamp {
        max(group.at, list.representative(group).began?.upperBound ?? group.at)
    }

    private func sentence(_ group: FindingGroup) -> String {
        var text = times.clock(group.at)
        if surelyBegun(group) > group.at { text = "between " + text + " and " + times.clock(surelyBegun(group)) }
        text += ", " + group.kind.rawValue
        let (name, more) = FindingWords.subject(group, list)
        if !name.isEmpty { text += " on " + name }
        if more > 0 { text += " and " + Figures.count(more, "more " + FindingWords.noun(group, list)) }
        let sentence = FindingWords.sentence(group, list)
        text += ": " + (sentence.hasSuffix(".") ? String(sentence.dropLast()) : sentence)
        let extent = FindingWords.extent(group)
        if !extent.isEmpty, !group.lasts { text += " (for " + extent + ")" }
        if group.confidence < .measured { text += " (" + group.confidence.name + ")" }
        return text + "."
    }
}
