import EventModel

/// A comparison as JSON of the schema `inquest.comparison/1`.
package enum ComparisonJSON {
    /// Writes it; `emit` gets the text in UTF-8.
    package static func write(_ comparison: BundleComparison, emit: ([UInt8]) throws -> Void) rethrows {
        var json = JSONWriter()
        json.object { json in
            json.field("schema", "inquest.comparison/1")
            json.field("same", comparison.isSame)
            json.key("a")
            write(comparison.a, to: &json)
            json.key("b")
            write(comparison.b, to: &json)
            json.key("findings")
            write(comparison, comparison.findings, to: &json)
            json.key("series")
            write(comparison.series, to: &json)
            json.key("histories")
            json.array { json in for history in comparison.histories { write(history, to: &json) } }
        }
        json.finish()
        try json.drain(to: emit)
    }

    private static func write(_ side: BundleComparison.Side, to json: inout JSONWriter) {
        json.object {
            $0.field("bundle", side.report.bundle.name)
            $0.field("events", side.report.counts.events)
            $0.field("findings", side.list.findings.count)
        }
    }

    private static func write(
        _ comparison: BundleComparison, _ findings: FindingsComparison, to json: inout JSONWriter
    ) {
        json.object { json in
            for (name, side, indices) in [
                ("gone", comparison.a, findings.gone), ("new", comparison.b, findings.new),
            ] {
                json.key(name)
                json.array { json in for index in indices { json.object { write(side, index, to: &$0) } } }
            }
            json.key("changed")
            json.array { json in
                for pair in findings.changed {
                    json.object { json in
                        write(comparison.b, pair.b, to: &json)
                        json.field("id_in_a", comparison.a.list.ids[pair.a])
                        json.key("changes")
                        json.array { json in for change in pair.changes { json.value(change) } }
                    }
                }
            }
            json.field("same", findings.both.count - findings.changed.count)
        }
    }

    private static func write(_ side: BundleComparison.Side, _ index: Int, to json: inout JSONWriter) {
        let finding = side.list.findings[index]
        json.field("id", side.list.ids[index])
        json.field("label", side.list.label(index))
        json.field("kind", finding.kind.rawValue)
        json.field("severity", finding.severity.name)
        json.field("subject", finding.subject)
        json.field("at", time: finding.at)
        if let actor = finding.actor { json.field("actor", actor) }
        if let plan = finding.plan { json.field("plan", plan) }
        if let displaced = finding.displaced { json.field("displaced", displaced) }
        json.field("summary", finding.summary)
    }

    private static func write(_ series: SeriesComparison, to json: inout JSONWriter) {
        json.object { json in
            json.field("compared", series.compared)
            json.field("can_tell", series.canTell)
            json.field("blocks_in_a", series.blocks.a)
            json.field("blocks_in_b", series.blocks.b)
            json.key("differences")
            json.array { json in
                for difference in series.differences {
                    json.object { json in
                        json.field("subject", difference.key.subject)
                        json.field("measure", difference.key.measure.rawValue)
                        for (name, value) in [("mean_in_a", difference.a), ("mean_in_b", difference.b)] {
                            json.key(name)
                            if let value { json.value(value) } else { json.null() }
                        }
                        json.key("p")
                        json.value(difference.probability)
                    }
                }
            }
        }
    }

    private static func write(_ history: HistoryComparison, to json: inout JSONWriter) {
        json.object { json in
            json.field("key", history.key.sort)
            json.field("name", history.key.name)
            json.field("events_in_common", history.common)
            json.field("events_in_a", history.counts.a)
            json.field("events_in_b", history.counts.b)
            for (name, event) in [("a", history.a), ("b", history.b)] {
                json.key(name)
                if let event {
                    json.object {
                        $0.field("ts", time: event.time)
                        $0.field("actor", event.actor)
                        $0.field("act", event.act)
                        $0.field("record", event.record)
                    }
                } else {
                    json.null()
                }
            }
        }
    }
}
