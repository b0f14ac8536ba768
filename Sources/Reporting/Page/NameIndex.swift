import EventModel

/// Numbers for names that matter, found by symbol: each symbol's text is looked up once.
struct NameIndex {
    private let numbers: [String: Int]
    private var known: [Int32] = []

    private static let unseen: Int32 = -2

    /// Numbers the names in their order; of equal ones the first counts.
    init(_ names: [String]) {
        numbers = Dictionary(zip(names, names.indices)) { first, _ in first }
    }

    /// The number of a symbol's name; nil for any other.
    mutating func number(_ symbol: Symbol, _ name: (Symbol) -> String) -> Int? {
        if symbol == .none || numbers.isEmpty { return nil }
        let index = Int(symbol.index)
        if index >= known.count { known += Array(repeating: Self.unseen, count: index + 1 - known.count) }
        if known[index] == Self.unseen { known[index] = numbers[name(symbol)].map { Int32($0) } ?? -1 }
        return known[index] < 0 ? nil : Int(known[index])
    }
}
