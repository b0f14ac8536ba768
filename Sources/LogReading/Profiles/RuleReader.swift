import EventModel

/// Reads a profile's rules of where values come from, and its tests of them.
struct RuleReader {
    var references = ReferenceReader()
    /// The most groups of any pattern.
    private(set) var groups = 0

    /// A pattern of the user's.
    mutating func pattern(_ node: ProfileNode) throws(ProfileError) -> Pattern {
        let text = try node.string("a pattern")
        do {
            let pattern = try Pattern(text)
            groups = max(groups, pattern.groupCount)
            return pattern
        } catch {
            throw node.error("the pattern is wrong at character \(error.offset + 1): \(error.message)")
        }
    }

    /// Where a value may come from, tried in turn.
    mutating func candidates(_ node: ProfileNode) throws(ProfileError) -> [Candidate] {
        var result: [Candidate] = []
        for element in node.elements {
            var candidate = try candidate(element)
            candidate.words = element.words
            result.append(candidate)
        }
        return result
    }

    static let candidateKeys = [
        "from", "const", "template", "difference", "composite", "width", "pattern", "part", "by", "trim", "dns", "case",
        "message", "duration", "scale", "map", "else", "time", "zone", "unit", "subtract", "count", "lookup", "key",
        "member",
    ]

    mutating func candidate(_ node: ProfileNode) throws(ProfileError) -> Candidate {
        if let text = node.text {
            if text.contains("{") { return Candidate(origin: .template(try references.template(text, node))) }
            return Candidate(origin: .reference(try references.reference(text, node)))
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
            let zone = try members["zone"]?.zone()
            let unit = try members["unit"]?.unit() ?? 1_000_000_000
            candidate.transforms.append(.time(try value.timeForm(), zone: zone, unit: unit))
        }
        if let value = members["map"] {
            candidate.transforms.append(.map(try value.valueMap(otherwise: members["else"])))
        }
        if let value = members["scale"] { candidate.transforms.append(.scale(try value.number("scale"))) }
        return candidate
    }

    private mutating func origin(
        _ members: [String: ProfileNode], _ node: ProfileNode
    ) throws(ProfileError) -> Candidate.Origin {
        if let value = members["from"] { return .reference(try references.reference(value)) }
        if let value = members["const"] { return .constant(FieldName(try value.string("const"))) }
        if let value = members["template"] {
            return .template(try references.template(value.string("template"), value))
        }
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
        if let value = members["count"] { return .count(try references.reference(value)) }
        if let value = members["lookup"] {
            guard let key = members["key"] else {
                throw value.error("lookup needs a key", hint: "the field that holds it")
            }
            let steps = try members["member"].map { node throws(ProfileError) in
                ReferenceReader.steps(try node.string("member")[...])
            }
            return .lookup(try references.reference(value), key: try candidates(key), steps: steps ?? [])
        }
        throw node.error(
            "the rule does not say where the value comes from",
            hint: "from, const, template, difference, subtract, composite, count or lookup")
    }

    /// Where a time comes from, and how it is written.
    mutating func timeRule(_ node: ProfileNode) throws(ProfileError) -> TimeRule {
        if node.text != nil { return TimeRule(value: try candidate(node), form: .automatic) }
        var members = try node.members("a time's rule", Self.candidateKeys + ["year", "add"])
        let form = members.removeValue(forKey: "time")
        let zoneNode = members.removeValue(forKey: "zone")
        let unitNode = members.removeValue(forKey: "unit")
        var rule = TimeRule(value: try candidate(members, node), form: .automatic)
        if let form { rule.form = try form.timeForm() }
        if let zoneNode { rule.zone = try zoneNode.zone() }
        if let add = members["add"] {
            let unit = try unitNode?.unit() ?? 1
            rule.added = (try references.reference(add), unit)
        }
        if let year = members["year"] {
            if let text = year.text, let number = Int(text) {
                rule.year = .constant(number)
            } else {
                rule.year = .reference(try references.reference(year))
            }
        }
        return rule
    }

    /// Tests that must all hold.
    mutating func condition(_ node: ProfileNode) throws(ProfileError) -> Condition {
        var condition = Condition(tests: [])
        for (key, keyNode, value) in try node.pairs("a condition") {
            condition.tests.append((try references.reference(key, keyNode), try test(value)))
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
