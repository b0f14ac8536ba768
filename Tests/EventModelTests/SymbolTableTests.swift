import EventModel
import Testing

@Suite struct SymbolTableTests {
    @Test("each name has one symbol, in the order in which they came, and each symbol its name", arguments: 1...6)
    func namesAndSymbols(_ seed: UInt64) {
        var dice = SeededGenerator(seed: seed)
        var table = SymbolTable()
        var known: [String: Symbol] = ["": .none]
        var all = [""]
        for _ in 0..<3000 {
            // Short ones recur; long ones share beginnings and ends.
            let number = Int.random(in: 0..<2000, using: &dice)
            let name = ["", "a\(number % 7)", "node-\(number)", "svc-\(number).cell-0.us-east-1.example.com"]
                .randomElement(using: &dice)!
            let symbol = table.intern(name)
            if let known = known[name] {
                #expect(symbol == known, "\(name) got a second symbol")
            } else {
                #expect(symbol == Symbol(index: UInt32(all.count)), "\(name) is out of turn")
                known[name] = symbol
                all.append(name)
            }
            #expect(table[symbol] == name)
        }
        #expect(table.count == all.count && table.all == all)
        for (name, symbol) in known { #expect(table.find(name) == symbol) }
        #expect(table.find("never seen") == nil)
    }

    @Test("names are told apart by their bytes, not as text")
    func bytes() {
        var table = SymbolTable()
        let composed = table.intern("caf\u{E9}")
        let decomposed = table.intern("cafe\u{301}")
        #expect(composed != decomposed)
        #expect(Array(table[decomposed].utf8) == Array("cafe\u{301}".utf8))
        #expect(table.find("caf\u{E9}") == composed)
    }

    @Test("a copy does not see what the other takes in later")
    func copies() {
        var table = SymbolTable()
        _ = table.intern("a")
        let copy = table
        _ = table.intern("b")
        #expect(copy.count == 2 && copy.find("b") == nil && table.count == 3)
    }
}
