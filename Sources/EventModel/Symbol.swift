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
