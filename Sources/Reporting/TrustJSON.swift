import CausalAnalysis
import EventModel

/// Writes `inquest.check/1`: everything that is wrong with a bundle's logs, and what is known of each log, actor and pair of clocks.
package enum TrustJSON {
    /// Whether anything is wrong, beyond what is only worth knowing.
    package static func hasFaults(_ report: Report, _ trust: TrustReport) -> Bool {
        TrustFaults(report, trust, times: TimeStyle(span: report.span)).faults.contains { !$0.isRemark }
    }

    /// Gives the text out in pieces.
    package static func write(
        _ report: Report, _ trust: TrustReport, status: RunStatus? = nil, emit: ([UInt8]) throws -> Void
    ) rethrows {
        var json = JSONWriter()
        let faults = TrustFaults(report, trust, times: TimeStyle(span: report.span)).faults
        try json.object { json in
            json.field("schema", "inquest.check/1")
            json.field("bundle", report.bundle.name)
            status?.write(to: &json)
            json.field("trusted", faults.allSatisfy(\.isRemark))
            json.key("clocks")
            json.object {
                $0.field("events", report.counts.events)
                $0.field("given", report.counts.withClock)
                $0.field("inferred", report.counts.events - min(report.counts.events, report.counts.withClock))
            }
            json.key("faults")
            try json.array { json in
                for fault in faults {
                    write(fault, report, to: &json)
                    try json.drain(least: 65_536, to: emit)
                }
            }
            json.key("sources")
            json.array { json in
                for source in report.bundle.sources { FindingsJSON.write(source, to: &json) }
            }
            json.key("actors")
            try json.array { json in
                for actor in trust.actors {
                    write(actor, report, to: &json)
                    try json.drain(least: 65_536, to: emit)
                }
            }
            json.key("quality")
            try QualityJSON.write(report, ids: FindingID.all(report.findings), to: &json, emit: emit)
        }
        json.finish()
        try json.drain(to: emit)
    }

    private static func write(_ fault: TrustFaults.Fault, _ report: Report, to json: inout JSONWriter) {
        json.object { json in
            json.field("kind", fault.kind)
            json.field("severity", fault.isRemark ? "info" : "fault")
            if !fault.subject.isEmpty { json.field("subject", fault.subject) }
            json.field("count", fault.count)
            json.field("what", fault.what)
            json.field("in_doubt", fault.doubt)
            if let place = fault.place { json.field("place", place) }
            json.key("records")
            json.array { json in
                for record in fault.records {
                    EvidenceJSON.write(Finding.Evidence(part: fault.kind, record: record), in: report, to: &json)
                }
            }
        }
    }

    private static func write(_ actor: TrustReport.Actor, _ report: Report, to json: inout JSONWriter) {
        json.object { json in
            json.field("actor", report.symbols[actor.actor])
            json.field("lives", actor.lives)
            json.field("events", actor.span.events)
            json.field("with_clock", actor.notes.withClock)
            json.field("first", time: actor.span.first)
            json.field("last", time: actor.span.last)
            json.field("longest_pause_ns", actor.span.longestPause)
            if let silence = actor.silence { json.field("silent_ns", silence) }
            json.field("gaps", actor.notes.gaps.count)
            json.field("duplicates", actor.notes.duplicates)
            json.field("conflicts", actor.notes.conflicts.count)
            json.field("disorders", actor.notes.disorders.count)
            json.field("clock_faults", actor.notes.clockFaults.count)
            json.field("clocks_fall", actor.falls.count)
            json.field("clocks_not_closed", actor.unclosed.count)
            json.field("foreseen", actor.foreseen.count)
            json.field("beyond_end", actor.beyond.count)
            json.field("missing_causes", actor.notes.missingCauses.count)
            json.field("cycles", actor.notes.cycles.count)
            json.field("ambiguous", actor.notes.ambiguous.count)
            json.field("reversed_files", actor.notes.reversed.count)
            json.field("swapped_files", actor.notes.swapped.count)
            json.field("processes", actor.notes.processes)
        }
    }
}
