/// How many events there were of each kind, and of each name that no rule knows: what a verdict may speak of, and what it must say
/// that it did not judge.
public struct EventTally: Sendable {
    /// By `EventKind.rawValue`.
    private var ofKind = Array(repeating: UInt64(0), count: EventKind.allCases.count)
    /// Names outside the vocabulary, by symbol.
    private var ofName: [UInt64] = []
    /// Writes of an endpoint that name no generation.
    public private(set) var writesWithoutPlan: UInt64 = 0
    /// Writes of an endpoint whose outcome is not understood: they may have taken effect or not.
    public private(set) var writesOfUnknownOutcome: UInt64 = 0

    /// Nothing counted yet.
    public init() {}

    /// Counts one event. O(1).
    @inline(__always)
    package mutating func add(_ batch: borrowing EventBatch, row: Int) {
        let kind = batch.kind[row]
        ofKind[Int(kind.rawValue)] &+= 1
        if kind == .other {
            add(name: batch.event[row])
        } else if kind == .planApplied || kind == .changeCommitted, batch.endpoint[row] != .none {
            if !batch.has(.plan, at: row) { writesWithoutPlan &+= 1 }
            if batch.outcome[row] == .unknown { writesOfUnknownOutcome &+= 1 }
        }
    }

    @inline(never)
    private mutating func add(name: Symbol) {
        let index = Int(name.index)
        if index >= ofName.count {
            ofName += Array(repeating: 0, count: max(index + 1, 2 * ofName.count) - ofName.count)
        }
        ofName[index] &+= 1
    }

    /// How many events of some kinds there were.
    public func count(_ kinds: EventKind...) -> UInt64 { kinds.reduce(0) { $0 &+ ofKind[Int($1.rawValue)] } }

    /// Names that no rule knows, the most frequent first, then by name. O(n log n).
    public func unknownNames(_ symbols: SymbolTable) -> [(name: String, count: UInt64)] {
        ofName.indices.filter { ofName[$0] > 0 }.map { (symbols[Symbol(index: UInt32($0))], ofName[$0]) }
            .sorted { ($1.1, $0.0) < ($0.1, $1.0) }
    }
}
