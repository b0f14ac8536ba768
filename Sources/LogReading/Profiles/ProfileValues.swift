import EventModel

/// Values of a profile that stand for themselves: no other part of it decides what they mean.
extension ProfileNode {
    /// How a source holds its records.
    func container() throws(ProfileError) -> Plan.Container {
        if let text {
            switch text {
            case "lines": return .lines
            case "values": return .values
            case "frames": return .frames
            default: throw unknown(text, "container", ["lines", "values", "array", "matches", "frames"])
            }
        }
        let members = try members("container", ["array", "matches"])
        guard let array = members["array"] else { throw error("container names no array") }
        let path = try array.string("array")
        guard path.hasPrefix("/") else {
            throw array.error("array is not a pointer", hint: "such as /Records; / alone is the whole document")
        }
        return .array(path.split(separator: "/").map { FieldName(ReferenceReader.unescaped(String($0))) })
    }

    /// Which of the source's own fields stay.
    func keep() throws(ProfileError) -> Plan.Keep {
        switch text {
        case "none": return .none
        case "scalars": return .scalars
        case "all": return .all
        default:
            var names: [FieldName] = []
            for name in try list("keep") { names.append(FieldName(try name.string("keep"))) }
            return .names(names)
        }
    }

    /// A sample, with the events that it must become.
    func sample() throws(ProfileError) -> ProfileSample {
        let members = try members("a sample", ["path", "lines", "events"])
        guard let text = members["lines"], let events = members["events"] else {
            throw error("a sample needs 'lines' and 'events'")
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
            line: node.mark?.line ?? 0)
    }

    /// What values become; `otherwise` says what happens to those that are not there.
    func valueMap(otherwise: ProfileNode?) throws(ProfileError) -> ValueMap {
        var map = ValueMap(exact: [], classes: [], otherwise: nil, keepsOthers: false)
        for (key, _, value) in try pairs("map") {
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

    /// Seconds east of UTC.
    func zone() throws(ProfileError) -> Int {
        let text = try string("zone")
        if text == "UTC" { return 0 }
        do { return try TimeBound.zoneOffset(text) } catch {
            throw self.error("'\(text)' is not a zone", hint: "UTC, or an offset such as +02:00")
        }
    }

    /// How many nanoseconds a unit is.
    func unit() throws(ProfileError) -> Int64 {
        guard let unit = text.flatMap(Self.nanoseconds) else {
            throw unknown(text ?? "", "unit", ["s", "ms", "us", "ns"])
        }
        return unit
    }

    private static func nanoseconds(_ unit: String) -> Int64? {
        switch unit {
        case "s": Nanoseconds.second
        case "ms": Nanoseconds.millisecond
        case "us": 1000
        case "ns": 1
        default: nil
        }
    }

    /// How a time is written.
    func timeForm() throws(ProfileError) -> TimeRule.Form {
        let text = try string("time")
        if text == "auto" || text == "rfc3339" { return .automatic }
        if let unit = Self.nanoseconds(text) { return .count(unit) }
        guard text.contains("%"), let layout = TimeLayout(text) else {
            throw error(
                "'\(text)' is no form of a time",
                hint: "auto, rfc3339, s, ms, us, ns, or a layout of %Y %m %d %H %M %S %f %b %z %j %p %s")
        }
        return .layout(layout)
    }
}
