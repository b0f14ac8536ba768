import EventModel

extension Plan {
    /// Compiles a mapping that needs no file: `ts=timestamp,actor=service`. JSON lines, logfmt, and CSV with a header are read; fields of
    /// an event that are not mapped are taken from fields of their own names.
    /// - Returns: a profile for each of these, to be tried in their order.
    /// - Throws: an error about `option`, the name under which it was given.
    public static func mapped(_ map: String, option: String) throws(ProfileError) -> [Plan] {
        var rules: [String: String] = [:]
        for pair in map.split(separator: ",") {
            let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            guard parts.count == 2, !parts[0].isEmpty, !parts[1].isEmpty else {
                throw ProfileError(
                    file: option, line: 0, column: 0, message: "'\(pair)' is not a field of ours and one of the log",
                    hint:
                        "write ts=timestamp,actor=service: our field, then the log's, as a profile's reference or template"
                )
            }
            let key = parts[0].trimmingBlanks
            guard RecordSchema.keys.contains(key) else {
                let meant = Suggestion.nearest(key, among: RecordSchema.keys.map { ($0, 0) })
                throw ProfileError(
                    file: option, line: 0, column: 0,
                    message: "an event has no field '\(key)'." + (meant.map { " Did you mean \($0.name)?" } ?? ""),
                    hint: "known are: " + RecordSchema.keys.joined(separator: ", "))
            }
            rules[key] = ProfileDraft.quoted(String(parts[1]))
        }
        var yaml = "profile: map\ntitle: fields named by \(option)\nfields:\n"
        for key in RecordSchema.keys {
            switch key {
            case "ts":
                yaml += "  ts: [\(rules[key].map { $0 + ", " } ?? "")ts, time, timestamp, '@timestamp', '@time']\n"
            case "actor": yaml += "  actor: [\(rules[key].map { $0 + ", " } ?? "")actor, '@file']\n"
            case "event":
                yaml +=
                    "  event: [\(rules[key].map { $0 + ", " } ?? "")event, {from: msg, message: true}, {from: message, message: true}, {const: record}]\n"
            default: yaml += "  \(key): \(rules[key] ?? key)\n"
            }
        }
        yaml += "samples: [{lines: '', events: []}]\n"
        var plans = [try ProfileReader.plan(yaml + "codec: [json, logfmt]\n", file: option)]
        // Any text has columns: one of them must be the time.
        let time = rules["ts"].map { [$0] } ?? ["ts", "time", "timestamp", "'@timestamp'"]
        let recognise = time.map { "  - {\($0): {exists: true}}\n" }.joined()
        for separator in [",", ";", #"\t"#] {
            plans.append(
                try ProfileReader.plan(
                    yaml + "codec: {csv: \"\(separator)\"}\nrecognise:\n" + recognise, file: option))
        }
        return plans
    }
}

extension Substring {
    fileprivate var trimmingBlanks: String {
        String(drop { $0 == " " }.reversed().drop { $0 == " " }.reversed())
    }
}
