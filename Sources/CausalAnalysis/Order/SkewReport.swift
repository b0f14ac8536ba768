import EventModel

/// What is told of clocks that stand apart.
extension SettledSkew {
    /// All pairs of which something is known, by name: the widest reading of all spans that tell anything of the pair.
    func table(_ symbols: SymbolTable) -> [Quality.Skew] {
        let ranks = ranks(symbols)
        var table = known.map { pair in
            // Symbols have no order that would be the same in every run.
            let isSorted = ranks[Int(pair.a.index)] < ranks[Int(pair.b.index)]
            let (a, b) = isSorted ? (pair.a, pair.b) : (pair.b, pair.a)
            return Quality.Skew(
                a: a, b: b, bounds: offset(of: a, from: b, inSpan: pair.span), proofs: pair.proofs)
        }
        func place(_ skew: Quality.Skew) -> (Int32, Int32) { (ranks[Int(skew.a.index)], ranks[Int(skew.b.index)]) }
        table.sort { place($0) < place($1) }
        var pairs = 0
        for at in table.indices {
            if pairs > 0, table[pairs - 1].a == table[at].a, table[pairs - 1].b == table[at].b {
                let (one, other) = (table[pairs - 1].bounds, table[at].bounds)
                table[pairs - 1].bounds =
                    min(one.lowerBound, other.lowerBound)...max(one.upperBound, other.upperBound)
                table[pairs - 1].proofs += table[at].proofs
            } else {
                table[pairs] = table[at]
                pairs += 1
            }
        }
        table.removeSubrange(pairs...)
        return table
    }

    /// The places of the actors that are known among all, by name; by symbol.
    private func ranks(_ symbols: SymbolTable) -> [Int32] {
        var ranks = Array(repeating: Int32(-1), count: symbols.count)
        var actors: [Symbol] = []
        for pair in known {
            for actor in [pair.a, pair.b] where ranks[Int(actor.index)] < 0 {
                ranks[Int(actor.index)] = 0
                actors.append(actor)
            }
        }
        actors.sort { symbols.isOrdered($0, before: $1) }
        for (rank, actor) in actors.enumerated() { ranks[Int(actor.index)] = Int32(rank) }
        return ranks
    }

    /// The pairs whose wall clocks contradict happened-before: messages were received before they were sent.
    func contradictions(_ symbols: SymbolTable) -> [Finding] {
        var worst: [Pair: (least: Int64, span: Int64)] = [:]
        for known in known {
            // The surest of both directions: how far one clock must stand ahead of the other.
            let ahead = known.low != .min && known.low > 0 ? known.low : 0
            let behind = known.high != .max && known.high < 0 ? 0 &- known.high : 0
            let least = max(ahead, behind)
            if least == 0 { continue }
            let pair = ahead >= behind ? Pair(fast: known.a, slow: known.b) : Pair(fast: known.b, slow: known.a)
            if let before = worst[pair], (before.least, known.span) >= (least, before.span) { continue }
            worst[pair] = (least, known.span)
        }
        return worst.map { pair, skew in
            let (fast, slow) = (symbols[pair.fast], symbols[pair.slow])
            let at = skew.span.multipliedReportingOverflow(by: SettledSkew.span)
            var finding = Finding(
                kind: .clockSkew, severity: .info, confidence: .proven,
                at: Timestamp(nanoseconds: at.overflow ? 0 : at.partialValue),
                summary: "\(fast)'s clock stood at least \(Nanoseconds.words(skew.least)) ahead of \(slow)'s: "
                    + "records of \(slow) that happened after some of \(fast) bear earlier times")
            finding.actor = fast
            finding.peak = Double(skew.least) / Double(Nanoseconds.millisecond)
            return finding
        }
    }

    private struct Pair: Hashable {
        var fast: Symbol
        var slow: Symbol
    }
}
