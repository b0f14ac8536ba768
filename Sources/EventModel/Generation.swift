/// A plan's generation, or a store's commit: an integer from 0 of any size; a larger one is newer.
///
/// Columns of events hold it as its *code*: below 2⁶² the number itself, beyond that 2⁶² and the symbol of its decimal digits. Codes are equal
/// where generations are; those of large ones have no order before the logs have been read (`GenerationRanks`).
public struct Generation: Hashable, Sendable {
    /// The number; 0 where its digits stand beside it.
    private let number: Int64
    /// The decimal digits of a large one, without zeros ahead of them; else empty.
    private let digits: String

    /// A number that is not negative.
    public init(_ number: Int64) {
        self.number = number < Self.firstLarge ? number : 0
        digits = number < Self.firstLarge ? "" : String(number)
    }

    private init(large digits: String) {
        number = 0
        self.digits = digits
    }

    /// A number of any size; nil where the text is anything but decimal digits.
    public init?(decimal text: some StringProtocol) {
        guard !text.isEmpty, text.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else { return nil }
        let digits = String(text.drop { $0 == "0" })
        if let number = digits.isEmpty ? 0 : Int64(digits) { self.init(number) } else { self.init(large: digits) }
    }

    /// The number, where 64 bits hold it.
    public var int64: Int64? { digits.isEmpty ? number : Int64(digits) }
}

extension Generation: Comparable {
    /// A smaller number is older.
    public static func < (a: Generation, b: Generation) -> Bool {
        if a.digits.utf8.count != b.digits.utf8.count { return a.digits.utf8.count < b.digits.utf8.count }
        return a.digits.isEmpty ? a.number < b.number : a.digits < b.digits
    }
}

extension Generation {
    /// The order of generations that need not be there: none comes first.
    package static func precedes(_ a: Generation?, _ b: Generation?) -> Bool {
        guard let a, let b else { return a == nil && b != nil }
        return a < b
    }
}

extension Generation: CustomStringConvertible {
    /// Its decimal digits.
    public var description: String { digits.isEmpty ? String(number) : digits }
}

extension Generation: ExpressibleByIntegerLiteral {
    /// The generation of a number in the source.
    public init(integerLiteral number: Int64) { self.init(number) }
}

// MARK: Codes

extension Generation {
    /// The first number, and the first code, of those that stand as a symbol.
    @inlinable package static var firstLarge: Int64 { 1 << 62 }

    /// The generation behind a code.
    package init(code: Int64, name: (Symbol) -> String) {
        if code < Self.firstLarge {
            self.init(code)
        } else {
            self.init(large: name(Self.symbol(ofCode: code)))
        }
    }

    /// The code of a large generation, of whose digits a symbol is.
    package static func code(of digits: Symbol) -> Int64 { firstLarge + Int64(digits.index) }

    /// The symbol in the code of a large generation.
    package static func symbol(ofCode code: Int64) -> Symbol {
        Symbol(index: UInt32(truncatingIfNeeded: code - firstLarge))
    }

    /// The digits of a generation whose code is a symbol; nil where it is the number itself.
    package var digitsOfLarge: String? { digits.isEmpty ? nil : digits }
}

extension EventBatch {
    /// The generation or commit in a field.
    public func generation(_ field: Field, at row: Int, name: (Symbol) -> String) -> Generation? {
        integer(field, at: row).map { Generation(code: $0, name: name) }
    }
}

/// The order of the large generations of a bundle whose names are all known: ranks compare as the numbers do.
package struct GenerationRanks: Sendable {
    /// By rank, the symbols of the digits.
    private var symbols: [Symbol] = []
    private var rankOf: [Symbol: Int64] = [:]
    private let names: SymbolTable

    /// Finds all symbols that are the digits of a large number. O(symbols).
    package init(_ names: SymbolTable) {
        self.names = names
        for index in 0..<names.count {
            let symbol = Symbol(index: UInt32(index))
            if names.isLargeNumber(symbol) { symbols.append(symbol) }
        }
        symbols.sort { names.isSmallerNumber($0, than: $1) }
        for (rank, symbol) in symbols.enumerated() { rankOf[symbol] = Generation.firstLarge + Int64(rank) }
    }

    /// Whether no generation is large: then ranks are codes.
    package var isEmpty: Bool { symbols.isEmpty }

    /// The rank of a code; of a small one the code itself, and so −1 of none.
    package func rank(_ code: Int64) -> Int64 {
        code < Generation.firstLarge ? code : rankOf[Generation.symbol(ofCode: code)] ?? code
    }

    /// The generation of a rank.
    package func generation(_ rank: Int64) -> Generation {
        if rank < Generation.firstLarge { return Generation(rank) }
        let at = Int(rank - Generation.firstLarge)
        return Generation(code: Generation.code(of: symbols.indices.contains(at) ? symbols[at] : .none)) { names[$0] }
    }
}
