import EventModel
import Testing

@testable import CausalAnalysis

@Suite("The bounds between wall clocks")
struct SettledSkewTests {
    @Test("hold the true offset of clocks that stand constantly apart, at any time", arguments: 0..<30)
    func truth(seed: Int) {
        var network = Network(seed: seed, actors: 3 + seed % 8)
        for _ in 0..<400 { network.send() }
        let settled = network.skew.settled()
        for a in network.offsets.indices {
            for b in network.offsets.indices where a != b {
                for minute in stride(from: 0, through: 120, by: 7) {
                    let bounds = settled.offset(
                        of: Network.symbol(a), from: Network.symbol(b),
                        at: Timestamp(nanoseconds: Int64(minute) * Nanoseconds.minute))
                    let truth = network.offsets[a] - network.offsets[b]
                    if !bounds.contains(truth) {
                        Issue.record("clocks \(truth) ns apart are said to stand \(bounds) apart in minute \(minute)")
                        return
                    }
                }
            }
        }
    }

    @Test("shrink as more messages come", arguments: 0..<10)
    func shrink(seed: Int) {
        var network = Network(seed: seed, actors: 5)
        network.hours = 0
        var last = Int64.max
        for _ in 0..<6 {
            for _ in 0..<60 { network.send() }
            let settled = network.skew.settled()
            var width: Int64 = 0
            for a in 0..<5 {
                for b in 0..<5 where a != b {
                    let bounds = settled.offset(
                        of: Network.symbol(a), from: Network.symbol(b), at: Timestamp(nanoseconds: 0))
                    width += bounds.upperBound - bounds.lowerBound
                }
            }
            #expect(width <= last, "bounds never widen")
            last = width
        }
        #expect(last < 20 * Nanoseconds.second, "twenty bounds of less than a second each")
    }

    @Test("go through any chain of third actors")
    func chain() {
        var skew = Network.skew(ofActors: 5)
        for at in 0..<4 {
            skew.message(from: at, sent: 0, to: at + 1, received: 10)
            skew.message(from: at + 1, sent: 20, to: at, received: 30)
        }
        let bounds = skew.settled().offset(
            of: Network.symbol(0), from: Network.symbol(4), at: Timestamp(nanoseconds: 5))
        #expect(bounds == -40...40)
    }

    @Test("come from the spans beside where a span knows nothing, and are assumed far from any")
    func neighbours() {
        let (a, b) = (Network.symbol(0), Network.symbol(1))
        var skew = Network.skew(ofActors: 2)
        func at(_ span: Int64) -> Timestamp { Timestamp(nanoseconds: span * SettledSkew.span) }
        for (span, apart) in [(Int64(10), Int64(5)), (14, 8)] {
            let time = at(span).nanoseconds
            skew.message(from: 0, sent: time, to: 1, received: time + apart)
            skew.message(from: 1, sent: time, to: 0, received: time + apart)
        }
        let settled = skew.settled()
        #expect(settled.offset(of: a, from: b, at: at(10)) == -5...5)
        // Two clocks drift apart by at most 500 ppm: 300 ms in ten minutes.
        let drift = 300 * Nanoseconds.millisecond
        let (near, far) = (8 + 2 * drift, 8 + 4 * drift)
        #expect(settled.offset(of: a, from: b, at: at(12)) == -near...near, "the looser of both sides")
        #expect(settled.offset(of: a, from: b, at: at(18)) == -far...far)
        #expect(settled.offset(of: a, from: b, at: at(90)) == -Nanoseconds.minute...Nanoseconds.minute)
    }

    @Test("of more actors than chains are followed for go through one third", arguments: 0..<4)
    func thirdActor(seed: Int) {
        let count = 100
        var random = SeededGenerator(seed: UInt64(seed))
        var skew = Network.skew(ofActors: count)
        // How far the first one's clock may stand ahead of the second one's, as messages told directly.
        var direct = Array(repeating: Array(repeating: Int64?.none, count: count), count: count)
        for _ in 0..<count * (2 + 3 * seed) {
            let (from, to) = (Int.random(in: 0..<count, using: &random), Int.random(in: 0..<count, using: &random))
            let apart = Int64.random(in: 0...Nanoseconds.second, using: &random)
            skew.message(from: from, sent: 0, to: to, received: apart)
            if from != to { direct[to][from] = min(direct[to][from] ?? apart, apart) }
        }
        func most(_ a: Int, _ b: Int) -> Int64? {
            if let most = direct[a][b] { return most }
            return (0..<count).compactMap { third in
                guard let one = direct[a][third], let other = direct[third][b] else { return nil }
                return one + other
            }.min()
        }
        let settled = skew.settled()
        for a in 0..<count {
            for b in 0..<count where a != b {
                let low = most(b, a).map { 0 - $0 } ?? -Nanoseconds.minute
                let high = most(a, b) ?? Nanoseconds.minute
                let bounds = settled.offset(
                    of: Network.symbol(a), from: Network.symbol(b), at: Timestamp(nanoseconds: 0))
                if bounds != low...high {
                    Issue.record("clocks \(low)...\(high) apart by their messages are said to stand \(bounds) apart")
                    return
                }
            }
        }
    }

    @Test("of clocks that were set in between are wide, never empty")
    func contradiction() {
        let (a, b) = (Network.symbol(0), Network.symbol(1))
        var skew = Network.skew(ofActors: 2)
        skew.message(from: 0, sent: 100, to: 1, received: 40)
        skew.message(from: 1, sent: 100, to: 0, received: 70)
        #expect(skew.settled().offset(of: a, from: b, at: Timestamp(nanoseconds: 0)) == -30...60)
        skew.message(from: 0, sent: .max, to: 1, received: .min)
        let bounds = skew.settled().offset(of: a, from: b, at: Timestamp(nanoseconds: 0))
        #expect(bounds.lowerBound <= bounds.upperBound)
    }

    /// Actors whose clocks stand apart, and who send one another messages.
    private struct Network: ~Copyable {
        var skew: ClockSkew
        let offsets: [Int64]
        var hours: Int64 = 2
        private var random: SeededGenerator

        init(seed: Int, actors: Int) {
            var random = SeededGenerator(seed: UInt64(seed))
            offsets = (0..<actors).map { _ in
                Int64.random(in: -20 * Nanoseconds.second...20 * Nanoseconds.second, using: &random)
            }
            self.random = random
            skew = Self.skew(ofActors: actors)
        }

        static func skew(ofActors count: Int) -> ClockSkew {
            var skew = ClockSkew(maximum: Nanoseconds.minute)
            for actor in 0..<count { skew.add(symbol(actor)) }
            return skew
        }

        static func symbol(_ actor: Int) -> Symbol { Symbol(index: UInt32(actor + 1)) }

        mutating func send() {
            let a = Int.random(in: offsets.indices, using: &random)
            let b = Int.random(in: offsets.indices, using: &random)
            let sent = hours == 0 ? 0 : Int64.random(in: 0...hours * Nanoseconds.hour, using: &random)
            let latency = Int64.random(in: 1...Nanoseconds.second, using: &random)
            skew.message(from: a, sent: sent + offsets[a], to: b, received: sent + latency + offsets[b])
        }
    }
}
