import EventModel

/// The page's table of strings: each text once, told apart by its bytes; very long ones by their beginning and a digest.
struct PageStrings {
    private var table = SymbolTable()
    /// Numbers of the pass's symbols.
    private var known: [Symbol: Int] = [:]
    private let name: (Symbol) -> String

    /// Longer texts are cut.
    private static let limit = 4_096

    init(_ name: @escaping (Symbol) -> String) {
        self.name = name
    }

    /// The number of a text; 0 for the empty one.
    mutating func number(_ text: String) -> Int { Int(table.intern(Self.cut(text)).index) }

    /// The number of a symbol's name.
    mutating func number(_ symbol: Symbol) -> Int {
        if let number = known[symbol] { return number }
        let number = number(name(symbol))
        known[symbol] = number
        return number
    }

    /// All texts, the empty one first.
    var all: [String] { table.all }

    static func cut(_ text: String) -> String {
        guard text.utf8.count > limit else { return text }
        var digest: UInt64 = 0xCBF2_9CE4_8422_2325
        for byte in text.utf8 { digest = (digest ^ UInt64(byte)) &* 0x0000_0100_0000_01B3 }
        let head = String(decoding: text.utf8.prefix(limit), as: UTF8.self)
        return head + "… (\(Figures.grouped(text.utf8.count)) bytes, digest \(String(digest, radix: 16)))"
    }
}
