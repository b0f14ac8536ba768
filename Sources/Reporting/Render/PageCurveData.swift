import CausalAnalysis
import EventModel

/// The page's diagrams and curves: events in space and time, generations, queues, services.
struct PageCurveData {
    private let page: ReportPage
    private var list: FindingList { page.list }

    init(_ page: ReportPage) {
        self.page = page
    }

    func diagrams(_ strings: inout PageStrings, to json: inout CompactJSON) {
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

    func generations(_ strings: inout PageStrings, to json: inout CompactJSON) {
        json.key("generations")
        json.array { json in for endpoint in page.generations { write(endpoint, &strings, to: &json) } }
    }

    private func write(_ generations: Generations, _ strings: inout PageStrings, to json: inout CompactJSON) {
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
            json.array { json in for step in steps { json.plan(step.plan) } }
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
            json.span(generations.near)
            json.key("omitted")
            json.value(generations.omitted)
        }
    }

    func queues(_ strings: inout PageStrings, to json: inout CompactJSON) {
        json.key("queues")
        json.array { json in
            for (group, curve) in page.queues {
                let buckets = curve.buckets
                json.object { json in
                    json.key("finding")
                    json.value(group)
                    json.key("name")
                    json.value(PageStrings.cut(list.representative(list.groups[group]).subject))
                    json.bucketing(from: curve.span.lowerBound, width: curve.width)
                    json.column("depth", buckets.map(\.depth))
                    json.column("age", buckets.map { $0.oldest.map(PageNumber.rounded) })
                    let rate = { (items: Double, bucket: QueueCurve.Bucket) in
                        bucket.seconds > 0 ? PageNumber.rounded(items / bucket.seconds) : nil
                    }
                    json.column("arrived", buckets.map { rate($0.arrived, $0) })
                    json.column("completed", buckets.map { rate($0.completed, $0) })
                    json.column("failed", buckets.map { rate($0.departed - $0.completed, $0) })
                }
            }
        }
    }

    func services(_ strings: inout PageStrings, to json: inout CompactJSON) {
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
                    json.bucketing(from: services.from, width: services.width)
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
}
