import EventModel

/// Finds the findings that a reader names: by the number of display (`F3`, a whole row), or by an id or its beginning.
package struct FindingLookup: Sendable {
    /// Why a name names nothing.
    package enum Failure: Error, Equatable, Sendable {
        /// No finding has it; there are `groups` rows, F1 to F`groups`.
        case unknown(groups: Int)
        /// Several ids begin with it: these, at most eight.
        case ambiguous([String])
    }

    private let ids: [String]
    private let numbers: [Int]

    /// Looks up in `list`.
    package init(_ list: FindingList) {
        self.init(ids: list.ids, numbers: list.groupOf.map { list.groups[$0].number })
    }

    /// Looks up among findings with these ids, in rows of these numbers.
    package init(ids: [String], numbers: [Int]) {
        self.ids = ids
        self.numbers = numbers
    }

    /// The findings named, as indices into the report's. `f3` is F3; ids may be cut short while only one begins so.
    package func find(_ name: String) throws(Failure) -> [Int] {
        let name = name.lowercased()
        if name.hasPrefix("f") {
            let number = Int(name.dropFirst())
            let members = numbers.indices.filter { numbers[$0] == number }
            if members.isEmpty { throw .unknown(groups: groups) }
            return members
        }
        if let exact = ids.firstIndex(of: name) { return [exact] }
        let matches = name.isEmpty ? [] : ids.indices.filter { ids[$0].hasPrefix(name) }
        if matches.isEmpty { throw .unknown(groups: groups) }
        if matches.count > 1 { throw .ambiguous(matches.prefix(8).map { ids[$0] }) }
        return matches
    }

    private var groups: Int { numbers.max() ?? 0 }
}
