import CausalAnalysis
import EventModel

/// A report's page as the data that its script reads (`inquest.page/1`): columns of numbers that point into one table of
/// strings.
///
/// Times are whole milliseconds since 1970. A generation too large for a script's numbers stands as text.
struct PageData {
    private let page: ReportPage
    private var strings: PageStrings

    /// The bytes of the page's data.
    static func write(_ page: ReportPage) -> [UInt8] {
        var data = PageData(page: page, strings: PageStrings(page.name))
        var json = CompactJSON()
        json.object { json in
            json.key("schema")
            json.value("inquest.page/1")
            data.head(to: &json)
            data.texts(to: &json)
            data.events(to: &json)
            data.marks(to: &json)
            data.findings(to: &json)
            data.cascade(to: &json)
            data.diagrams(to: &json)
            data.generations(to: &json)
            data.queues(to: &json)
            data.services(to: &json)
            json.key("strings")
            json.array { json in for text in data.strings.all { json.value(text) } }
        }
        return json.bytes
    }

    private var report: Report { page.report }
    private var list: FindingList { page.list }

    /// The most findings of a row that the page lists.
    private static let memberLimit = 200

    // MARK: What was read

    private func head(to json: inout CompactJSON) {
        json.key("bundle")
        json.value(PageStrings.cut(report.bundle.name))
        json.key("head")
        json.array { json in
            json.value(SummaryHead.volume(report))
            let trust = SummaryHead.trust(report).joined(separator: " · ")
            json.value(SummaryHead.span(report, page.times) + " · " + trust)
        }
        json.key("span")
        span(report.span ?? Timestamp(nanoseconds: 0)...Timestamp(nanoseconds: 0), to: &json)
        json.key("within")
        if let within = page.options.within { span(within, to: &json) } else { json.value(nil as Int?) }
        json.key("total")
        json.value(report.counts.events)
        json.key("files")
        json.array { json in for source in report.bundle.sources { json.value(PageStrings.cut(source.path)) } }
        json.key("omitted")
        json.array { json in
            for omission in page.omissions {
                json.array { json in
                    json.value(omission.words)
                    json.value(omission.count)
                }
            }
        }
        json.key("command")
        json.value(page.command("query"))
        json.key("unaffected")
        json.array { json in for name in report.cascade?.unaffected ?? [] { json.value(PageStrings.cut(name)) } }
    }

    private func texts(to json: inout CompactJSON) {
        json.key("story")
        DocumentJSON.write(page.story(), to: &json)
        json.key("quality")
        DocumentJSON.write(page.quality(), to: &json)
    }

    // MARK: Events

    private mutating func events(to json: inout CompactJSON) {
        let events = page.events
        let outcomes = Outcome.allCases.map { $0 == .ok ? 0 : strings.number($0.name) }
        let actors = events.map { strings.number($0.actor) }
        let names = events.map { strings.number($0.event) }
        let endpoints = events.map { strings.number($0.endpoint) }
        let texts = events.map { strings.number($0.text) }
        json.key("events")
        json.object { json in
            var last = 0
            json.column(
                "ms",
                events.map { event in
                    defer { if !event.time.isAbsent { last = event.time.milliseconds } }
                    return event.time.isAbsent ? 0 : event.time.milliseconds - last
                })
            json.column("untimed", events.indices.filter { events[$0].time.isAbsent })
            json.column("actor", actors)
            json.column("event", names)
            json.column("endpoint", endpoints)
            json.column("text", texts)
            json.column("outcome", events.map { outcomes[Int($0.outcome.rawValue)] })
            json.key("plan")
            json.array { json in for event in events { plan(event.plan, to: &json) } }
            json.column("file", events.map { Int($0.place.source.index) })
            json.column("line", events.map { Int(clamping: $0.place.line) })
            json.key("counter")
            json.array { json in for event in events { plan(event.counter, to: &json) } }
            json.column("why", events.map { Int($0.reason.rawValue) })
        }
    }

    /// Which events are evidence of which findings, and the lines of those that are quoted.
    private mutating func marks(to json: inout CompactJSON) {
        let marks = page.events.enumerated().flatMap { index, event in
            (page.roles[event.place]?.marks ?? []).map { (event: index, mark: $0) }
        }
        let parts = marks.map { strings.number($0.mark.part) }
        json.key("marks")
        json.object { json in
            json.column("event", marks.map(\.event))
            json.column("finding", marks.map(\.mark.group))
            json.column("part", parts)
            json.key("role")
            json.array { json in for (_, mark) in marks { json.value(Self.role(mark.part)) } }
        }
        let quoted = page.events.indices.filter { page.lines[page.events[$0].place] != nil }
        json.key("lines")
        json.object { json in
            json.column("event", quoted)
            json.key("text")
            json.array { json in
                for index in quoted {
                    json.value(String(decoding: page.lines[page.events[index].place] ?? [], as: UTF8.self))
                }
            }
        }
    }

    /// What a record is in a diagram.
    private static func role(_ part: String) -> String {
        switch part {
        case Finding.Part.write, Finding.Part.nearMiss: "write"
        case Finding.Part.check, Finding.Part.runStart: "check"
        case Finding.Part.displaced: "newer"
        case Finding.Part.deletion: "deletion"
        case Finding.Part.emptied: "emptied"
        case Finding.Part.ending, Finding.Part.restoration: "ending"
        case Finding.Part.firstFailure, Finding.Part.refusal: "failure"
        default: "record"
        }
    }

    // MARK: Findings

    private mutating func findings(to json: inout CompactJSON) {
        json.key("findings")
        json.array { json in for index in list.groups.indices { finding(index, to: &json) } }
    }

