import CausalAnalysis
import EventModel

/// An explanation as JSON of the schema `inquest.explanation/1`: what a program needs exactly, and the sections in words.
package enum ExplanationJSON {
    /// Writes it; `emit` gets the text in UTF-8.
    package static func write(
        _ explanation: Explanation, _ page: ExplanationPage, _ index: Int, _ list: FindingList, _ report: Report,
        emit: ([UInt8]) throws -> Void
    ) rethrows {
        var json = JSONWriter()
        json.object { json in
            json.field("schema", "inquest.explanation/1")
            json.field("id", list.ids[index])
            json.field("label", list.label(index))
            json.field("kind", explanation.finding.kind.rawValue)
            json.field("confidence", explanation.finding.confidence.name)
            if let pair = explanation.pair {
                json.key("order")
                json.object { json in
                    json.field("relation", relation(pair.later.relation(to: pair.earlier)))
                    json.key("later")
                    write(pair.later, knowing: pair.earlier, to: &json)
                    json.key("earlier")
                    write(pair.earlier, knowing: pair.later, to: &json)
                }
            }
            json.key("knowledge")
            json.array { json in
                for row in explanation.knowledge {
                    json.object {
                        $0.field("actor", row.actor)
                        $0.field("plan", row.plan)
                        $0.field("by_clock", row.isByClock)
                    }
                }
            }
            json.key("missing")
            EvidenceJSON.write(explanation.finding.missing, in: report, to: &json)
            json.key("figures")
            FindingsJSON.write(explanation.finding.figures, to: &json)
            json.key("safeguards")
            json.array { json in
                for judged in explanation.finding.safeguards {
                    json.object {
                        $0.field("safeguard", judged.safeguard.rawValue)
                        $0.field("verdict", SafeguardWords.verdict(judged.verdict))
                        $0.field("because", judged.because)
                    }
                }
            }
            json.key("evidence")
            json.array { json in
                for item in explanation.finding.evidence { EvidenceJSON.write(item, in: report, to: &json) }
            }
            json.key("sections")
            json.array { json in for section in page.sections { write(section, to: &json) } }
        }
        json.finish()
        try json.drain(to: emit)
    }

    private static func relation(_ relation: Witness.Relation) -> String {
        switch relation {
        case .after: "ordered"
        case .before: "reversed"
        case .concurrent: "concurrent"
        }
    }

    private static func write(_ witness: Witness, knowing other: Witness, to json: inout JSONWriter) {
        json.object { json in
            json.field("actor", witness.actor)
            json.field("counter", witness.stamp.counter)
            json.field("position", witness.stamp.position)
            let known = witness.clock[other.process]
            json.key("knows_other_up_to")
            json.object {
                $0.field("counter", known.counter)
                $0.field("position", known.position)
            }
        }
    }

    private static func write(_ section: ExplanationPage.Section, to json: inout JSONWriter) {
        json.object { json in
            json.field("title", section.title)
            json.key("lines")
            json.array { json in for line in section.lines { json.value(line) } }
            if section.table.isEmpty { return }
            json.key("table")
            json.array { json in
                for row in section.table { json.array { json in for cell in row { json.value(cell) } } }
            }
        }
    }
}
