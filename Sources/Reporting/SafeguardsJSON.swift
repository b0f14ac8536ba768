import EventModel

/// The part `safeguards` of a report: for each the findings that it would have prevented, and those that it would not.
enum SafeguardsJSON {
    static func write(_ findings: [Finding], ids: [String], to json: inout JSONWriter) {
        json.array { json in
            for safeguard in Finding.Safeguard.allCases {
                let judged: [(id: String, verdict: Finding.Safeguard.Verdict)] = zip(findings, ids).compactMap {
                    finding, id in
                    finding.safeguards.first { $0.safeguard == safeguard }.map { (id, $0.verdict) }
                }
                if judged.isEmpty { continue }
                json.object { json in
                    json.field("safeguard", safeguard.rawValue)
                    json.field("means", safeguard.words)
                    list("prevented", judged.filter { $0.verdict == .yes }.map(\.id), to: &json)
                    json.key("prevented_if_checked")
                    json.array { json in
                        for item in judged {
                            guard let margin = item.verdict.margin else { continue }
                            json.object {
                                $0.field("id", item.id)
                                $0.key("within_ms")
                                $0.value(Double(margin) / Double(Nanoseconds.millisecond))
                            }
                        }
                    }
                    list("not_prevented", judged.filter { $0.verdict == .no }.map(\.id), to: &json)
                    list("unknown", judged.filter { $0.verdict == .unknown }.map(\.id), to: &json)
                }
            }
        }
    }

    private static func list(_ key: String, _ ids: [String], to json: inout JSONWriter) {
        json.key(key)
        json.array { json in for id in ids { json.value(id) } }
    }
}
