import Testing

@testable import EventModel

/// Generations of any size: compared as numbers, shown as they are written.
@Suite struct GenerationTests {
    static let rising = [
        "0", "1", "999", "4611686018427387903", "4611686018427387904", "9223372036854775807", "9223372036854775808",
        "36893488147419103231", "36893488147419103240", "100000000000000000000",
    ]

    @Test func theyAreComparedAsNumbers() throws {
        let all = try Self.rising.map { try #require(Generation(decimal: $0)) }
        for (x, a) in all.enumerated() {
            for (y, b) in all.enumerated() {
                #expect((a < b) == (x < y) && (a == b) == (x == y), "\(a) and \(b)")
            }
            #expect(a.description == Self.rising[x])
            #expect(Generation(decimal: "000" + Self.rising[x]) == a, "zeros ahead of the digits")
        }
        for text in ["", "-1", "+1", "1.0", " 1", "١"] { #expect(Generation(decimal: text) == nil, "'\(text)'") }
    }

    @Test func ranksOrderWhatCodesOnlyTellApart() throws {
        var names = SymbolTable()
        let large = Self.rising.filter { (Int64($0) ?? .max) >= Generation.firstLarge }
        // Names of actors and endpoints that look alike stand among them.
        let codes = ["b", large[3], "07", large[0], "99999999999999999999999x", large[5], large[1], large[2], large[4]]
            .map { names.intern($0) }
        let ranks = GenerationRanks(names)
        #expect(!ranks.isEmpty && GenerationRanks(SymbolTable()).isEmpty)
        let sorted = [3, 6, 7, 1, 8, 5].map { ranks.rank(Generation.code(of: codes[$0])) }
        #expect(sorted == sorted.sorted() && Set(sorted).count == 6, "\(sorted)")
        #expect(sorted.map { ranks.generation($0).description } == large)
        #expect(ranks.rank(17) == 17 && ranks.rank(-1) == -1 && ranks.generation(17) == 17)
    }
}
