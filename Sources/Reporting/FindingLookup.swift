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

    private let list: FindingList

    /// Looks up in `list`.
    package init(_ list: FindingList) {
        self.list = list
    }

    /// The findings named, as indices into the report's. `f3` is F3; ids may be cut short while only one begins so.
    package func find(_ name: String) throws(Failure) -> [Int] {
        let name = name.lowercased()
        if name.hasPrefix("f") {
            let number = Int(name.dropFirst())
            guard let group = list.groups.first(where: { $0.number == number }) else {
                throw .unknown(groups: list.groups.count)
            }
            return group.members
        }
        if let exact = list.ids.firstIndex(of: name) { return [exact] }
        let matches = name.isEmpty ? [] : list.ids.indices.filter { list.ids[$0].hasPrefix(name) }
        if matches.isEmpty { throw .unknown(groups: list.groups.count) }
        if matches.count > 1 { throw .ambiguous(matches.prefix(8).map { list.ids[$0] }) }
        return matches
    }
}
