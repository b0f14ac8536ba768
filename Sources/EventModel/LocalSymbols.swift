import Synchronization

/// What the symbols of a decoder stand for: it numbers the names that it meets by itself, and whoever takes its batches learns of the new
/// ones from here.
package final class LocalSymbols: @unchecked Sendable {
    // Unchecked: all but `news` is touched only by who takes the batches.
    private let news = Mutex(Names())
    private var names = Names()
    /// By the decoder's symbol, the taker's, once an event with it has been taken.
    private var known = Column<Symbol>()

    /// Names one after the other, and where each ends.
    private struct Names {
        var bytes: [UInt8] = []
        var ends: [Int] = []
    }

    private static let unknown = Symbol(index: .max)

    package init() { known.append(.none) }

    /// Adds the name of the decoder's next symbol; the first one is 1.
    package func append(_ name: UnsafeRawBufferPointer) {
        news.withLock {
            $0.bytes.append(contentsOf: name)
            $0.ends.append($0.bytes.count)
        }
    }

    /// Takes over the names of all symbols given out so far.
    fileprivate func learn() {
        var news = Names()
        self.news.withLock { swap(&news, &$0) }
        let before = names.bytes.count
        names.bytes += news.bytes
        for end in news.ends { names.ends.append(before + end) }
        known.grow(toHold: names.ends.count, with: Self.unknown)
    }

    /// The symbol of the same name in a table. That gets a new one only here, in the order of the events: so its numbers do not depend on
    /// which decoder was ahead.
    @inline(__always)
    fileprivate func symbol(_ local: Symbol, in table: inout SymbolTable) -> Symbol {
        let symbol = known[Int(local.index)]
        return symbol != Self.unknown ? symbol : add(Int(local.index), to: &table)
    }

    @inline(never)
    private func add(_ local: Int, to table: inout SymbolTable) -> Symbol {
        let start = local > 1 ? names.ends[local - 2] : 0
        let symbol = names.bytes.withUnsafeBytes {
            table.intern(UnsafeRawBufferPointer(rebasing: $0[start..<names.ends[local - 1]]))
        }
        known[local] = symbol
        return symbol
    }
}

extension EventBatch {
    /// Replaces a decoder's symbols by those of a table that are the same names.
    package mutating func moveSymbols(to table: inout SymbolTable) {
        guard let local = localSymbols else { return }
        localSymbols = nil
        local.learn()
        for row in 0..<count {
            actor[row] = local.symbol(actor[row], in: &table)
            event[row] = local.symbol(event[row], in: &table)
            endpoint[row] = local.symbol(endpoint[row], in: &table)
            for i in clockEntries(at: row) { clockActor[i] = local.symbol(clockActor[i], in: &table) }
            let set = fields[row].rawValue
            if hasLargeGenerations { moveGenerations(row, local, to: &table) }
            var left = set & EventBatch.symbolFields
            while left != 0 {
                let bit = left & (0 &- left)
                left &= left - 1
                let at = Int(valueStart[row]) + (set & (bit - 1)).nonzeroBitCount
                let name = Symbol(index: UInt32(truncatingIfNeeded: values[at]))
                values[at] = Int64(local.symbol(name, in: &table).index)
            }
        }
    }

    private mutating func moveGenerations(_ row: Int, _ local: LocalSymbols, to table: inout SymbolTable) {
        let set = fields[row]
        for field in EventBatch.generationFields where set.rawValue & field.bit != 0 {
            let at = Int(valueStart[row]) + set.rank(field)
            if values[at] < Generation.firstLarge { continue }
            let digits = local.symbol(Generation.symbol(ofCode: values[at]), in: &table)
            values[at] = Generation.code(of: digits)
        }
    }

    private static let generationFields = Field.allCases.filter(\.isGeneration)
    private static let symbolFields = FieldSet(Field.allCases.filter(\.isSymbol).map { FieldSet($0) }).rawValue
}
