import Glibc

/// An interned string: a small number that stands for an actor's, an endpoint's or another recurring name.
///
/// Symbols compare by number; the text is in the `SymbolTable` that made them.
public struct Symbol: Hashable, BitwiseCopyable, Sendable {
    /// The index in the table; 0 stands for no string.
    public var index: UInt32

    /// Makes a symbol from its index.
    @inlinable public init(index: UInt32) {
        self.index = index
    }

    /// No string.
    @inlinable public static var none: Symbol { Symbol(index: 0) }
}

/// The strings behind symbols. Grows with the number of different names, never with the number of events.
public struct SymbolTable: Sendable {
    private var indices: [Name: UInt32] = [Name(text: ""): 0]
    private var names: [String] = [""]

    /// A string that is told from others by its bytes: to String, `é` equals `e` and an accent, and which of the two names stood for both
    /// would depend on the order.
    private struct Name: Hashable {
        let text: String

        static func == (a: Name, b: Name) -> Bool {
            var (a, b) = (a.text, b.text)
            return a.withUTF8 { a in
                b.withUTF8 { b in
                    guard a.count == b.count, let first = a.baseAddress, let second = b.baseAddress else {
                        return a.count == b.count
                    }
                    return memcmp(first, second, a.count) == 0
                }
            }
        }

        func hash(into hasher: inout Hasher) {
            var text = text
            text.withUTF8 { hasher.combine(bytes: UnsafeRawBufferPointer($0)) }
        }
    }

    /// An empty table; the empty string is `Symbol.none`.
    public init() {}

    /// The number of strings, the empty one included.
    public var count: Int { names.count }

    /// The symbol of `name`, a new one if it was not seen before.
    public mutating func intern(_ name: String) -> Symbol {
        if let index = indices[Name(text: name)] { return Symbol(index: index) }
        let index = UInt32(names.count)
        indices[Name(text: name)] = index
        names.append(name)
        return Symbol(index: index)
    }

    /// The symbol of `name` if it was interned.
    public func find(_ name: String) -> Symbol? {
        indices[Name(text: name)].map(Symbol.init(index:))
    }

    /// The text of a symbol of this table.
    public subscript(symbol: Symbol) -> String { names[Int(symbol.index)] }

    /// All strings in the order in which they came, the empty one first.
    public var all: [String] { names }
}
