/// The strings behind symbols. Grows with the number of different names, never with the number of events.
///
/// Names are told apart by their bytes: to `String`, `é` equals `e` and an accent, and which of the two names stood for both would
/// depend on the order. They lie one after the other, since there may be millions.
public struct SymbolTable: Sendable {
    private var bytes: [UInt8] = []
    /// By symbol: where its name ends in `bytes`, and the next one begins.
    private var ends = [0]
    /// An open hash table with linear probing, at most half full: a power of two of seats, each with half a hash and the symbol that
    /// sits there; 0 where none does.
    private var seats = [UInt64](repeating: 0, count: 64)

    /// An empty table; the empty string is `Symbol.none`.
    public init() {}

    /// The number of strings, the empty one included.
    public var count: Int { ends.count }

    /// The symbol of `name`, a new one if it was not seen before.
    public mutating func intern(_ name: String) -> Symbol {
        var name = name
        return name.withUTF8 { intern(UnsafeRawBufferPointer($0)) }
    }

    /// The symbol of a name of these bytes, which are valid UTF-8.
    package mutating func intern(_ name: UnsafeRawBufferPointer) -> Symbol {
        if name.isEmpty { return .none }
        let half = SymbolTable.half(ofHash: name)
        let seat = seat(of: name, half)
        if seats[seat] != 0 { return SymbolTable.symbol(seats[seat]) }
        let symbol = Symbol(index: UInt32(ends.count))
        bytes.append(contentsOf: name)
        ends.append(bytes.count)
        seats[seat] = half << 32 | UInt64(symbol.index)
        if 2 * ends.count > seats.count { grow() }
        return symbol
    }

    /// The symbol of `name` if it was interned.
    public func find(_ name: String) -> Symbol? {
        if name.isEmpty { return Symbol.none }
        var name = name
        return name.withUTF8 { name in
            let name = UnsafeRawBufferPointer(name)
            let found = seats[seat(of: name, SymbolTable.half(ofHash: name))]
            return found == 0 ? nil : SymbolTable.symbol(found)
        }
    }

    /// The text of a symbol of this table. O(length).
    public subscript(symbol: Symbol) -> String { String(decoding: bytes[range(of: symbol)], as: UTF8.self) }

    /// Whether the name of a symbol comes before that of another by its bytes, which is the order of their Unicode scalars. O(length).
    package func isOrdered(_ a: Symbol, before b: Symbol) -> Bool {
        bytes[range(of: a)].lexicographicallyPrecedes(bytes[range(of: b)])
    }

    /// Whether a name is the decimal digits of a number from 2⁶² on, without zeros ahead of them.
    package func isLargeNumber(_ symbol: Symbol) -> Bool {
        let range = range(of: symbol)
        guard range.count >= 19, bytes[range.lowerBound] != 0x30,
            bytes[range].allSatisfy({ (0x30...0x39).contains($0) })
        else { return false }
        return range.count > 19 || !bytes[range].lexicographicallyPrecedes("4611686018427387904".utf8)
    }

    /// Whether one name is the digits of a smaller number than another.
    package func isSmallerNumber(_ a: Symbol, than b: Symbol) -> Bool {
        let (x, y) = (range(of: a).count, range(of: b).count)
        return x != y ? x < y : isOrdered(a, before: b)
    }

    /// All strings in the order in which they came, the empty one first.
    public var all: [String] { ends.indices.map { self[Symbol(index: UInt32($0))] } }

    private func range(of symbol: Symbol) -> Range<Int> {
        symbol == .none ? 0..<0 : ends[Int(symbol.index) - 1]..<ends[Int(symbol.index)]
    }

    /// Where a name sits, or would sit.
    private func seat(of name: UnsafeRawBufferPointer, _ half: UInt64) -> Int {
        var at = Int(half) & (seats.count - 1)
        while seats[at] != 0, seats[at] >> 32 != half || !isName(name, of: SymbolTable.symbol(seats[at])) {
            at = (at + 1) & (seats.count - 1)
        }
        return at
    }

    private func isName(_ name: UnsafeRawBufferPointer, of symbol: Symbol) -> Bool {
        let range = range(of: symbol)
        return range.count == name.count && bytes[range].elementsEqual(name)
    }

    private mutating func grow() {
        let old = seats
        seats = Array(repeating: 0, count: 2 * old.count)
        for seat in old where seat != 0 {
            var at = Int(seat >> 32) & (seats.count - 1)
            while seats[at] != 0 { at = (at + 1) & (seats.count - 1) }
            seats[at] = seat
        }
    }

    private static func symbol(_ seat: UInt64) -> Symbol { Symbol(index: UInt32(truncatingIfNeeded: seat)) }

    /// 32 bits of a hash that no log can be written against.
    private static func half(ofHash name: UnsafeRawBufferPointer) -> UInt64 {
        var hasher = Hasher()
        hasher.combine(bytes: name)
        return UInt64(truncatingIfNeeded: hasher.finalize()) >> 32
    }
}
