import EventModel

extension Plan {
    /// A profile made of expressions in the manner of ShiViz: the groups `host`, `clock` and `event` of each match are an event; other
    /// groups are fields of it. What lies between two matches of `delimiter` is one execution, which the group `trace` names.
    /// - Parameters:
    ///   - source: where the expressions stand, for an error.
    ///   - assumesZone: whether times without a zone can be read.
    /// - Throws: where an expression is wrong.
    public convenience init(
        pattern: String, delimiter: String?, source: String, assumesZone: Bool
    ) throws(ProfileError) {
        for group in ["host", "clock"] where !pattern.contains("(?<\(group)>") {
            throw ProfileError(
                file: source, line: 0, column: 0, message: "the expression has no group '\(group)'",
                hint: "name the groups (?<host>…), (?<clock>…) and (?<event>…)")
        }
        for (name, text) in [("the expression", pattern), ("the delimiter", delimiter ?? "")] {
            do throws(Pattern.Fault) { _ = try Pattern(text, isMultiline: true) } catch {
                throw ProfileError(
                    file: source, line: 0, column: 0,
                    message: "\(name) is wrong at character \(error.offset + 1): \(error.message)")
            }
        }
        let expression = "'(?m)" + pattern.replacing("'", with: "''") + "'"
        let zone = assumesZone ? "" : #"(?:[Zz]|[+-]\d\d:?\d\d)$"#
        var times = ["ts", "time", "timestamp", "date"].filter { pattern.contains("(?<\($0)>") }.flatMap { name in
            [
                #"{from: \#(name), pattern: '^\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d[.,\d]*\#(zone).*'}"#,
                #"{from: \#(name), pattern: '^1\d{9}(?:\d{3}){0,3}$'}"#,
            ]
        }
        times.append(#"{const: "0001-01-01T00:00:00Z"}"#)
        var yaml = """
            profile: expression
            title: events with vector clocks, by an expression
            container: {matches: \(expression)}
            codec: {pattern: \(expression)}
            drop: [host, clock, event]
            fields:
              ts: [\(times.joined(separator: ", "))]
              actor: host
              vc: clock
              event: [{from: event, message: true}, {const: event}]
              message: event
            samples: [{lines: '', events: []}]

            """
        if let delimiter {
            yaml += "carry: '\(delimiter.replacing("'", with: "''"))'\nexecution: trace\n"
        }
        let plan = try ProfileReader.plan(yaml, file: source)
        self.init(name: plan.name, title: plan.title, plan.parts)
    }

    /// The profile that a log's first lines are: an expression, and perhaps a delimiter behind it.
    static func inHead(_ head: UnsafeRawBufferPointer, _ options: ReadingOptions) -> Plan? {
        guard let (pattern, delimiter) = ExecutionLog.inHead(head) else { return nil }
        return try? Plan(
            pattern: pattern, delimiter: delimiter, source: "the log's first line",
            assumesZone: options.assumedZone != nil)
    }
}
