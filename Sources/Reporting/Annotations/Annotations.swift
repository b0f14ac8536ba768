import EventModel

/// What people add to a report: entries of their own, and names, notes and silence for findings by their lasting ids.
package struct Annotations: Sendable {
    /// Something that no log tells.
    package struct Entry: Sendable {
        package var at: Timestamp
        package var who: String
        package var what: String
    }

    /// What is said of one finding.
    package struct Mark: Sendable {
        /// Its lasting id, or the beginning of it.
        package var id: String
        package var name: String?
        package var note: String?
        /// Whether it is left out of reports for people.
        package var isHidden = false
    }

    /// The file, for notes.
    package var file: String
    package var entries: [Entry] = []
    package var marks: [Mark] = []

    package init(file: String) {
        self.file = file
    }
}

/// Annotations by group of findings, and those that match none any more.
package struct GroupAnnotations: Sendable {
    package private(set) var names: [Int: String] = [:]
    private var notes: [Int: String] = [:]
    package private(set) var hidden: Set<Int> = []
    package private(set) var entries: [Annotations.Entry] = []
    /// A sentence for each annotation that no finding matches.
    package private(set) var unmatched: [String] = []
    private var file = ""

    package init() {}

    init(_ annotations: Annotations, _ ids: [String], _ groupOf: [Int], _ groups: [FindingGroup]) {
        file = annotations.file
        entries = annotations.entries
        for mark in annotations.marks {
            // A beginning that several findings share names none of them.
            let found = ids.indices.filter { ids[$0] == mark.id }
            let like = found.isEmpty ? ids.indices.filter { ids[$0].hasPrefix(mark.id) } : found
            let matched = Set(like.map { groupOf[$0] })
            guard matched.count == 1, let group = matched.first else {
                unmatched.append(
                    matched.isEmpty
                        ? "no finding has the id \(mark.id) any more"
                        : "\(Figures.count(matched.count, "finding")) have an id that begins with \(mark.id)")
                continue
            }
            if let name = mark.name { names[group] = name }
            if let note = mark.note { notes[group] = [notes[group], note].compactMap { $0 }.joined(separator: " ") }
            if mark.isHidden { hidden.insert(group) }
        }
    }

    func note(of group: Int) -> String? { notes[group] }

    /// What a reader of the report must know of them.
    var remarks: [String] {
        var remarks: [String] = []
        if !hidden.isEmpty {
            remarks.append(
                "\(Figures.count(hidden.count, "finding")) hidden by the annotations: "
                    + hidden.sorted().prefix(10).map { "F\($0 + 1)" }.joined(separator: ", ")
                    + (hidden.count > 10 ? " and \(hidden.count - 10) more" : ""))
        }
        return remarks + unmatched.map { "annotation without effect: " + $0 }
    }
}
