import EventModel

/// A form that most lines of an unknown log have.
struct LineShape {
    /// The codec, and the rule of the time, as a profile writes them.
    var codec: String
    var timeRule: String
    var continues: String?
    /// How many lines have the form.
    var readable = 0
    /// Of some of these, their fields.
    var records: [[String: String]] = []
    /// The fields in the order in which they were met.
    var names: [String] = []

    /// The form that the most lines have; nil where none holds a time.
    static func best(_ lines: [String], _ options: ReadingOptions) -> LineShape? {
        var best: LineShape?
        for codec in candidates(lines) {
            guard let shape = read(lines, codec, options) else { continue }
            if shape.readable > best?.readable ?? 0 { best = shape }
        }
        // Half of the lines at least.
        guard let best, best.readable * 2 >= lines.count || best.readable > 100 else { return nil }
        return best
    }

    /// Codecs in the order of their strictness: of equal ones the first is taken.
    private static func candidates(_ lines: [String]) -> [(yaml: String, continues: String?)] {
        var codecs: [(String, String?)] = [("json", nil), ("logfmt", nil)]
        for separator in ["|", "\t", ";"] {
            let counts = lines.prefix(200).map {
                $0.split(separator: Character(separator), omittingEmptySubsequences: false).count
            }
            guard let columns = counts.min(), columns >= 3, columns <= 40 else { continue }
            let names = (1...columns).map { "c\($0)" }.joined(separator: ", ")
            codecs.append(("{delimited: \"\(separator == "\t" ? "\\t" : separator)\", names: [\(names)]}", nil))
        }
        if let first = lines.first, first.contains(","), !first.contains(where: \.isNumber) {
            codecs.append(("csv", nil))
        }
        let word = #"(?<level>(?i:trace|debug|info|notice|warning|warn|error|err|fatal|critical|panic))"#
        for time in times {
            let continues = #"^(?:\s|$|Traceback|Caused by)"#
            codecs.append(
                (
                    pattern(
                        "^\\[?(?<time>\(time))\\]?[ \\t]+(?:\\[[^\\]]*\\] +)?[\\[<(]?\(word)[\\]>)]?:?[ \\t]+(?:\\[?(?<module>[\\w./-]+)\\]?: )?(?<msg>(?s:.*))$"
                    ), continues
                ))
            codecs.append(
                (
                    pattern(
                        "^\\[?(?<time>\(time))\\]?[ \\t]+(?<host>[\\w.-]+) (?<process>[\\w./-]+)(?:\\[(?<pid>\\d+)\\])?: (?<msg>(?s:.*))$"
                    ), continues
                ))
            codecs.append((pattern("^\\[?(?<time>\(time))\\]?[ \\t:-]+(?<msg>(?s:.*))$"), continues))
            codecs.append((pattern("^(?<ahead>.*?)\\[?(?<time>\(time))\\]?[ \\t:-]*(?<msg>(?s:.*))$"), continues))
        }
        return codecs
    }

    private static func pattern(_ text: String) -> String { "{pattern: \(ProfileDraft.quoted(text))}" }

    /// Times as they stand at the beginning of lines.
    private static let times = [
        #"\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:[.,]\d+)?(?: ?(?:Z|[+-]\d\d:?\d\d))?"#,
        #"\d\d/[A-Z][a-z]{2}/\d{4}:\d\d:\d\d:\d\d [+-]\d{4}"#,
        #"[A-Z][a-z]{2} +\d+ \d\d:\d\d:\d\d"#,
        #"\d{4}/\d\d/\d\d \d\d:\d\d:\d\d"#,
        #"\d{10}(?:\.\d+)?|\d{13}"#,
    ]

    /// Layouts that are tried where a value is neither RFC 3339 nor a count.
    private static let layouts = [
        "%d/%b/%Y:%H:%M:%S %z", "%b %e %H:%M:%S", "%Y/%m/%d %H:%M:%S", "%Y/%m/%d %H:%M:%S.%f", "%m/%d/%Y %I:%M:%S %p",
        "%Y%m%d %H:%M:%S", "%d.%m.%Y %H:%M:%S", "%a %b %e %H:%M:%S %Y",
    ]

