import EventModel

/// A report as JSON of the schema `inquest.findings/1` (EVENTS.md, section 5), for programs: exact, in a fixed order of keys.
///
/// Beside what that section names, a finding has `label`, the row that timeline and summary show it in (`F3`; several findings of one
/// writer and plan, or of a fleet, share one); `began`, from when to when it can have begun where `at` is an estimate; `figures`,
/// the numbers of a window with their units and what each stands for; `proof`, how somebody else can check it; `last_chances` and
/// `point_of_no_return`, until when it could have been prevented; and `would_settle`, what would have made it sure.
package enum FindingsJSON {
    /// Writes the report, or a part of it; `list` is of the whole, so that labels do not depend on the part.
    /// - Parameters:
    ///   - status: the field `status`; without one it is left out.
    ///   - emit: gets the text in UTF-8, in pieces of about 64 KiB, so that nobody needs to hold the whole.
    package static func write(
        _ report: Report, _ list: FindingList, status: RunStatus? = nil, emit: ([UInt8]) throws -> Void
    ) rethrows {
        var json = JSONWriter()
        let labels = Dictionary(
            list.ids.indices.map { (list.ids[$0], list.label($0)) }, uniquingKeysWith: { first, _ in first })
        let ids = FindingID.all(report.findings)
        try json.object { json in
            json.field("schema", "inquest.findings/1")
            json.key("bundle")
            json.object { $0.field("name", report.bundle.name) }
            status?.write(to: &json)
            json.key("sources")
            json.array { json in for source in report.bundle.sources { write(source, to: &json) } }
            json.key("span")
            if let span = report.span {
                write(span, to: &json)
            } else {
                json.null()
            }
            json.key("counts")
            write(report.counts, to: &json)
            json.key("findings")
            try json.array { json in
                for (finding, id) in zip(report.findings, ids) {
                    write(finding, id: id, label: labels[id], in: report, to: &json)
                    try json.drain(least: 65_536, to: emit)
                }
            }
            json.key("cascade")
            CascadeJSON.write(report, to: &json)
            json.key("safeguards")
            SafeguardsJSON.write(report.findings, ids: ids, to: &json)
            json.key("quality")
            try QualityJSON.write(report, ids: ids, to: &json, emit: emit)
        }
        json.finish()
        try json.drain(to: emit)
    }

    private static func write(_ span: ClosedRange<Timestamp>, to json: inout JSONWriter) {
        json.object {
            $0.field("from", span.lowerBound.rfc3339(digits: 9))
            $0.field("to", span.upperBound.rfc3339(digits: 9))
        }
    }

    /// Writes the numbers of a window; shared with the explanation.
    static func write(_ figures: [Finding.Figure], to json: inout JSONWriter) {
        json.array { json in
            for figure in figures where figure.value.isFinite {
                json.object { json in
                    json.field("name", figure.name)
                    json.key("value")
                    json.value(figure.value)
                    json.field("unit", figure.unit.rawValue)
                    json.field("stands_for", figure.scope)
                }
            }
        }
    }

    /// Writes one log of the bundle; shared with the check.
    static func write(_ source: BundleSummary.Source, to json: inout JSONWriter) {
        json.object {
            $0.field("path", source.path)
            $0.field("encoding", source.encoding)
            $0.field("stored_bytes", source.storedBytes)
            $0.field("inflated_bytes", source.inflatedBytes)
            $0.field("events", source.events)
            guard let reading = source.reading else { return }
            $0.field("profile", reading.profile)
            $0.field("malformed", reading.malformed)
            $0.key("left")
            $0.array { json in
                for left in reading.left {
                    json.object {
                        $0.field("reason", left.reason.words)
                        $0.field("count", left.count)
                    }
                }
            }
        }
    }

    private static func write(_ counts: Report.Counts, to json: inout JSONWriter) {
        json.object {
            $0.field("events", counts.events)
            $0.field("actors", counts.actors)
            $0.field("endpoints", counts.endpoints)
            $0.field("lines", counts.lines)
            $0.field("malformed", counts.malformed)
            $0.field("dropped_fields", counts.droppedFields)
            $0.field("duplicates", counts.duplicates)
            $0.field("with_clock", counts.withClock)
        }
    }

    private static func write(
        _ finding: Finding, id: String, label: String?, in report: Report, to json: inout JSONWriter
    ) {
        json.object { json in
            json.field("id", id)
            if let label { json.field("label", label) }
            json.field("kind", finding.kind.rawValue)
            json.field("severity", finding.severity.name)
            json.field("confidence", finding.confidence.name)
            json.field("at", finding.at.rfc3339(digits: 9))
            json.key("until")
            if let until = finding.until { json.value(until.rfc3339(digits: 9)) } else { json.null() }
            json.field("lasts", finding.lasts)
            if let began = finding.began {
                json.key("began")
                write(began, to: &json)
            }
            json.field("summary", finding.summary)
            let basis = finding.basisWords
            if !basis.isEmpty { json.field("basis", basis) }
            if let endpoint = finding.endpoint { json.field("endpoint", endpoint) }
            if let queue = finding.queue { json.field("queue", queue) }
            if let service = finding.service { json.field("service", service) }
            if let event = finding.event { json.field("event", event) }
            if let actor = finding.actor { json.field("actor", actor) }
            if !finding.actors.isEmpty {
                json.key("actors")
                json.array { json in for actor in finding.actors { json.value(actor) } }
            }
            if let plan = finding.plan { json.field("plan", plan) }
            if let displaced = finding.displaced { json.field("displaced", displaced) }
            if let awareness = finding.awareness { json.field("awareness", awareness.rawValue) }
            if let age = finding.checkAge {
                json.key("check_age_ms")
                json.value(Double(age) / Double(Nanoseconds.millisecond))
            }
            if let newer = finding.newerPlans { json.field("newer_plans", newer) }
            if let count = finding.count { json.field("count", count) }
            if let peak = finding.peak, peak.isFinite {
                json.key("peak")
                json.value(peak)
            }
            let figures = finding.figures
            if !figures.isEmpty {
                json.key("figures")
                write(figures, to: &json)
            }
            if let usual = finding.usual {
                json.key("usual")
                write(usual, to: &json)
            }
            json.key("evidence")
            json.array { json in
                for item in finding.evidence { EvidenceJSON.write(item, in: report, to: &json) }
            }
            if let missing = finding.missingEvidence(among: report.findings) {
                json.key("would_settle")
                json.object { missing.write(to: &$0) }
            }
            LastChancesJSON.write(finding, in: report, to: &json)
            if finding.confidence == .proven {
                json.key("proof")
                ProofJSON.write(finding.proof, in: report, to: &json)
            }
            if finding.missing.isEmpty { return }
            json.key("quality")
            json.object { json in
                json.key("missing")
                EvidenceJSON.write(finding.missing, in: report, to: &json)
            }
        }
    }
}
