import CausalAnalysis
import EventModel

/// The page's findings, and what led to what among them.
struct PageFindingData {
    private let page: ReportPage
    private var report: Report { page.report }
    private var list: FindingList { page.list }

    /// The most findings of a row that the page lists.
    private static let memberLimit = 200

    init(_ page: ReportPage) {
        self.page = page
    }

    func findings(_ strings: inout PageStrings, to json: inout CompactJSON) {
        json.key("findings")
        json.array { json in for index in list.groups.indices { finding(index, &strings, to: &json) } }
    }

    private func finding(_ index: Int, _ strings: inout PageStrings, to json: inout CompactJSON) {
        let group = list.groups[index]
        let finding = list.representative(group)
        let (subject, more) = FindingWords.subject(group, list)
        let endpoint = finding.endpoint.map { strings.number($0) } ?? 0
        let texts: [(String, String)] = [
            ("label", group.label), ("id", list.ids[group.representative]), ("kind", group.kind.rawValue),
            ("severity", group.severity.name), ("confidence", group.confidence.name),
            ("subject", PageStrings.cut(subject)), ("noun", FindingWords.noun(group, list)),
            ("sentence", PageStrings.cut(FindingWords.sentence(group, list))),
            ("trust", PageStrings.cut(FindingWords.trust(group, list))),
        ]
        json.object { json in
            for (key, text) in texts {
                json.key(key)
                json.value(text)
            }
            json.key("endpoint")
            json.value(endpoint)
            json.key("at")
            json.value(group.at.milliseconds)
            json.key("until")
            json.value(group.until?.milliseconds)
            json.key("lasts")
            json.value(group.lasts)
            json.key("began")
            if let began = finding.began { json.span(began) } else { json.value(nil as Int?) }
            json.key("more")
            json.value(more)
            json.key("size")
            json.value(group.members.count)
            json.key("figures")
            json.array { json in
                for figure in finding.figures {
                    json.array { json in
                        for text in [figure.name, FindingWords.value(figure), figure.scope] { json.value(text) }
                    }
                }
            }
            json.key("members")
            json.array { json in for member in group.members.prefix(Self.memberLimit) { write(member, to: &json) } }
            json.key("document")
            DocumentJSON.write(page.explanation(index), to: &json)
        }
    }

    private func write(_ member: Int, to json: inout CompactJSON) {
        let finding = list.findings[member]
        json.object { json in
            json.key("id")
            json.value(list.ids[member])
            json.key("subject")
            json.value(PageStrings.cut(finding.subject))
            json.key("at")
            json.value(finding.at.milliseconds)
            json.key("until")
            json.value(finding.until?.milliseconds)
        }
    }

    /// Edges as `[from, to, prolonged, [events]]`, from the row of one window's first finding to that of the other's; endings
    /// as `[finding, event]`.
    func cascade(_ strings: inout PageStrings, to json: inout CompactJSON) {
        let windows = report.cascade?.windows ?? []
        let number = Dictionary(zip(list.ids, list.groupOf)) { first, _ in first }
        let group = windows.map { window in window.findings.first.flatMap { number[$0] } }
        json.key("edges")
        json.array { json in
            for edge in report.cascade?.edges ?? [] {
                guard let from = group[edge.from], let to = group[edge.to] else { continue }
                json.array { json in
                    json.value(from)
                    json.value(to)
                    json.value(edge.role == .prolonged ? 1 : 0)
                    json.array { json in
                        for record in edge.chain { json.value(page.index[RecordPlace(record)] ?? -1) }
                    }
                }
            }
        }
        json.key("ends")
        json.array { json in
            for (window, group) in zip(windows, group) {
                guard let record = window.endedBy, let group, let event = page.index[RecordPlace(record)] else {
                    continue
                }
                json.array { json in
                    json.value(group)
                    json.value(event)
                }
            }
        }
    }
}
