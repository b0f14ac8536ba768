import EventModel

/// The part `quality` of `inquest.findings/1`: what a reader must know before trusting the findings.
enum QualityJSON {
    /// Gives the text out on the way: a thousand actors make half a million pairs of clocks.
    static func write(
        _ report: Report, ids: [String], to json: inout JSONWriter, emit: ([UInt8]) throws -> Void
    ) rethrows {
        let quality = report.quality
        try json.object { json in
            json.field("gaps", quality.gaps)
            json.field("restarts", quality.restarts)
            json.field("conflicts", quality.conflicts)
            json.field("disorders", quality.disorders)
            json.field("clock_faults", quality.clockFaults)
            json.field("missing_causes", quality.missingCauses)
            json.field("cycles", quality.cycles)
            json.field("dropped_constraints", quality.droppedConstraints)
            json.field("leap_seconds", report.counts.leapSeconds)
            json.key("faults")
            json.array { json in for group in quality.faults { write(group, in: report, to: &json) } }
            json.key("missing_logs")
            json.array { json in
                for log in quality.missingLogs {
                    json.object {
                        $0.field("actor", report.symbols[log.actor])
                        $0.field("mentions", log.mentions)
                    }
                }
            }
            json.key("skews")
            try json.array { json in
                for skew in quality.skews {
                    json.object {
                        $0.field("a", report.symbols[skew.a])
                        $0.field("b", report.symbols[skew.b])
                        $0.field("least_ns", skew.bounds.lowerBound)
                        $0.field("most_ns", skew.bounds.upperBound)
                    }
                    try json.drain(least: 65_536, to: emit)
                }
            }
            json.key("not_judged")
            json.object { json in
                json.field("writes_without_plan", report.tally.writesWithoutPlan)
                json.key("events")
                json.array { json in
                    for (name, count) in report.tally.unknownNames(report.symbols) {
                        json.object {
                            $0.field("event", name)
                            $0.field("count", count)
                            if let meant = Verdict.suggestion(name) { $0.field("did_you_mean", meant) }
                        }
                    }
                }
            }
            json.key("undecided")
            json.array { json in for question in quality.undecided { write(question, in: report, to: &json) } }
            json.key("log_next_time")
            json.array { json in for item in LoggingAdvice(report).items { write(item, ids, to: &json) } }
            json.key("passed_over")
            json.array { json in
                for file in report.bundle.passedOver {
                    json.object {
                        $0.field("path", file.path)
                        $0.field("reason", file.reason)
                    }
                }
            }
            json.key("damage")
            json.array { json in
                for damage in report.bundle.damage {
                    json.object {
                        $0.field("path", damage.path)
                        if let byte = damage.byte { $0.field("byte", byte) }
                        $0.field("message", damage.message)
                    }
                }
            }
        }
    }

    private static func write(_ group: Quality.FaultGroup, in report: Report, to json: inout JSONWriter) {
        json.object {
            $0.field("kind", group.kind.rawValue)
            $0.field("count", group.count)
            $0.field("file", report.path(of: group.source))
            $0.field("line", group.first.line)
            $0.field("byte", group.first.byte)
            $0.field("detail", group.first.detail)
        }
    }

    private static func write(_ question: Quality.Undecided, in report: Report, to json: inout JSONWriter) {
        json.object { json in
            json.field("endpoint", question.endpoint)
            if let plan = question.plan { json.field("plan", plan) }
            json.field("question", question.words)
            json.field("count", question.count)
            json.key("would_settle")
            json.object { question.missingEvidence.write(to: &$0) }
            json.key("evidence")
            json.array { json in for item in question.evidence { EvidenceJSON.write(item, in: report, to: &json) } }
        }
    }

    /// What to log, and which findings and how many open questions it would have settled.
    private static func write(_ item: LoggingAdvice.Item, _ ids: [String], to json: inout JSONWriter) {
        json.object { json in
            item.evidence.write(to: &json)
            json.field("settles", item.count)
            json.key("findings")
            json.array { json in for finding in item.findings { json.value(ids[finding]) } }
            json.field("undecided", item.questions)
        }
    }
}
