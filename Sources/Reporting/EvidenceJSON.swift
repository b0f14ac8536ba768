import EventModel

/// Records as JSON: those that prove something, and those that are missing.
enum EvidenceJSON {
    /// Writes a piece of evidence.
    static func write(_ evidence: Finding.Evidence, in report: Report, to json: inout JSONWriter) {
        json.object { json in
            json.field("part", evidence.part)
            place(of: evidence.record, in: report, to: &json)
        }
    }

    /// Writes a record's members: where it stands, when, whose it is.
    static func place(of record: RecordRef, in report: Report, to json: inout JSONWriter) {
        json.field("file", report.path(of: record.source))
        json.field("line", record.line)
        json.field("byte", record.byte)
        json.field("ts", time: record.time)
        json.field("actor", report.symbols[record.actor])
        if record.kind != .other { json.field("event", record.kind.name) }
        json.key("counter")
        if record.hasClock {
            json.value(record.stamp.counter)
        } else {
            json.null()
            json.key("inferred")
            json.value(true)
            json.field("after_counter", record.stamp.counter)
            json.field("position", record.stamp.position)
        }
    }

    /// Writes which records no log holds.
    static func write(_ missing: [MissingRecords], in report: Report, to json: inout JSONWriter) {
        json.array { json in
            for records in missing {
                json.object { json in
                    json.field("actor", report.symbols[records.actor])
                    if let counters = records.counters {
                        json.field("from", counters.lowerBound)
                        json.field("to", counters.upperBound)
                        json.field("count", records.count)
                    }
                    json.field("doubt", records.doubt.rawValue)
                    guard let before = records.before else { return }
                    json.key("before")
                    json.object { place(of: before, in: report, to: &$0) }
                }
            }
        }
    }
}
