import EventModel

/// Reads a profile's YAML and compiles it into a plan. The language is described in the page "Profiles" of the documentation.
struct ProfileReader {
    var parts = Plan.Parts()
    private var rules = RuleReader()
    private var groupNames: [String: Int] = [:]

    static let keys = [
        "profile", "title", "about", "refines", "recognise", "container", "begins", "continues", "unwrap", "codec",
        "decode", "path", "carry", "each", "fields", "events", "otherwise", "keep", "drop", "clock", "order",
        "execution", "samples",
    ]

    /// Compiles a profile.
    static func plan(_ text: String, file: String) throws(ProfileError) -> Plan {
        let root = try ProfileNode.parse(text, file: file)
        var reader = ProfileReader()
        reader.parts.text = text
        reader.parts.digest = Array(text.utf8).withUnsafeBytes { Digest.of($0) }
        return try reader.read(root)
    }

    private mutating func read(_ root: ProfileNode) throws(ProfileError) -> Plan {
        let top = try root.members("a profile", Self.keys)
        guard let nameNode = top["profile"] else {
            throw root.error("the profile has no name", hint: "begin with 'profile: my-log'")
        }
        let name = try nameNode.string("profile")
        guard !name.isEmpty, name.utf8.count <= 60,
            name.allSatisfy({ $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "-" || $0 == "_") })
        else { throw nameNode.error("a profile's name is letters, digits and '-'") }
        let title = try top["title"]?.string("title") ?? name
        parts.refines = try top["refines"]?.string("refines")
        if let node = top["container"] { parts.container = try container(node) }
        if let node = top["begins"] { parts.begins = try rules.pattern(node) }
        if let node = top["continues"] { parts.continues = try rules.pattern(node) }
        if let node = top["unwrap"] { parts.unwraps = try node.bool("unwrap") }
        guard let codecNode = top["codec"] else {
            throw root.error("the profile has no codec", hint: "one of " + Self.codecs.joined(separator: ", "))
        }
        parts.codec = try codec(codecNode)
        if let node = top["path"] { parts.path = try rules.pattern(node) }
        for node in top["carry"]?.elements ?? [] { parts.carries.append(try rules.pattern(node)) }
        for node in top["each"]?.elements ?? [] { parts.each.append(try each(node)) }
        for node in top["decode"]?.elements ?? [] { parts.decodes.append(try decode(node)) }
        for node in top["recognise"]?.elements ?? [] { parts.recognise.append(try rules.condition(node)) }
        if let node = top["keep"] { parts.keep = try node.keep() }
        for node in top["drop"]?.elements ?? [] { parts.drops.insert(try node.string("drop")) }
        if let node = top["clock"] {
            switch try node.string("clock") {
            case "shared": parts.clock = .shared
            case "actor": parts.clock = .perActor
            case let word: throw node.unknown(word, "clock", ["actor", "shared"])
            }
        }
        if let node = top["order"] {
            let word = try node.string("order")
            guard let order = DeclaredOrder(rawValue: word), order != .found else {
                throw node.unknown(word, "order", DeclaredOrder.allCases.filter { $0 != .found }.map(\.rawValue))
            }
            parts.order = order
        }
        if let node = top["execution"] { parts.execution = try rules.references.reference(node) }
        let common = try assignments(top["fields"], "fields")
        try readEvents(top, common, root)
        for node in top["samples"]?.elements ?? [] { parts.samples.append(try node.sample()) }
        if parts.samples.isEmpty {
            throw root.error(
                "the profile has no samples", hint: "show under 'samples' some lines, and the events that they become")
        }
        if parts.container.numbersLines, parts.each.isEmpty,
            !parts.events.contains(where: { $0.emissions.count > 1 || $0.each != nil })
        {
            parts.numbersRecords = false
        } else {
            parts.numbersRecords = true
        }
        parts.groups = rules.groups
        parts.variables = rules.references.variables.count
        return Plan(name: name, title: title, parts)
    }

    private mutating func container(_ node: ProfileNode) throws(ProfileError) -> Plan.Container {
        guard node.isMapping, let pattern = try node.pairs("container").first(where: { $0.key == "matches" }) else {
            return try node.container()
        }
        return .matches(try rules.pattern(pattern.value))
    }

    // MARK: Events

    private mutating func readEvents(
        _ top: [String: ProfileNode], _ common: [Plan.Assignment], _ root: ProfileNode
    ) throws(ProfileError) {
        for node in top["events"]?.elements ?? [] { parts.events.append(try rule(node, common)) }
        if let node = top["otherwise"] {
            if node.text == "skip" {
                parts.otherwise = nil
            } else {
                parts.otherwise = merged(common, try emission(node, "otherwise", ["event", "role", "fields"]))
            }
        } else if common.contains(where: { if case .event = $0.target { true } else { false } }) {
            parts.otherwise = common
        }
        if parts.events.isEmpty, parts.otherwise == nil {
            throw root.error(
                "no record would become an event", hint: "give fields an 'event', or events a rule, or both")
        }
        for assignments in parts.events.flatMap(\.emissions) + [parts.otherwise].compactMap({ $0 }) {
            for (target, key) in [(Plan.Target.time, "ts"), (.actor, "actor"), (.event, "event")] {
                guard assignments.contains(where: { $0.target.name == target.name }) else {
                    throw (top["events"] ?? root).error(
                        "nothing says where \(key) comes from", hint: "name it under 'fields'")
                }
            }
        }
    }

    static let ruleKeys = [
        "when", "event", "role", "fields", "emit", "skip", "awaits", "answers", "unanswered", "by", "each",
    ]

    private mutating func rule(_ node: ProfileNode, _ common: [Plan.Assignment]) throws(ProfileError) -> Plan.EventRule
    {
        let members = try node.members("a rule of events", Self.ruleKeys)
        var rule = Plan.EventRule(condition: Condition(tests: []), emissions: [])
        if let node = members["each"] { rule.each = try each(node) }
        if let when = members["when"] { rule.condition = try rules.condition(when) }
        let key = try members["by"].map { node throws(ProfileError) in try rules.candidate(node) }
        if let skip = members["skip"] {
            let text = try skip.string("skip")
            rule.skips = text == "true" ? "left out by a rule" : text
            return rule
        }
        if let awaits = members["awaits"] { rule.awaits = (group(try awaits.string("awaits")), key) }
        if let node = members["unanswered"] { rule.isForUnanswered = try node.bool("unanswered") }
        if let answers = members["answers"] {
            rule.answers = (group(try answers.string("answers")), key)
            rule.answerFields = try assignments(members["fields"], "fields")
        }
        if let emit = members["emit"] {
            for node in emit.elements {
                rule.emissions.append(
                    merged(common, try emission(node, "an event to emit", ["event", "role", "fields"])))
            }
        } else if members["event"] != nil || rule.answers == nil {
            rule.emissions.append(merged(common, try emission(node, "a rule of events", Self.ruleKeys)))
        }
        return rule
    }

    private mutating func group(_ name: String) -> Int {
        let number = groupNames[name] ?? groupNames.count
        groupNames[name] = number
        return number
    }

    /// What a rule assigns beside what all records have.
    private mutating func emission(
        _ node: ProfileNode, _ what: String, _ keys: [String]
    ) throws(ProfileError) -> [Plan.Assignment] {
        let members = try node.members(what, keys)
        var result = try assignments(members["fields"], "fields")
        if let event = members["event"] {
            let value = event.isMapping || event.isList ? try rules.candidates(event) : [try named(event, "event")]
            result.append(Plan.Assignment(target: .event, candidates: value))
        }
        if let role = members["role"] {
            result.append(
                Plan.Assignment(target: .field(.role), candidates: [try named(role, "role")]))
        }
        return result
    }

    /// A name that a rule gives; with braces it is a template.
    private mutating func named(_ node: ProfileNode, _ what: String) throws(ProfileError) -> Candidate {
        let text = try node.string(what)
        var named = try named(text, node)
        named.words = text
        return named
    }

    private func named(_ text: String, _ node: ProfileNode) throws(ProfileError) -> Candidate {
        text.contains("{")
            ? Candidate(origin: .template(try rules.references.template(text, node)))
            : Candidate(origin: .constant(FieldName(text)))
    }

    private func merged(_ common: [Plan.Assignment], _ own: [Plan.Assignment]) -> [Plan.Assignment] {
        common.filter { assignment in !own.contains { $0.target.name == assignment.target.name } } + own
    }

    // MARK: Fields

    private mutating func assignments(_ node: ProfileNode?, _ what: String) throws(ProfileError) -> [Plan.Assignment] {
        guard let node else { return [] }
        var result: [Plan.Assignment] = []
        for (key, keyNode, value) in try node.pairs(what) {
            let target = Self.target(key)
            switch target {
            case .time:
                var times: [TimeRule] = []
                for element in value.elements {
                    var rule = try rules.timeRule(element)
                    rule.words = element.words
                    times.append(rule)
                }
                result.append(Plan.Assignment(target: .time, candidates: [], time: times))
            case .clock:
                if value.isMapping, let counter = try value.pairs("vc").first(where: { $0.key == "counter" }) {
                    result.append(Plan.Assignment(target: .counter, candidates: try rules.candidates(counter.value)))
                } else {
                    result.append(Plan.Assignment(target: .clock, candidates: try rules.candidates(value)))
                }
            case .other where Self.isMistyped(key):
                throw keyNode.unknown(key, "an event", RecordSchema.keys)
            default:
                result.append(Plan.Assignment(target: target, candidates: try rules.candidates(value)))
            }
        }
        return result
    }

    /// Fields of one's own are allowed, but not one that is a slip away from ours.
    private static func isMistyped(_ key: String) -> Bool {
        RecordSchema.keys.contains { known in
            known != key
                && (known.lowercased() == key.lowercased()
                    || known.replacing("_", with: "") == key.lowercased().replacing("_", with: ""))
        }
    }

    private static func target(_ key: String) -> Plan.Target {
        switch key {
        case "ts": .time
        case "actor": .actor
        case "event": .event
        case "endpoint": .endpoint
        case "outcome": .outcome
        case "error": .error
        case "reason": .reason
        case "vc": .clock
        case "causes": .causes
        default: RecordSchema.field(key).map { .field($0) } ?? .other(FieldName(key))
        }
    }

    // MARK: Parts of a record

    private mutating func each(_ node: ProfileNode) throws(ProfileError) -> Plan.Each {
        let members = try node.members("each", ["in", "as"])
        guard let list = members["in"], let name = members["as"] else {
            throw node.error("each needs 'in' and 'as'", hint: "each: {in: /changes, as: change}")
        }
        let reference = try rules.references.reference(list)
        let variable = try rules.references.bind(name)
        let text = try name.string("as")
        return Plan.Each(
            list: reference, variable: variable, key: FieldName(text + ".key"), index: FieldName(text + ".index"))
    }

    private mutating func decode(_ node: ProfileNode) throws(ProfileError) -> Plan.Decode {
        let members = try node.members("decode", ["from", "as", "codec", "spread"])
        guard let from = members["from"] else { throw node.error("decode does not say from which field") }
        var decode = Plan.Decode(from: try rules.references.reference(from), codec: nil)
        if let spread = members["spread"] { decode.spreads = try spread.bool("spread") }
        if let codecNode = members["codec"] { decode.codec = try codec(codecNode) }
        if decode.codec == nil, !decode.spreads { throw node.error("decode has neither codec nor spread") }
        if let name = members["as"] { decode.variable = try rules.references.bind(name) }
        return decode
    }

    static let codecs = ["json", "logfmt", "pattern", "delimited", "pairs", "csv", "table"]

    private mutating func codec(_ node: ProfileNode) throws(ProfileError) -> Codec {
        if let text = node.text {
            switch text {
            case "json": return .json
            case "logfmt": return .logfmt
            case "csv": return .csv(CSV(separator: UInt8(ascii: ","), names: nil), nextHeader())
            default: throw node.unknown(text, "codec", Self.codecs)
            }
        }
        if node.isList {
            var choices: [Codec] = []
            for element in node.elements { choices.append(try codec(element)) }
            if choices.isEmpty {
                throw node.error("codec names none", hint: "one of " + Self.codecs.joined(separator: ", "))
            }
            return .first(choices)
        }
        let members = try node.members("codec", Self.codecs + ["names", "assign"])
        if let value = members["pattern"] { return .pattern(try rules.pattern(value)) }
        if let value = members["delimited"] {
            guard let names = members["names"] else { throw node.error("delimited needs the names of its parts") }
            var parts: [FieldName?] = []
            for name in try names.list("names") {
                let text = try name.string("a name")
                parts.append(text == "-" ? nil : FieldName(text))
            }
            let separator = try value.string("delimited")
            if separator.isEmpty || parts.isEmpty { throw node.error("delimited needs a separator and names") }
            return .delimited(Delimited(separator: Array(separator.utf8), names: parts))
        }
        if let value = members["pairs"] {
            let between = try value.string("pairs")
            let assign = try members["assign"]?.string("assign") ?? "="
            if between.isEmpty || assign.isEmpty { throw node.error("pairs needs what stands between them") }
            return .pairs(KeyValue(between: Array(between.utf8), assign: Array(assign.utf8)))
        }
        if let value = members["csv"] {
            let separator = try value.string("csv")
            guard let byte = separator.utf8.first, separator.utf8.count == 1 else {
                throw value.error("the separator of csv is one character")
            }
            var names: [FieldName]?
            if let list = members["names"] {
                names = []
                for name in try list.list("names") { names?.append(FieldName(try name.string("a name"))) }
            }
            return .csv(CSV(separator: byte, names: names), nextHeader())
        }
        if let value = members["table"] {
            var names: [FieldName] = []
            for name in value.elements { names.append(FieldName(try name.string("a column"))) }
            return .table(Table(names: names), nextHeader())
        }
        throw node.error("codec names none", hint: "one of " + Self.codecs.joined(separator: ", "))
    }

    private mutating func nextHeader() -> Int {
        parts.headers += 1
        return parts.headers - 1
    }
}
