import EventModel

/// A document cut to fit a place: what stands first stays, and a note says what was cut.
enum DocumentCut {
    /// What was cut of one part.
    struct Loss {
        var section: String
        var count: Int
        var isWhole: Bool
    }

    /// The text, of at most `limit` bytes.
    ///
    /// - Parameter note: the paragraph that names what was cut.
    static func fit(
        _ document: Document, limit: Int, _ syntax: some DocumentSyntax, note: ([Loss]) -> Phrase
    ) -> String {
        let atoms = document.atoms
        let whole = syntax.render(document)
        if whole.utf8.count <= limit { return whole }
        var pieces: [String] = []
        var length = 0
        for atom in atoms {
            let piece = syntax.piece(atom, isFirst: pieces.isEmpty)
            if length + piece.utf8.count > limit { break }
            pieces.append(piece)
            length += piece.utf8.count
        }
        while true {
            // A heading with nothing under it says nothing.
            while let last = pieces.last, case .heading = atoms[pieces.count - 1].block {
                length -= last.utf8.count
                pieces.removeLast()
            }
            let ending = written(note(losses(atoms, from: pieces.count)), syntax)
            guard let last = pieces.last, length + ending.utf8.count > limit else { return pieces.joined() + ending }
            length -= last.utf8.count
            pieces.removeLast()
        }
    }

    private static func written(_ note: Phrase, _ syntax: some DocumentSyntax) -> String {
        let atom = DocumentAtom(block: .paragraph(note.runs), startsBlock: true, number: 1, section: "")
        return "\n" + syntax.body(atom)
    }

    private static func losses(_ atoms: [DocumentAtom], from kept: Int) -> [Loss] {
        var result: [Loss] = []
        for (index, atom) in atoms.enumerated().dropFirst(kept) {
            if result.last?.section == atom.section {
                result[result.count - 1].count += 1
            } else {
                let isWhole = if case .heading = atom.block { true } else { index == 0 }
                result.append(Loss(section: atom.section, count: 1, isWhole: isWhole))
            }
        }
        return result
    }
}
