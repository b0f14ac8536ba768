import CausalAnalysis
import EventModel

/// The page's events as columns, what they are evidence of, and the lines of those that are quoted.
struct PageEventData {
    private let page: ReportPage

    init(_ page: ReportPage) {
        self.page = page
    }

    func events(_ strings: inout PageStrings, to json: inout CompactJSON) {
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
            json.array { json in for event in events { json.plan(event.plan) } }
            json.column("file", events.map { Int($0.place.source.index) })
            json.column("line", events.map { Int(clamping: $0.place.line) })
            json.key("counter")
            json.array { json in for event in events { json.plan(event.counter) } }
            json.column("why", events.map { Int($0.reason.rawValue) })
        }
    }

    /// Which events are evidence of which findings, and the lines of those that are quoted.
    func marks(_ strings: inout PageStrings, to json: inout CompactJSON) {
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
}
