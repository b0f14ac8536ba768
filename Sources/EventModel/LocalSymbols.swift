import Synchronization

/// What the symbols of a decoder stand for until its batches have been taken: it numbers the names that it meets by itself, and whoever
/// takes its batches learns the new ones from here.
///
/// A name lies here only from its first line to the taking of a batch behind it.
package final class LocalSymbols: @unchecked Sendable {
    // Unchecked: `known` is touched only by who takes the batches, all else behind the lock.
    private let news = Mutex(News())
    /// By the decoder's symbol, the taker's.
    private var known = Column<Symbol>()

    private struct News {
        var bytes: [UInt8] = []
        var ends: [Int] = []
    }

    package init() { known.append(.none) }

    /// Adds the name of the decoder's next symbol; the first one is 1.
    package func append(_ name: UnsafeRawBufferPointer) {
        news.withLock {
            $0.bytes.append(contentsOf: name)
            $0.ends.append($0.bytes.count)
        }
    }

    /// For each symbol given out so far the one of its name in a table.
    fileprivate func learn(_ table: inout SymbolTable) {
        var news = News()
        self.news.withLock { swap(&news, &$0) }
        news.bytes.withUnsafeBytes { bytes in
            var start = 0
            for end in news.ends {
                known.append(table.intern(UnsafeRawBufferPointer(rebasing: bytes[start..<end])))
                start = end
            }
        }
    }

    @inline(__always)
    fileprivate subscript(local: Symbol) -> Symbol { known[Int(local.index)] }
}

extension EventBatch {
    /// Replaces a decoder's symbols by those of a table that are the same names.
    package mutating func moveSymbols(to table: inout SymbolTable) {
        guard let local = localSymbols else { return }
        localSymbols = nil
        local.learn(&table)
        for row in 0..<count {
            actor[row] = local[actor[row]]
            event[row] = local[event[row]]
            endpoint[row] = local[endpoint[row]]
            let set = fields[row].rawValue
            var left = set & EventBatch.symbolFields
            while left != 0 {
                let bit = left & (0 &- left)
                left &= left - 1
                let at = Int(valueStart[row]) + (set & (bit - 1)).nonzeroBitCount
                values[at] = Int64(local[Symbol(index: UInt32(truncatingIfNeeded: values[at]))].index)
            }
        }
        for i in clockActor.indices { clockActor[i] = local[clockActor[i]] }
    }

    private static let symbolFields = FieldSet(Field.allCases.filter(\.isSymbol).map { FieldSet($0) }).rawValue
}
