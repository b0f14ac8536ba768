/// A strict partial order of a few things, closed under transitivity: one row of bits for each says what comes after it.
///
/// Adding an edge costs O(n · n/64), asking O(1).
struct PartialOrder {
    let count: Int
    private let words: Int
    private var later: [UInt64]

    init(count: Int) {
        self.count = count
        words = (count + 63) / 64
        later = Array(repeating: 0, count: count * words)
    }

    /// Whether `a` comes before `b`.
    func isBefore(_ a: Int, _ b: Int) -> Bool { later[a * words + b / 64] & (1 << UInt64(b % 64)) != 0 }

    /// Puts `a` before `b`; false, and nothing changes, where `b` already comes before `a`.
    mutating func put(_ a: Int, before b: Int) -> Bool {
        if a == b || isBefore(b, a) { return false }
        if isBefore(a, b) { return true }
        for x in 0..<count where x == a || isBefore(x, a) {
            later[x * words + b / 64] |= 1 << UInt64(b % 64)
            for w in 0..<words { later[x * words + w] |= later[b * words + w] }
        }
        return true
    }

    /// Puts the things of a chain one after the other. A thing that cannot come after the one ahead of it comes after the
    /// nearest one that it can. Returns how many links were refused.
    mutating func chain(_ members: [Int], isStrict: (Int, Int) -> Bool) -> UInt64 {
        var refused: UInt64 = 0
        for at in members.indices.dropFirst() {
            var ahead = at - 1
            while ahead >= 0 {
                if isStrict(members[ahead], members[at]) {
                    if put(members[ahead], before: members[at]) { break }
                    refused += 1
                }
                ahead -= 1
            }
        }
        return refused
    }
}
