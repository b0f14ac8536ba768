import EventModel

/// Until when something would still have prevented a finding, as JSON.
enum LastChancesJSON {
    static func write(_ finding: Finding, in report: Report, to json: inout JSONWriter) {
        guard let last = finding.pointOfNoReturn else { return }
        json.field("point_of_no_return", time: last.record.time)
        json.key("last_chances")
        json.array { json in
            for chance in finding.lastChances {
                json.object { json in
                    json.field("means", chance.means.name)
                    json.field("until", time: chance.record.time)
                    json.field("by", report.symbols[chance.actor])
                    json.key("record")
                    json.object { EvidenceJSON.place(of: chance.record, in: report, to: &$0) }
                }
            }
        }
    }
}
