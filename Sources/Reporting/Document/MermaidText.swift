import EventModel

/// A graph in Mermaid's language: names are constants, and of a text every scalar that could mean something is written by its number.
enum MermaidText {
    /// A label longer than this is cut.
    private static let longest = 60

    static func flowchart(_ graph: Document.Graph) -> String {
        var text = "flowchart LR\n"
        for (index, node) in graph.nodes.enumerated() { text += "  n\(index)[\"\(label(node))\"]\n" }
        for edge in graph.edges { text += "  n\(edge.from) \(edge.isWeak ? "-.->" : "-->") n\(edge.to)\n" }
        return text
    }

    static func label(_ text: String) -> String {
        var result = ""
        for scalar in VisibleText.cell(text).unicodeScalars.prefix(longest) {
            let isPlain =
                scalar.properties.isAlphabetic || ("0"..."9").contains(scalar)
                || " -./,".unicodeScalars.contains(scalar)
            if isPlain { result.unicodeScalars.append(scalar) } else { result += "#\(scalar.value);" }
        }
        return result
    }
}
