/// Blocks of Markdown put on pages that a limit of bytes bounds, each with links to the pages beside it.
struct MarkdownPages {
    /// A part of a block: text as it is, or a link to a finding, whose page is known only once all is laid out.
    enum Piece {
        case text(String)
        case link(label: String, anchor: String)
    }

    /// What stays together on a page.
    struct Block {
        var pieces: [Piece]
        /// Places that links lead to.
        var anchors: [String] = []
        /// The lines of the table's head, if the block is a row of one: they stand again wherever a page begins in a table.
        var tableHead: String?

        /// A block of text that ends in a newline.
        init(_ text: String) {
            pieces = [.text(text)]
        }

        init(pieces: [Piece], anchors: [String] = [], tableHead: String? = nil) {
            self.pieces = pieces
            self.anchors = anchors
            self.tableHead = tableHead
        }
    }

    /// The least bytes of a page: below, a page would have no room for a row.
    static let smallest = 8192

    /// The pages of `blocks`, none longer than `limit` (at least `smallest`) but where one block alone is. One page without links
    /// where there is no limit.
    ///
    /// - Parameter name: a page's file name by its number from 1, used for links as it is.
    static func lay(_ blocks: [Block], limit: Int?, name: (Int) -> String) -> [String] {
        let pages = split(blocks, limit: limit.map { max($0, smallest) }, longestName: name(9999).utf8.count)
        var pageOf: [String: Int] = [:]
        for (number, page) in pages.enumerated() {
            for block in page { for anchor in block.anchors { pageOf[anchor] = number } }
        }
        return pages.enumerated().map { number, page in
            let navigation = links(number, of: pages.count, name)
            var text = navigation
            var head: String?
            for block in page {
                if let tableHead = block.tableHead, tableHead != head { text += "\n" + tableHead }
                head = block.tableHead
                for piece in block.pieces {
                    switch piece {
                    case .text(let part): text += part
                    case .link(let label, let anchor):
                        let target = pageOf[anchor] ?? number
                        text += "[\(label)](\(target == number ? "" : name(target + 1))#\(anchor))"
                    }
                }
            }
            return text + (navigation.isEmpty ? "" : "\n" + navigation)
        }
    }

    private static func split(_ blocks: [Block], limit: Int?, longestName: Int) -> [[Block]] {
        guard let limit else { return [blocks] }
        // Two lines of navigation with two links each, and words around them.
        let room = limit - 2 * (2 * longestName + 80)
        var pages: [[Block]] = [[]]
        var used = 0
        var head: String?
        for block in blocks {
            var size = block.pieces.reduce(0) { sum, piece in
                switch piece {
                case .text(let part): sum + part.utf8.count
                case .link(let label, let anchor): sum + label.utf8.count + anchor.utf8.count + longestName + 5
                }
            }
            let headSize = (block.tableHead?.utf8.count ?? 0) + 1
            if block.tableHead != nil, block.tableHead != head { size += headSize }
            if used + size > room, used > 0 {
                pages.append([])
                if block.tableHead != nil, block.tableHead == head { size += headSize }
                used = 0
            }
            head = block.tableHead
            pages[pages.count - 1].append(block)
            used += size
        }
        return pages
    }

    private static func links(_ number: Int, of count: Int, _ name: (Int) -> String) -> String {
        if count == 1 { return "" }
        var parts = ["Page \(number + 1) of \(count)"]
        if number > 0 { parts.append("[previous](\(name(number)))") }
        if number + 1 < count { parts.append("[next](\(name(number + 2)))") }
        return parts.joined(separator: " · ") + "\n"
    }
}
