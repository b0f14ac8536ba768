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
        var skew = ClockSkew(maximum: Nanoseconds.minute)
        for at in 0..<4 {
            skew.message(from: Network.symbol(at), sent: 0, to: Network.symbol(at + 1), received: 10)
            skew.message(from: Network.symbol(at + 1), sent: 20, to: Network.symbol(at), received: 30)
        }
        let bounds = skew.settled().offset(
            of: Network.symbol(0), from: Network.symbol(4), at: Timestamp(nanoseconds: 5))
        #expect(bounds == -40...40)
    }

    @Test("come from the spans beside where a span knows nothing, and are assumed far from any")
    func neighbours() {
        let (a, b) = (Network.symbol(0), Network.symbol(1))
        var skew = ClockSkew(maximum: Nanoseconds.minute)
        func at(_ span: Int64) -> Timestamp { Timestamp(nanoseconds: span * SettledSkew.span) }
        for (span, apart) in [(Int64(10), Int64(5)), (14, 8)] {
            let time = at(span).nanoseconds
            skew.message(from: a, sent: time, to: b, received: time + apart)
            skew.message(from: b, sent: time, to: a, received: time + apart)
        }
        let settled = skew.settled()
        #expect(settled.offset(of: a, from: b, at: at(10)) == -5...5)
        #expect(settled.offset(of: a, from: b, at: at(12)) == -8...8, "the looser of both sides")
        #expect(settled.offset(of: a, from: b, at: at(18)) == -8...8)
        #expect(settled.offset(of: a, from: b, at: at(90)) == -Nanoseconds.minute...Nanoseconds.minute)
    }

    @Test("of clocks that were set in between are wide, never empty")
    func contradiction() {
        let (a, b) = (Network.symbol(0), Network.symbol(1))
        var skew = ClockSkew(maximum: Nanoseconds.minute)
        skew.message(from: a, sent: 100, to: b, received: 40)
        skew.message(from: b, sent: 100, to: a, received: 70)
        #expect(skew.settled().offset(of: a, from: b, at: Timestamp(nanoseconds: 0)) == -30...60)
        skew.message(from: a, sent: .max, to: b, received: .min)
        let bounds = skew.settled().offset(of: a, from: b, at: Timestamp(nanoseconds: 0))
        #expect(bounds.lowerBound <= bounds.upperBound)
    }

    /// Actors whose clocks stand apart, and who send one another messages.
    private struct Network: ~Copyable {
        var skew = ClockSkew(maximum: Nanoseconds.minute)
        let offsets: [Int64]
        var hours: Int64 = 2
        private var random: SeededGenerator

        init(seed: Int, actors: Int) {
            var random = SeededGenerator(seed: UInt64(seed))
            offsets = (0..<actors).map { _ in
                Int64.random(in: -20 * Nanoseconds.second...20 * Nanoseconds.second, using: &random)
            }
            self.random = random
        }

        static func symbol(_ actor: Int) -> Symbol { Symbol(index: UInt32(actor + 1)) }

        mutating func send() {
            let a = Int.random(in: offsets.indices, using: &random)
            let b = Int.random(in: offsets.indices, using: &random)
            let sent = hours == 0 ? 0 : Int64.random(in: 0...hours * Nanoseconds.hour, using: &random)
            let latency = Int64.random(in: 1...Nanoseconds.second, using: &random)
            skew.message(
                from: Self.symbol(a), sent: sent + offsets[a], to: Self.symbol(b),
                received: sent + latency + offsets[b])
        }
    }
}
