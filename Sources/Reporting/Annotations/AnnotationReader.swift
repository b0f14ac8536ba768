import EventModel
import LogReading

extension Annotations {
    /// Reads a file of annotations:
    ///
    ///     entries:
    ///       - at: 2025-10-20T07:05:00Z
    ///         who: on-call
    ///         what: customers report errors
    ///     findings:
    ///       - id: gxjy1ku3z4
    ///         name: the overwrite
    ///         note: known since Tuesday
    ///       - id: wba00wtp0x
    ///         hide: true
    package init(yaml: String, file: String) throws(ProfileError) {
        self.init(file: file)
        let root = try ProfileNode.parse(yaml, file: file)
        let members = try root.members("an annotation file", ["entries", "findings"])
        for node in try members["entries"]?.list("entries") ?? [] { entries.append(try Self.entry(node)) }
        for node in try members["findings"]?.list("findings") ?? [] { marks.append(try Self.mark(node)) }
    }

    private static func entry(_ node: ProfileNode) throws(ProfileError) -> Entry {
        let members = try node.members("an entry", ["at", "who", "what"])
        guard let at = members["at"], let what = members["what"] else {
            throw node.error("an entry needs at and what")
        }
        guard case .moment(let time) = RFC3339.read(try at.string("at")) else {
            throw at.error("at is not a time", hint: "write it as 2025-10-20T06:47:58Z")
        }
        return Entry(at: time, who: try members["who"]?.string("who") ?? "", what: try what.string("what"))
    }

    private static func mark(_ node: ProfileNode) throws(ProfileError) -> Mark {
        let members = try node.members("a finding", ["id", "name", "note", "hide"])
        guard let id = try members["id"]?.string("id"), !id.isEmpty else {
            throw node.error("a finding needs its id", hint: "findings.json and timelines name it")
        }
        return Mark(
            id: id, name: try members["name"]?.string("name"), note: try members["note"]?.string("note"),
            isHidden: try members["hide"]?.bool("hide") ?? false)
    }
}
