/// A document on pages that a limit of bytes bounds, each with links to the pages beside it.
struct DocumentPages {
    /// The least bytes of a page: below, a page would have no room for a row.
    static let smallest = 8192

    /// The pages of a document, none longer than `limit` (at least `smallest`) but where one atom alone is.
    ///
    /// - Parameters:
    ///   - name: a page's file name by its number from 1, used for links as it is.
    ///   - syntax: writes a page, given the address of a finding.
    static func lay(
        _ document: Document, limit: Int, name: (Int) -> String,
        _ syntax: (_ finding: @escaping (Int) -> String) -> some DocumentSyntax
    ) -> [String] {
        let longest = name(9999)
        let measured = syntax { longest + "#f\($0 + 1)" }
        // Two lines of navigation with two links each, and words around them.
        let room = max(limit, smallest) - 2 * (2 * longest.utf8.count + 82)
        var pages: [[DocumentAtom]] = [[]]
        var used = 0
        for atom in document.atoms {
            let size = measured.piece(atom, isFirst: used == 0).utf8.count
            // A heading goes to the page of what it heads, as far as can be told: it leaves room for a row.
            let isHeading = if case .heading = atom.block { true } else { false }
            if used > 0, used + size + (isHeading ? room / 16 : 0) > room {
                pages.append([])
                used = 0
                pages[pages.count - 1].append(atom)
                used = measured.piece(atom, isFirst: true).utf8.count
                continue
            }
            pages[pages.count - 1].append(atom)
            used += size
        }
        var pageOf: [Int: Int] = [:]
        for (number, page) in pages.enumerated() {
            for atom in page { if let finding = atom.finding { pageOf[finding] = number } }
        }
        let names = (1...pages.count).map(name)
        return pages.enumerated().map { number, page in
            let syntax = syntax { finding in
                let target = pageOf[finding] ?? number
                return (target == number ? "" : names[target]) + "#f\(finding + 1)"
            }
            var text = ""
            for atom in page { text += syntax.piece(atom, isFirst: text.isEmpty) }
            let navigation = links(number, names)
            return (navigation.isEmpty ? "" : navigation + "\n") + text + (navigation.isEmpty ? "" : "\n" + navigation)
        }
    }

    private static func links(_ number: Int, _ names: [String]) -> String {
        if names.count == 1 { return "" }
        var parts = ["Page \(number + 1) of \(names.count)"]
        if number > 0 { parts.append("[previous](\(names[number - 1]))") }
        if number + 1 < names.count { parts.append("[next](\(names[number + 1]))") }
        return parts.joined(separator: " · ") + "\n"
    }
}