    /// What a codec makes of the lines; nil where no field of it is a time.
    private static func read(
        _ lines: [String], _ codec: (yaml: String, continues: String?), _ options: ReadingOptions
    ) -> LineShape? {
        let probe =
            "profile: probe\ncodec: \(codec.yaml)\nfields: {ts: {const: 0}, actor: \"@file\", event: {const: x}}\n"
        let text = probe.replacing("ts: {const: 0}", with: "ts: \"@probe\"") + "samples: [{lines: x, events: []}]\n"
        guard let plan = try? Plan(yaml: text, file: "probe.yaml") else { return nil }
        let reading = FieldProbe(plan, options).read(lines)
        guard reading.count * 4 >= lines.count, !reading.isEmpty else { return nil }
        var names: [String] = []
        for record in reading.prefix(200) { for (name, _) in record where !names.contains(name) { names.append(name) } }
        let records = reading.map { Dictionary($0, uniquingKeysWith: { $1 }) }
        guard let time = timeRule(records, names, year: options.assumedYear) else { return nil }
        var shape = LineShape(codec: codec.yaml, timeRule: time.rule, continues: codec.continues)
        shape.readable = time.count
        shape.records = records
        shape.names = names.filter { $0 != time.name }
        return shape
    }

    /// The field that holds a time in the most records, and the rule for it.
    private static func timeRule(
        _ records: [[String: String]], _ names: [String], year: Int?
    ) -> (rule: String, name: String, count: Int)? {
        var best: (rule: String, name: String, count: Int)?
        for name in names.sorted(by: { isTimeName($0) && !isTimeName($1) }) {
            let values = records.compactMap { $0[name] }
            for form in ["auto"] + layouts {
                guard let count = count(values, form), count * 10 >= values.count * 9 else { continue }
                // A small number is a count of anything, unless its name says that it is a time.
                if form == "auto", !isTimeName(name), values.allSatisfy({ Double($0) != nil }) { continue }
                let zone = form == "auto" ? values.first.map(lacksZone) ?? false : !form.contains("%z")
                let isYearless = form != "auto" && TimeLayout(form).map { !$0.hasYear } ?? false
                let yearPart = isYearless ? year.map { ", year: \($0)" } ?? "" : ""
                let parts = (form == "auto" ? "" : ", time: '\(form)'") + (zone ? ", zone: UTC" : "") + yearPart
                let rule =
                    parts.isEmpty
                    ? ProfileDraft.plain(name)
                    : "{from: \(ProfileDraft.plain(name))\(parts)}"
                        + (zone
                            ? (yearPart.isEmpty ? "  # the zone is a guess" : "  # the zone and the year are guesses")
                            : "")
                if count > best?.count ?? 0 { best = (rule, name, count) }
            }
        }
        return best
    }

    private static func count(_ values: [String], _ form: String) -> Int? {
        if values.isEmpty { return nil }
        if form == "auto" {
            return values.count { value in
                var reader = TimeReader(assumedZone: 0)
                return Array(value.utf8).withUnsafeBytes { bytes in
                    switch reader.read(bytes.trimmed) {
                    case .time, .leapSecond: true
                    case .counted(let count): count.time >= UnixTime.plausible
                    case .absent, .withoutZone, .invalid: false
                    }
                }
            }
        }
        guard let layout = TimeLayout(form) else { return nil }
        return values.count { value in Array(value.utf8).withUnsafeBytes { layout.read($0.trimmed) != nil } }
    }

    private static func lacksZone(_ value: String) -> Bool {
        var reader = TimeReader(assumedZone: nil)
        return Array(value.utf8).withUnsafeBytes { reader.read($0.trimmed) } == .withoutZone
    }

    private static func isTimeName(_ name: String) -> Bool {
        let name = name.lowercased()
        return name == "t" || name == "ts" || name == "at" || name.contains("time") || name.contains("date")
            || name.contains("stamp")
    }
}

/// Finds the fields of lines by a plan's codec.
struct FieldProbe {
    private let plan: Plan
    private let options: ReadingOptions

    init(_ plan: Plan, _ options: ReadingOptions) {
        self.plan = plan
        self.options = options
    }

    /// Of each line that is of the codec's form, its fields as text.
    func read(_ lines: [String]) -> [[(String, String)]] {
        var evaluation = Evaluation(plan, options)
        var result: [[(String, String)]] = []
        for line in lines {
            evaluation.fields.removeAll()
            evaluation.space.removeAll()
            let fields: [(String, String)] = Array(line.utf8).withUnsafeBytes { bytes in
                guard plan.parts.codec.decode(bytes, into: &evaluation.fields, &evaluation.space) == .fields else {
                    return []
                }
                return evaluation.scalars()
            }
            if !fields.isEmpty { result.append(fields) }
        }
        return result
    }
}