    private mutating func finding(_ index: Int, to json: inout CompactJSON) {
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
            if let began = finding.began { span(began, to: &json) } else { json.value(nil as Int?) }
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
    private func cascade(to json: inout CompactJSON) {
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

    // MARK: Diagrams and curves

    private func diagrams(to json: inout CompactJSON) {
        json.key("diagrams")
        json.array { json in
            for diagram in page.diagrams {
                json.object { json in
                    json.key("finding")
                    json.value(diagram.group)
                    json.column("events", diagram.events.map { page.index[$0.place] ?? -1 })
                    json.column("from", diagram.edges.map(\.from))
                    json.column("to", diagram.edges.map(\.to))
                    json.key("pivot")
                    json.value(diagram.pivot.flatMap { page.index[$0] } ?? -1)
                    json.key("omitted")
                    json.value(diagram.omitted)
                }
            }
        }
    }

    private mutating func generations(to json: inout CompactJSON) {
        json.key("generations")
        json.array { json in for endpoint in page.generations { write(endpoint, to: &json) } }
    }

    private mutating func write(_ generations: Generations, to json: inout CompactJSON) {
        let steps = generations.steps
        let endpoint = strings.number(generations.endpoint)
        let writers = steps.map { strings.number($0.writer) }
        let emptied = list.findings.indices.filter {
            list.findings[$0].kind == .endpointEmptied && list.findings[$0].endpoint == generations.endpoint
        }
        json.object { json in
            json.key("endpoint")
            json.value(endpoint)
            json.column("ms", steps.map(\.time.milliseconds))
            json.key("plan")
            json.array { json in for step in steps { plan(step.plan, to: &json) } }
            json.column("actor", writers)
            json.column("event", steps.map { page.index[$0.place] ?? -1 })
            json.key("gone")
            json.array { json in
                for member in emptied {
                    json.array { json in
                        json.value(list.groupOf[member])
                        json.value(list.findings[member].at.milliseconds)
                        json.value(list.findings[member].until?.milliseconds)
                    }
                }
            }
            json.key("near")
            span(generations.near, to: &json)
            json.key("omitted")
            json.value(generations.omitted)
        }
    }

    private func queues(to json: inout CompactJSON) {
        json.key("queues")
        json.array { json in
            for (group, curve) in page.queues {
                let buckets = curve.buckets
                json.object { json in
                    json.key("finding")
                    json.value(group)
                    json.key("name")
                    json.value(PageStrings.cut(list.representative(list.groups[group]).subject))
                    bucketing(from: curve.span.lowerBound, width: curve.width, to: &json)
                    json.column("depth", buckets.map(\.depth))
                    json.column("age", buckets.map { $0.oldest.map(rounded) })
                    let rate = { (items: Double, bucket: QueueCurve.Bucket) in
                        bucket.seconds > 0 ? rounded(items / bucket.seconds) : nil
                    }
                    json.column("arrived", buckets.map { rate($0.arrived, $0) })
                    json.column("completed", buckets.map { rate($0.completed, $0) })
                    json.column("failed", buckets.map { rate($0.departed - $0.completed, $0) })
                }
            }
        }
    }

    private func services(to json: inout CompactJSON) {
        let services = page.services
        var groups: [String: [Int]] = [:]
        for (index, group) in list.groups.enumerated() {
            if let service = list.representative(group).service { groups[service, default: []].append(index) }
        }
        let named = services.curves.map { (name: page.name($0.service), curve: $0) }.sorted { a, b in
            let (first, second) = (groups[a.name]?.first ?? .max, groups[b.name]?.first ?? .max)
            return first != second ? first < second : a.name.utf8.lexicographicallyPrecedes(b.name.utf8)
        }
        json.key("services")
        json.array { json in
            for (name, curve) in named {
                json.object { json in
                    json.key("name")
                    json.value(PageStrings.cut(name))
                    bucketing(from: services.from, width: services.width, to: &json)
                    json.column("requests", curve.requests.map { $0.map(Double.init) })
                    json.column("errors", curve.errors.map { $0.map(Double.init) })
                    json.column("throttles", curve.throttles.map { $0.map(Double.init) })
                    json.column("findings", groups[name] ?? [])
                }
            }
        }
        json.key("other_services")
        json.value(services.omitted)
    }

    // MARK: Numbers

    private func bucketing(from: Timestamp, width: Int64, to json: inout CompactJSON) {
        json.key("from")
        json.value(from.milliseconds)
        json.key("width")
        json.value(Double(width) / Double(Nanoseconds.millisecond))
    }

    /// To six digits that count: what is drawn needs no more, and the last bits of a quotient differ between machines.
    private func rounded(_ value: Double) -> Double {
        guard value > 0, value < 1e12 else { return value }
        var scale = 1.0
        while value * scale < 100_000, scale < 1e9 { scale *= 10 }
        return (value * scale).rounded() / scale
    }

    private func span(_ span: ClosedRange<Timestamp>, to json: inout CompactJSON) {
        json.array { json in
            json.value(span.lowerBound.milliseconds)
            json.value(span.upperBound.milliseconds)
        }
    }

    /// Beyond 2⁵³ a script's numbers are not exact.
    private func plan(_ value: Int64?, to json: inout CompactJSON) {
        if let value, value.magnitude >= 1 << 53 { json.value(String(value)) } else { json.value(value) }
    }

    private func plan(_ value: Generation?, to json: inout CompactJSON) {
        if let value, value.int64 == nil { json.value(value.description) } else { plan(value?.int64, to: &json) }
    }
}

extension Timestamp {
    /// Whole milliseconds since 1970, rounded down.
    fileprivate var milliseconds: Int {
        let (quotient, rest) = nanoseconds.quotientAndRemainder(dividingBy: Nanoseconds.millisecond)
        return Int(rest < 0 ? quotient - 1 : quotient)
    }
}
