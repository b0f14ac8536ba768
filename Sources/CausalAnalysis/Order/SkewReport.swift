import EventModel

/// What is told of clocks that stand apart.
extension SettledSkew {
    /// With more messages than this kept, the table's bounds follow few chains of other actors.
    private static let manyEdges = 20_000
    private static let fewSteps = 256

    /// All pairs of which something is known, by name: the widest reading of all spans that tell anything of the pair.
    func table(_ symbols: SymbolTable) -> [Quality.Skew] {
        let ranks = ranks(symbols)
        let work = known.count > Self.manyEdges ? Self.fewSteps : SkewSearch.work
        var rows: [Quality.Skew] = known.map { edge in
            // Symbols have no order that would be the same in every run.
            let isSorted = ranks[Int(edge.stretch.from.index)] < ranks[Int(edge.stretch.to.index)]
            let (a, b) = isSorted ? (edge.stretch.from, edge.stretch.to) : (edge.stretch.to, edge.stretch.from)
            let span = isSorted ? edge.stretch.fromSpan : edge.stretch.toSpan
            return Quality.Skew(a: a, b: b, bounds: span...span, proofs: edge.proofs)
        }
        func place(_ skew: Quality.Skew) -> (Int32, Int32, Int64) {
            (ranks[Int(skew.a.index)], ranks[Int(skew.b.index)], skew.bounds.lowerBound)
        }
        rows.sort { place($0) < place($1) }
        var search = SkewSearch(graph)
        var table: [Quality.Skew] = []
        var span: Int64?
        for row in rows {
            let isSamePair = table.last.map { $0.a == row.a && $0.b == row.b } ?? false
            if isSamePair { table[table.count - 1].proofs += row.proofs }
            if isSamePair, span == row.bounds.lowerBound { continue }
            span = row.bounds.lowerBound
            let bounds = offset(of: row.a, from: row.b, inSpan: row.bounds.lowerBound, work: work, &search)
            if isSamePair {
                let known = table[table.count - 1].bounds
                table[table.count - 1].bounds =
                    min(known.lowerBound, bounds.lowerBound)...max(known.upperBound, bounds.upperBound)
            } else {
                table.append(Quality.Skew(a: row.a, b: row.b, bounds: bounds, proofs: row.proofs))
            }
        }
        return table
    }

    /// The places of the actors that are known among all, by name; by symbol.
    private func ranks(_ symbols: SymbolTable) -> [Int32] {
        var ranks = Array(repeating: Int32(-1), count: symbols.count)
        var actors: [Symbol] = []
        for edge in known {
            for actor in [edge.stretch.from, edge.stretch.to] where ranks[Int(actor.index)] < 0 {
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
        for edge in known where edge.least > 0 {
            let pair = Pair(fast: edge.stretch.from, slow: edge.stretch.to)
            if let before = worst[pair], (before.least, edge.stretch.toSpan) >= (edge.least, before.span) { continue }
            worst[pair] = (edge.least, edge.stretch.toSpan)
        }
        var shown: [Pair: SkewProof] = [:]
        for proof in proofs {
            let pair = Pair(fast: proof.sent.actor, slow: proof.received.actor)
            if shown[pair] == nil { shown[pair] = proof }
        }
        return worst.map { pair, skew in
            let (fast, slow) = (symbols[pair.fast], symbols[pair.slow])
            let at = skew.span.multipliedReportingOverflow(by: SettledSkew.span)
            var finding = Finding(
                kind: .clockSkew, severity: .info, confidence: .proven,
                at: Timestamp(nanoseconds: at.overflow ? 0 : at.partialValue),
                detail: .apart(slow: slow, least: skew.least))
            if let proof = shown[pair] {
                finding.evidence = [
                    Finding.Evidence(part: "happened before the next", record: proof.sent),
                    Finding.Evidence(part: "bears an earlier time", record: proof.received),
                ]
                finding.proof = [.happenedBefore([proof.sent, proof.received])]
            }
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
