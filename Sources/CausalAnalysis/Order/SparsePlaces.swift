import EventModel

/// Places for what is kept of pairs, by row and column, of which few are ever there: a page of 32 neighbouring columns gets its places
/// when one of them is asked for. So many rows with a few columns each take a page or two each, not the square of their number.
///
/// It only numbers the places; whoever keeps something grows a column to `count` with each new page.
struct SparsePlaces: ~Copyable, Sendable {
    static let pageBits = 5
    static let pageSize = 1 << pageBits

    /// Where the places of a block of neighbouring columns begin.
    struct Page {
        let block: Int32
        let number: Int32

        fileprivate var first: Int { Int(number) << SparsePlaces.pageBits }
    }

    /// Of each row its pages, by block.
    private var rows = Table<Column<Page>>()
    private var pages = 0

    /// Adds a row without a page.
    mutating func addRow() { rows.append(Column()) }

    /// The number of places.
    var count: Int { pages << Self.pageBits }

    /// The place of a column; −1 where its row has no page for it. O(1), O(log pages) in a row that lacks pages ahead of it.
    @inline(__always)
    func place(_ row: Int, _ column: Int) -> Int {
        let block = column >> Self.pageBits
        // Where a row has all blocks up to this one, as in most logs, it is found at once.
        if block < rows[row].count {
            let page = rows[row][block]
            if Int(page.block) == block { return page.first | column & (Self.pageSize - 1) }
        }
        return search(row, column)
    }

    /// A row whose columns are asked for in about their order: it remembers the page that was asked for last.
    struct Row {
        let number: Int
        private var block = -1
        private var first = 0

        init(_ number: Int) { self.number = number }

        @inline(__always)
        fileprivate mutating func place(_ column: Int, _ places: borrowing SparsePlaces) -> Int {
            if column >> SparsePlaces.pageBits != block {
                let place = places.place(number, column)
                if place < 0 { return -1 }
                block = column >> SparsePlaces.pageBits
                first = place & ~(SparsePlaces.pageSize - 1)
            }
            return first | column & (SparsePlaces.pageSize - 1)
        }
    }

    /// The place of a column of a row; −1 where it has no page for it.
    @inline(__always)
    func place(_ row: inout Row, _ column: Int) -> Int { row.place(column, self) }

    /// Gives a row that has none a page for a column; the column's place.
    mutating func add(_ row: Int, _ column: Int) -> Int {
        let page = Page(block: Int32(column >> Self.pageBits), number: Int32(pages))
        pages += 1
        rows[row].insert(page, at: firstIndex(of: row, from: Int(page.block)))
        return page.first | column & (Self.pageSize - 1)
    }

    /// The columns of a row that have places, ascending, a page at a time: its first column and that one's place.
    @inline(__always)
    func forEachPage(of row: Int, _ body: (_ firstColumn: Int, _ firstPlace: Int) -> Void) {
        for at in rows[row].indices {
            let page = rows[row][at]
            body(Int(page.block) << Self.pageBits, page.first)
        }
    }

    /// The same from the last page on, until `body` says that it wants no more.
    func forEachPageBackwards(of row: Int, _ body: (_ firstColumn: Int, _ firstPlace: Int) -> Bool) {
        for at in rows[row].indices.reversed() {
            let page = rows[row][at]
            if !body(Int(page.block) << Self.pageBits, page.first) { return }
        }
    }

    @inline(never)
    private func search(_ row: Int, _ column: Int) -> Int {
        let block = column >> Self.pageBits
        let at = firstIndex(of: row, from: block)
        guard at < rows[row].count, Int(rows[row][at].block) == block else { return -1 }
        return rows[row][at].first | column & (Self.pageSize - 1)
    }

    /// The first page of a row for a block or one behind it.
    private func firstIndex(of row: Int, from block: Int) -> Int {
        var low = 0
        var high = rows[row].count
        while low < high {
            let middle = (low + high) / 2
            if Int(rows[row][middle].block) < block { low = middle + 1 } else { high = middle }
        }
        return low
    }
}
