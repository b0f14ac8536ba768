import EventModel

/// Reads a profile's YAML and compiles it into a plan. The language is described in the page "Profiles" of the documentation.
struct ProfileReader {
    var parts = Plan.Parts()
    /// Variables bound so far, by number.
    private var variables: [String] = []
    private var groupNames: [String: Int] = [:]
    private let file: String

    private static let keys = [
        "profile", "title", "about", "refines", "recognise", "container", "begins", "continues", "unwrap", "codec",
        "decode", "path", "carry", "each", "fields", "events", "otherwise", "keep", "drop", "clock", "order", "samples",
    ]

    private init(file: String) { self.file = file }

    /// Compiles a profile.
    static func plan(_ text: String, file: String) throws(ProfileError) -> Plan {
        let root = try ProfileNode.parse(text, file: file)
        var reader = ProfileReader(file: file)
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
        if let node = top["begins"] { parts.begins = try pattern(node) }
        if let node = top["continues"] { parts.continues = try pattern(node) }
        if let node = top["unwrap"] { parts.unwraps = try node.bool("unwrap") }
        guard let codecNode = top["codec"] else {
            throw root.error("the profile has no codec", hint: "one of " + Self.codecs.joined(separator: ", "))
        }
        parts.codec = try codec(codecNode)
        if let node = top["path"] { parts.path = try pattern(node) }
        for node in top["carry"]?.elements ?? [] { parts.carries.append(try pattern(node)) }
        for node in top["each"]?.elements ?? [] { parts.each.append(try each(node)) }
        for node in top["decode"]?.elements ?? [] { parts.decodes.append(try decode(node)) }
        for node in top["recognise"]?.elements ?? [] { parts.recognise.append(try condition(node)) }
        if let node = top["keep"] { parts.keep = try keep(node) }
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
        let common = try assignments(top["fields"], "fields")
        try readEvents(top, common, root)
        for node in top["samples"]?.elements ?? [] { parts.samples.append(try sample(node)) }
        if parts.samples.isEmpty {
            throw root.error(
                "the profile has no samples", hint: "show under 'samples' some lines, and the events that they become")
        }
        if case .lines = parts.container, parts.each.isEmpty,
            !parts.events.contains(where: { $0.emissions.count > 1 || $0.each != nil })
        {
            parts.numbersRecords = false
        } else {
            parts.numbersRecords = true
        }
        parts.variables = variables.count
        return Plan(name: name, title: title, parts)
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

    private static let ruleKeys = [
        "when", "event", "role", "fields", "emit", "skip", "awaits", "answers", "by", "each",
    ]

    private mutating func rule(_ node: ProfileNode, _ common: [Plan.Assignment]) throws(ProfileError) -> Plan.EventRule
    {
        let members = try node.members("a rule of events", Self.ruleKeys)
        var rule = Plan.EventRule(condition: Condition(tests: []), emissions: [])
        if let node = members["each"] { rule.each = try each(node) }
        if let when = members["when"] { rule.condition = try condition(when) }
        let key = try members["by"].map { node throws(ProfileError) in try candidate(node) }
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
            let value = event.isMapping || event.isList ? try candidates(event) : [try named(event, "event")]
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
            ? Candidate(origin: .template(try template(text, node))) : Candidate(origin: .constant(FieldName(text)))
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
                var rules: [TimeRule] = []
                for element in value.elements {
                    var rule = try timeRule(element)
                    rule.words = element.words
                    rules.append(rule)
                }
                result.append(Plan.Assignment(target: .time, candidates: [], time: rules))
            case .clock:
                if value.isMapping, let counter = try value.pairs("vc").first(where: { $0.key == "counter" }) {
                    result.append(Plan.Assignment(target: .counter, candidates: try candidates(counter.value)))
                } else {
                    result.append(Plan.Assignment(target: .clock, candidates: try candidates(value)))
                }
            case .other where Self.isMistyped(key):
                throw keyNode.unknown(key, "an event", RecordSchema.keys)
            default:
                result.append(Plan.Assignment(target: target, candidates: try candidates(value)))
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

    private func container(_ node: ProfileNode) throws(ProfileError) -> Plan.Container {
        if let text = node.text {
            switch text {
            case "lines": return .lines
            case "values": return .values
            case "frames": return .frames
            default: throw node.unknown(text, "container", ["lines", "values", "array", "frames"])
            }
        }
        let members = try node.members("container", ["array"])
        guard let array = members["array"] else { throw node.error("container names no array") }
        let path = try array.string("array")
        guard path.hasPrefix("/") else {
            throw array.error("array is not a pointer", hint: "such as /Records; / alone is the whole document")
        }
        return .array(path.split(separator: "/").map { FieldName(Self.unescaped(String($0))) })
    }

    private mutating func each(_ node: ProfileNode) throws(ProfileError) -> Plan.Each {
        let members = try node.members("each", ["in", "as"])
        guard let list = members["in"], let name = members["as"] else {
            throw node.error("each needs 'in' and 'as'", hint: "each: {in: /changes, as: change}")
        }
        let reference = try reference(list)
        let variable = try bind(name)
        let text = try name.string("as")
        return Plan.Each(
            list: reference, variable: variable, key: FieldName(text + ".key"), index: FieldName(text + ".index"))
    }

    private mutating func decode(_ node: ProfileNode) throws(ProfileError) -> Plan.Decode {
        let members = try node.members("decode", ["from", "as", "codec", "spread"])
        guard let from = members["from"] else { throw node.error("decode does not say from which field") }
        var decode = Plan.Decode(from: try reference(from), codec: nil)
        if let spread = members["spread"] { decode.spreads = try spread.bool("spread") }
        if let codecNode = members["codec"] { decode.codec = try codec(codecNode) }
        if decode.codec == nil, !decode.spreads { throw node.error("decode has neither codec nor spread") }
        if let name = members["as"] { decode.variable = try bind(name) }
        return decode
    }

    private mutating func bind(_ node: ProfileNode) throws(ProfileError) -> Int {
        let name = try node.string("as")
        if name.isEmpty || name.contains("/") || name.contains("@") { throw node.error("'\(name)' is not a name") }
        if variables.contains(name) { throw node.error("'\(name)' is bound twice") }
        variables.append(name)
        return variables.count - 1
    }

    private static let codecs = ["json", "logfmt", "pattern", "delimited", "pairs", "csv", "table"]

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
        if let value = members["pattern"] { return .pattern(try pattern(value)) }
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

    private func keep(_ node: ProfileNode) throws(ProfileError) -> Plan.Keep {
        switch node.text {
        case "none": return .none
        case "scalars": return .scalars
        case "all": return .all
        default:
            var names: [FieldName] = []
            for name in try node.list("keep") { names.append(FieldName(try name.string("keep"))) }
            return .names(names)
        }
    }

    private func sample(_ node: ProfileNode) throws(ProfileError) -> ProfileSample {
        let members = try node.members("a sample", ["path", "lines", "events"])
        guard let text = members["lines"], let events = members["events"] else {
            throw node.error("a sample needs 'lines' and 'events'")
        }
        var lines: [String] = []
        for line in text.elements {
            lines += try line.string("lines").split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        }
        while lines.last == "" { lines.removeLast() }
        var expected: [[(key: String, json: String)]] = []
        for event in events.isList ? events.elements : [events] {
            var members: [(key: String, json: String)] = []
            for (key, _, value) in try event.pairs("an expected event") { members.append((key, value.json)) }
            expected.append(members)
        }
        return ProfileSample(
            path: try members["path"]?.string("path") ?? "sample.log", lines: lines, events: expected,
            line: node.node.mark?.line ?? 0)
    }

    // MARK: Patterns and references

    private mutating func pattern(_ node: ProfileNode) throws(ProfileError) -> Pattern {
        let text = try node.string("a pattern")
        do {
            let pattern = try Pattern(text)
            parts.groups = max(parts.groups, pattern.groupCount)
            return pattern
        } catch {
            throw node.error("the pattern is wrong at character \(error.offset + 1): \(error.message)")
        }
    }

    func reference(_ node: ProfileNode) throws(ProfileError) -> Reference {
        try reference(node.string("a field's name"), node)
    }

    private func reference(_ text: String, _ node: ProfileNode) throws(ProfileError) -> Reference {
        if text.isEmpty { throw node.error("a field's name is empty") }
        if text.hasPrefix("/") { return .path(variable: nil, steps: Self.steps(text.dropFirst())) }
        if let variable = variables.firstIndex(of: text) { return .path(variable: variable, steps: []) }
        if let slash = text.firstIndex(of: "/"), let variable = variables.firstIndex(of: String(text[..<slash])) {
            return .path(variable: variable, steps: Self.steps(text[text.index(after: slash)...]))
        }
        return .name(FieldName(text))
    }

    private static func steps(_ text: Substring) -> [Reference.Step] {
        if text.isEmpty { return [] }
        var steps: [Reference.Step] = []
        // A key in brackets may have slashes of its own.
        var parts: [String] = [""]
        var isInBrackets = false
        for character in text {
            if character == "[" { isInBrackets = true }
            if character == "]" { isInBrackets = false }
            if character == "/", !isInBrackets { parts.append("") } else { parts[parts.count - 1].append(character) }
        }
        for part in parts {
            if let open = part.firstIndex(of: "["), part.hasSuffix("]") {
                let name = String(part[..<open])
                if !name.isEmpty { steps.append(.member(FieldName(unescaped(name)))) }
                steps.append(.pair(FieldName(String(part[part.index(after: open)...].dropLast()))))
            } else if let index = Int(part), index >= 0 {
                steps.append(.element(index))
            } else {
                steps.append(.member(FieldName(unescaped(part))))
            }
        }
        return steps
    }

    /// A pointer's token as the key that it means (RFC 6901).
    private static func unescaped(_ token: String) -> String {
        token.replacing("~1", with: "/").replacing("~0", with: "~")
    }

    private func template(_ text: String, _ node: ProfileNode) throws(ProfileError) -> [Candidate.Piece] {
        var pieces: [Candidate.Piece] = []
        var literal = ""
        var rest = text[...]
        while let character = rest.popFirst() {
            guard character == "{" else {
                literal.append(character)
                continue
            }
            guard let close = rest.firstIndex(of: "}") else { throw node.error("a template has a '{' without its '}'") }
            if !literal.isEmpty { pieces.append(.text(FieldName(literal))) }
            literal = ""
            let words = rest[..<close].split(separator: "|", omittingEmptySubsequences: false).map(String.init)
            var filters: [Transform] = []
            for word in words.dropFirst() { filters.append(try filter(word, node)) }
            pieces.append(.reference(try reference(words[0], node), filters))
            rest = rest[rest.index(after: close)...]
        }
        if !literal.isEmpty { pieces.append(.text(FieldName(literal))) }
        return pieces
    }

    /// What stands behind a bar in a template.
    private func filter(_ word: String, _ node: ProfileNode) throws(ProfileError) -> Transform {
        switch word {
        case "dns": return .dnsName
        case "lower": return .lowercase
        case "first": return .part(0, [UInt8(ascii: "/")])
        case "last": return .part(-1, [UInt8(ascii: "/")])
        case "message": return .message
        default: throw node.unknown(word, "a template", ["dns", "lower", "first", "last", "message"])
        }
    }

    // MARK: Candidates

    private mutating func candidates(_ node: ProfileNode) throws(ProfileError) -> [Candidate] {
        var result: [Candidate] = []
        for element in node.elements {
            var candidate = try candidate(element)
            candidate.words = element.words
            result.append(candidate)
        }
        return result
    }

    private static let candidateKeys = [
        "from", "const", "template", "difference", "composite", "width", "pattern", "part", "by", "trim", "dns", "case",
        "message", "duration", "scale", "map", "else", "time", "zone", "unit", "subtract", "count", "lookup", "key",
        "member",
    ]

    private mutating func candidate(_ node: ProfileNode) throws(ProfileError) -> Candidate {
        if let text = node.text {
            if text.contains("{") { return Candidate(origin: .template(try template(text, node))) }
            return Candidate(origin: .reference(try reference(text, node)))
        }
        return try candidate(try node.members("a field's rule", Self.candidateKeys), node)
    }

    private mutating func candidate(
        _ members: [String: ProfileNode], _ node: ProfileNode
    ) throws(ProfileError) -> Candidate {
        var candidate = Candidate(origin: try origin(members, node))
        if let value = members["pattern"] { candidate.transforms.append(.pattern(try pattern(value))) }
        if let value = members["part"] {
            let index: Int
            switch value.text {
            case "first": index = 0
            case "last": index = -1
            default: index = try value.integer("part")
            }
            candidate.transforms.append(.part(index, Array(try members["by"]?.string("by").utf8 ?? "/".utf8)))
        }
        if let value = members["trim"] { candidate.transforms.append(.trim(Array(try value.string("trim").utf8))) }
        if let value = members["dns"], try value.bool("dns") { candidate.transforms.append(.dnsName) }
        if let value = members["case"] {
            guard value.text == "lower" else { throw value.unknown(value.text ?? "", "case", ["lower"]) }
            candidate.transforms.append(.lowercase)
        }
        if let value = members["message"], try value.bool("message") { candidate.transforms.append(.message) }
        if let value = members["duration"], try value.bool("duration") { candidate.transforms.append(.duration) }
        if let value = members["time"] {
            let zone = try members["zone"].map { node throws(ProfileError) in try self.zone(node) }
            let unit = try members["unit"].map { node throws(ProfileError) in try self.unit(node) } ?? 1_000_000_000
            candidate.transforms.append(.time(try timeForm(value), zone: zone, unit: unit))
        }
        if let value = members["map"] { candidate.transforms.append(.map(try map(value, members["else"]))) }
        if let value = members["scale"] { candidate.transforms.append(.scale(try value.number("scale"))) }
        return candidate
    }

    private mutating func origin(
        _ members: [String: ProfileNode], _ node: ProfileNode
    ) throws(ProfileError) -> Candidate.Origin {
        if let value = members["from"] { return .reference(try reference(value)) }
        if let value = members["const"] { return .constant(FieldName(try value.string("const"))) }
        if let value = members["template"] { return .template(try template(value.string("template"), value)) }
        if let value = members["difference"] {
            let both = try value.list("difference")
            guard both.count == 2 else { throw value.error("difference is of two times, the later one first") }
            return .difference(try timeRule(both[0]), try timeRule(both[1]))
        }
        if let value = members["composite"] {
            let both = try value.list("composite")
            guard both.count == 2 else { throw value.error("composite is of two numbers, the weightier one first") }
            guard let width = members["width"] else {
                throw value.error("composite needs a width", hint: "how many digits the second number may have")
            }
            let digits = try width.integer("width")
            guard (1...15).contains(digits) else { throw width.error("width is between 1 and 15") }
            return .composite([try candidate(both[0]), try candidate(both[1])], width: digits)
        }
        if let value = members["subtract"] {
            let both = try value.list("subtract")
            guard both.count == 2 else { throw value.error("subtract is of two numbers, the larger one first") }
            return .subtract([try candidate(both[0]), try candidate(both[1])])
        }
        if let value = members["count"] { return .count(try reference(value)) }
        if let value = members["lookup"] {
            guard let key = members["key"] else {
                throw value.error("lookup needs a key", hint: "the field that holds it")
            }
            let steps = try members["member"].map { node throws(ProfileError) in
                Self.steps(try node.string("member")[...])
            }
            return .lookup(try reference(value), key: try candidates(key), steps: steps ?? [])
        }
        throw node.error(
            "the rule does not say where the value comes from",
            hint: "from, const, template, difference, subtract, composite, count or lookup")
    }

    private func map(_ node: ProfileNode, _ otherwise: ProfileNode?) throws(ProfileError) -> ValueMap {
        var map = ValueMap(exact: [], classes: [], otherwise: nil, keepsOthers: false)
        for (key, _, value) in try node.pairs("map") {
            let target = FieldName(try value.string("a value of map"))
            let isClass = key.contains("x") && key.allSatisfy { $0.isNumber || $0 == "x" }
            if isClass {
                map.classes.append((FieldName(key), target))
            } else {
                map.exact.append((FieldName(key), target))
            }
        }
        if let otherwise {
            let text = try otherwise.string("else")
            if text == "same" { map.keepsOthers = true } else { map.otherwise = FieldName(text) }
        }
        return map
    }

    private mutating func timeRule(_ node: ProfileNode) throws(ProfileError) -> TimeRule {
        if node.text != nil { return TimeRule(value: try candidate(node), form: .automatic) }
        var members = try node.members("a time's rule", Self.candidateKeys + ["year", "add"])
        let form = members.removeValue(forKey: "time")
        let zoneNode = members.removeValue(forKey: "zone")
        let unitNode = members.removeValue(forKey: "unit")
        var rule = TimeRule(value: try candidate(members, node), form: .automatic)
        if let form { rule.form = try timeForm(form) }
        if let zoneNode { rule.zone = try zone(zoneNode) }
        if let add = members["add"] {
            let unit = try unitNode.map { node throws(ProfileError) in try self.unit(node) } ?? 1
            rule.added = (try reference(add), unit)
        }
        if let year = members["year"] {
            if let text = year.text, let number = Int(text) {
                rule.year = .constant(number)
            } else {
                rule.year = .reference(try reference(year))
            }
        }
        return rule
    }

    private func zone(_ node: ProfileNode) throws(ProfileError) -> Int {
        let text = try node.string("zone")
        if text == "UTC" { return 0 }
        do { return try TimeBound.zoneOffset(text) } catch {
            throw node.error("'\(text)' is not a zone", hint: "UTC, or an offset such as +02:00")
        }
    }

    /// How many nanoseconds a unit is.
    private func unit(_ node: ProfileNode) throws(ProfileError) -> Int64 {
        switch node.text {
        case "s": return 1_000_000_000
        case "ms": return 1_000_000
        case "us": return 1000
        case "ns": return 1
        default: throw node.unknown(node.text ?? "", "unit", ["s", "ms", "us", "ns"])
        }
    }

    private func timeForm(_ node: ProfileNode) throws(ProfileError) -> TimeRule.Form {
        let text = try node.string("time")
        switch text {
        case "auto", "rfc3339": return .automatic
        case "s": return .count(1_000_000_000)
        case "ms": return .count(1_000_000)
        case "us": return .count(1000)
        case "ns": return .count(1)
        default:
            guard text.contains("%"), let layout = TimeLayout(text) else {
                throw node.error(
                    "'\(text)' is no form of a time",
                    hint: "auto, rfc3339, s, ms, us, ns, or a layout of %Y %m %d %H %M %S %f %b %z %j %p %s")
            }
            return .layout(layout)
        }
    }

    // MARK: Conditions

    mutating func condition(_ node: ProfileNode) throws(ProfileError) -> Condition {
        var condition = Condition(tests: [])
        for (key, keyNode, value) in try node.pairs("a condition") {
            condition.tests.append((try reference(key, keyNode), try test(value)))
        }
        return condition
    }

    private mutating func test(_ node: ProfileNode) throws(ProfileError) -> Test {
        if let text = node.text { return .equals([FieldName(text)]) }
        if node.isList {
            var words: [FieldName] = []
            for element in node.elements { words.append(FieldName(try element.string("a value"))) }
            return .equals(words)
        }
        var tests: [Test] = []
        let members = try node.members("a test", ["exists", "is", "matches", "not", "atLeast", "atMost"])
        if let value = members["exists"] { tests.append(.exists(try value.bool("exists"))) }
        if let value = members["is"] { tests.append(try test(value)) }
        if let value = members["matches"] { tests.append(.matches(try pattern(value))) }
        if let value = members["not"] { tests.append(.not(try test(value))) }
        if let value = members["atLeast"] { tests.append(.atLeast(try value.number("atLeast"))) }
        if let value = members["atMost"] { tests.append(.atMost(try value.number("atMost"))) }
        return tests.count == 1 ? tests[0] : .all(tests)
    }
}

extension ProfileNode {
    /// The value as a person would write it on one line.
    var words: String { text ?? json.replacing("\"", with: "") }

    /// The value as JSON has it: a plain number, true, false or null is that, all else a text.
    var json: String {
        switch node {
        case .scalar(let scalar):
            if scalar.style == .plain || scalar.style == .any {
                if ["true", "false", "null"].contains(scalar.string) { return scalar.string }
                if Array(scalar.string.utf8).withUnsafeBytes({ JSONNumber($0) != nil }) { return scalar.string }
            }
            return Self.quoted(scalar.string)
        case .sequence(let sequence):
            return "[" + sequence.map { ProfileNode(node: $0, file: file).json }.joined(separator: ",") + "]"
        case .mapping(let mapping):
            return "{"
                + mapping.map { Self.quoted($0.key.string ?? "") + ":" + ProfileNode(node: $0.value, file: file).json }
                .joined(separator: ",") + "}"
        case .alias: return "null"
        }
    }

    private static func quoted(_ text: String) -> String {
        var out: [UInt8] = []
        Array(text.utf8).withUnsafeBytes { EventLine.quoted($0, &out) }
        return String(decoding: out, as: UTF8.self)
    }
}
