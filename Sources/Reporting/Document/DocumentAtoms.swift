/// What stays together where a text is cut or paged: a heading, a paragraph, one row, one item.
struct DocumentAtom {
    /// A block of one row or item.
    var block: Document.Block
    /// Whether it is the first of its block.
    var startsBlock: Bool
    /// Of an item of a numbered list, which.
    var number: Int
    /// The part of the document that it stands in: the last heading of its level or above.
    var section: String
    /// The finding whose heading it is.
    var finding: Int? { if case .heading(_, _, let finding) = block { finding } else { nil } }
}

extension Document {
    /// Its atoms in order.
    var atoms: [DocumentAtom] {
        var atoms: [DocumentAtom] = []
        var section = ""
        func add(_ parts: [Block]) {
            for (index, part) in parts.enumerated() {
                atoms.append(
                    DocumentAtom(block: part, startsBlock: index == 0, number: index + 1, section: section))
            }
        }
        for block in blocks {
            switch block {
            case .heading(let text, let level, _):
                if level <= 2 { section = level == 1 ? "the first page" : text }
                add([block])
            case .list(let items, let isNumbered): add(items.map { .list([$0], isNumbered: isNumbered) })
            case .table(let head, let rows): add(rows.map { .table(head: head, rows: [$0]) })
            case .facts(let facts): add(facts.map { .facts([$0]) })
            case .paragraph, .plot, .graph, .figure: add([block])
            }
        }
        return atoms
    }
}

/// Writes atoms of a document in some syntax.
protocol DocumentSyntax {
    /// What stands above the rows of a table: again on each page that begins inside it.
    func head(_ atom: DocumentAtom) -> String
    /// The atom itself, ending in a newline; empty for what this place cannot show.
    func body(_ atom: DocumentAtom) -> String
}

extension DocumentSyntax {
    /// All of a document: blocks apart by an empty line.
    func render(_ document: Document) -> String {
        var text = ""
        for atom in document.atoms { text += piece(atom, isFirst: text.isEmpty) }
        return text
    }

    /// An atom with what goes ahead of it; `isFirst` on its page.
    func piece(_ atom: DocumentAtom, isFirst: Bool) -> String {
        let body = body(atom)
        if body.isEmpty { return "" }
        if isFirst { return head(atom) + body }
        return atom.startsBlock ? "\n" + head(atom) + body : body
    }
}
