import EventModel

/// The part `cascade` of `inquest.findings/1`: windows by onset, what joins them, how they ended, what stayed well; null where
/// nothing could be joined.
enum CascadeJSON {
    static func write(_ report: Report, to json: inout JSONWriter) {
        guard let cascade = report.cascade else {
            json.null()
            return
        }
        json.object { json in
            json.key("windows")
            json.array { json in for window in cascade.windows { write(window, cascade, report, to: &json) } }
            json.key("edges")
            json.array { json in for edge in cascade.edges { write(edge, cascade, report, to: &json) } }
            json.key("unaffected")
            json.array { json in for service in cascade.unaffected { json.value(service) } }
            json.field("omitted", cascade.omitted)
        }
    }

    private static func write(
        _ window: Cascade.Window, _ cascade: Cascade, _ report: Report, to json: inout JSONWriter
    ) {
        json.object { json in
            json.key("findings")
            json.array { json in for id in window.findings { json.value(id) } }
            json.field("kind", window.kind.rawValue)
            json.field("at", window.at.rfc3339(digits: 9))
            json.key("until")
            if let until = window.until { json.value(until.rfc3339(digits: 9)) } else { json.null() }
            switch window.ending {
            case .unknownTrigger: json.field("ending", "unknown-trigger")
            case .withTrigger(let trigger):
                json.field("ending", "with-trigger")
                write(trigger, cascade, to: &json)
            case .beforeTrigger(let trigger, let span):
                json.field("ending", "before-trigger")
                write(trigger, cascade, to: &json)
                json.field("earlier_ms", span / Nanoseconds.millisecond)
            case .outlived(let trigger, let span):
                json.field("ending", "outlived")
                write(trigger, cascade, to: &json)
                json.field("outlived_ms", span / Nanoseconds.millisecond)
            }
            if let endedBy = window.endedBy {
                json.key("ended_by")
                json.object { EvidenceJSON.place(of: endedBy, in: report, to: &$0) }
            }
        }
    }

    /// Null where the trigger is not among the windows shown.
    private static func write(_ trigger: Int?, _ cascade: Cascade, to json: inout JSONWriter) {
        json.key("trigger")
        if let trigger { json.value(cascade.name(trigger)) } else { json.null() }
    }

    private static func write(_ edge: Cascade.Edge, _ cascade: Cascade, _ report: Report, to json: inout JSONWriter) {
        json.object { json in
            json.field("from", cascade.name(edge.from))
            json.field("to", cascade.name(edge.to))
            json.field("role", edge.role.rawValue)
            json.key("chain")
            json.array { json in
                for record in edge.chain { json.object { EvidenceJSON.place(of: record, in: report, to: &$0) } }
            }
        }
    }
}

extension Cascade {
    /// The id of the finding that stands for a window.
    fileprivate func name(_ window: Int) -> String { windows[window].findings.first ?? "" }
}
