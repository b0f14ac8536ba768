import EventModel

/// Writes a first profile for a log that none reads: guesses its codec, which fields hold the time, the actor, the level, the message, and
/// which look like generations or latencies. What it writes runs at once, and says in comments what else could be mapped.
public struct ProfileDraft {
    private let name: String
    private let path: SourceName
    private let lines: [String]
    private let options: ReadingOptions

    /// How many lines are looked at, and how many bytes.
    private static let mostLines = 5000
    private static let mostBytes = 4 << 20

    /// Why there can be none.
    public struct Failure: Error {
        /// What is wrong.
        public var message: String
        /// What to do about it.
        public var hint: String?
    }

    /// Looks at a log's first lines.
    public init(_ source: LogSource, _ options: ReadingOptions) throws(Failure) {
        let head: ByteReader.Beginning
        do throws(ReadFault) {
            head = try source.open().beginning(Self.mostBytes)
        } catch {
            throw Failure(message: "\(source.path) cannot be read: \(error.message)", hint: error.hint)
        }
        let text = String(decoding: head.bytes, as: UTF8.self)
        var lines = text.split(separator: "\n", omittingEmptySubsequences: true).prefix(Self.mostLines).map(String.init)
        if !head.isWhole, lines.count > 1, lines.count < Self.mostLines { lines.removeLast() }
        self.init(path: source.name, lines: lines, options)
    }

    /// Looks at some lines.
    init(path: SourceName, lines: [String], _ options: ReadingOptions) {
        self.path = path
        self.lines = lines.map { $0.hasSuffix("\r") ? String($0.dropLast()) : $0 }
        self.options = options
        let letters = path.file.lowercased().map { $0.isASCII && ($0.isLetter || $0.isNumber) ? $0 : "-" }
        let name = String(letters).split(separator: "-").joined(separator: "-")
        self.name = name.isEmpty ? "my-log" : String(name.prefix(40))
    }

    /// The profile's file.
    public func yaml() throws(Failure) -> String {
        let shape = LineShape.best(lines, options)
        guard let shape else {
            throw Failure(
                message: "none of its first \(lines.count) lines holds a time that could be found",
                hint: "write a profile by hand: inquest profile show klog is an example")
        }
        let head = header(shape)
        // The samples are what the profile itself makes of the first lines: for people to correct.
        let trial = head + "samples:\n  - lines: [\"\"]\n    events: []\n"
        let plan: Plan
        do throws(ProfileError) {
            plan = try Plan(yaml: trial, file: name + ".yaml")
        } catch {
            throw Failure(message: "the draft does not hold: \(error.message)")
        }
        return head + samples(plan)
    }

    private func header(_ shape: LineShape) -> String {
        let fields = FieldGuess(shape.records, names: shape.names)
        var text = """
            # A first profile for \(VisibleText.cell(path.path)), drafted from its first \(lines.count) lines: \(shape.readable) of them have this form.
            # Try it: inquest analyze --profile FILE LOG; after changes: inquest profile test FILE. The page "Profiles" describes all keys.
            profile: \(name)
            title: \(Self.quoted(path.file))
            codec: \(shape.codec)

            """
        if let continues = shape.continues { text += "continues: \(Self.quoted(continues))\n" }
        text += "fields:\n  ts: \(shape.timeRule)\n"
        text += "  actor: \(fields.actor.map { "[\(Self.plain($0)), \"@file\"]" } ?? "\"@file\"")\n"
        if let message = fields.message {
            text +=
                "  event: {from: \(Self.plain(message)), message: true}  # messages without their numbers and names\n"
            if message != "message" { text += "  message: \(Self.plain(message))\n" }
        } else if let kind = fields.kind {
            text += "  event: \(Self.plain(kind))\n"
        } else {
            text += "  event: {const: record}\n"
        }
        if let level = fields.level { text += "  level: \(Self.plain(level))\n" }
        for latency in fields.latencies {
            text += "  # a latency? \(fields.example(latency))\n  # latency_ms: \(fields.latencyRule(latency))\n"
        }
        for generation in fields.generations {
            text +=
                "  # a generation, version or counter? \(fields.example(generation))\n  # plan: \(Self.plain(generation))\n"
        }
        return text + events(fields)
    }

    /// The most frequent messages, as rules to fill in.
    private func events(_ fields: FieldGuess) -> String {
        guard let message = fields.message else { return "" }
        let templates = fields.templates(of: message).prefix(8)
        if templates.isEmpty { return "" }
        var text =
            "# What the messages mean is for you to say; the vocabulary is in the page of the event format. For example:\n# events:\n"
        for (template, count) in templates {
            text +=
                "#   - when: {\(Self.plain(message)): {matches: \(Self.quoted(Self.pattern(template)))}}  # \(count) times: \(VisibleText.cell(template))\n"
            text += "#     event: \(Self.word(template))\n"
        }
        return text
    }

    private func samples(_ plan: Plan) -> String {
        var text = "samples:\n"
        var made = 0
        for line in lines where made < 2 {
            let reading = ProfileTrial(plan, path: path.path, options).read(line + "\n")
            guard let event = reading.events.first else { continue }
            let members = RecordMembers(Array(event.text.utf8))
            let expected = ["ts", "actor", "event"].compactMap { key in members.text(key).map { "\(key): \($0)" } }
            text += "  - path: \(Self.quoted(path.path))\n    lines: \(Self.quoted(line))\n"
            text += "    events:\n      - {\(expected.joined(separator: ", "))}\n"
            made += 1
        }
        return text
    }

    // MARK: Words

    /// A text in single quotes, as YAML has it.
    static func quoted(_ text: String) -> String {
        if text.contains(where: { $0 == "\t" || $0.unicodeScalars.contains { $0.value < 0x20 } }) {
            var out: [UInt8] = []
            Array(text.utf8).withUnsafeBytes { EventLine.quoted($0, &out) }
            return String(decoding: out, as: UTF8.self)
        }
        return "'" + text.replacing("'", with: "''") + "'"
    }

    /// A name, in quotes where YAML would read it otherwise.
    static func plain(_ name: String) -> String {
        let isPlain =
            name.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || "_-./".contains($0)) }
            && name.first.map { $0.isLetter || $0 == "_" || $0 == "/" } ?? false
        return isPlain ? name : quoted(name)
    }

    /// A pattern for messages of a template: what varies may be anything.
    private static func pattern(_ template: String) -> String {
        let special: Set<Character> = ["\\", ".", "+", "*", "?", "(", ")", "[", "]", "{", "}", "^", "$", "|"]
        let escaped = template.map { special.contains($0) ? "\\\($0)" : String($0) }.joined()
        return "^" + escaped.replacing("…", with: ".*?")
    }

    /// A template as an event's name.
    private static func word(_ template: String) -> String {
        let words = template.lowercased().split { !($0.isASCII && ($0.isLetter || $0.isNumber)) }.prefix(3)
        return words.isEmpty ? "message" : words.joined(separator: ".")
    }
}
