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
                        of: Network.symbol(a), from: Network.symbol(b),
                        at: Timestamp(nanoseconds: 5 * Nanoseconds.minute))
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
        // Each of the two clocks drifts by at most 500 ppm: 300 ms in ten minutes.
        let drift = 2 * 300 * Nanoseconds.millisecond
        let (near, far) = (5 + 2 * drift, 8 + 4 * drift)
        #expect(settled.offset(of: a, from: b, at: at(12)) == -near...near, "the tighter of both sides")
        #expect(settled.offset(of: a, from: b, at: at(18)) == -far...far)
        #expect(settled.offset(of: a, from: b, at: at(90)) == -Nanoseconds.minute...Nanoseconds.minute)
    }

    @Test("of many actors are the shortest of all chains", arguments: 0..<4)
    func shortest(seed: Int) {
        let count = 40
        var random = SeededGenerator(seed: UInt64(seed))
        var skew = Network.skew(ofActors: count)
        // How far the first one's clock may stand ahead of the second one's.
        var most = Array(repeating: Array(repeating: Int64?.none, count: count), count: count)
        for step in 0..<Int64(count * (2 + 3 * seed)) {
            let (from, to) = (Int.random(in: 0..<count, using: &random), Int.random(in: 0..<count, using: &random))
            let apart = Int64.random(in: 0...Nanoseconds.second, using: &random)
            skew.message(from: from, sent: step, to: to, received: step + apart)
            if from != to { most[to][from] = min(most[to][from] ?? apart, apart) }
        }
        for third in 0..<count {
            for a in 0..<count {
                for b in 0..<count {
                    guard let one = most[a][third], let other = most[third][b] else { continue }
                    most[a][b] = min(most[a][b] ?? .max, one + other)
                }
            }
        }
        let settled = skew.settled()
        for a in 0..<count {
            for b in 0..<count where a != b {
                let low = most[b][a].map { 0 - $0 } ?? -Nanoseconds.minute
                let high = most[a][b] ?? Nanoseconds.minute
                let bounds = settled.offset(
                    of: Network.symbol(a), from: Network.symbol(b), at: Timestamp(nanoseconds: 0))
                if bounds != low...high {
                    Issue.record("clocks \(low)...\(high) apart by their messages are said to stand \(bounds) apart")
                    return
                }
            }
        }
    }

    @Test("hold clocks that stand hours apart and drift, each by its own time", arguments: 0..<10)
    func hoursApart(seed: Int) {
        let partsPerMillion = Int64(10 + 30 * seed)
        // Within ten minutes a clock is taken to stand still.
        let tolerance = 2 * partsPerMillion * (SettledSkew.span / 1_000_000)
        var network = Network(seed: seed, actors: 4, apart: 5 * Nanoseconds.hour, partsPerMillion: partsPerMillion)
        network.hours = 8
        for _ in 0..<3000 { network.send() }
        let settled = network.skew.settled()
        #expect(settled.graph.contradictionCount == 0, "clocks that only drift contradict nothing")
        for a in network.offsets.indices {
            for b in network.offsets.indices where a != b {
                for minute in stride(from: Int64(0), through: 480, by: 17) {
                    let time = minute * Nanoseconds.minute
                    let (shown, other) = (network.clock(a, time), network.clock(b, time))
                    let bounds = settled.offset(
                        of: Network.symbol(a), from: Network.symbol(b), at: Timestamp(nanoseconds: shown))
                    if shown - other < bounds.lowerBound - tolerance || shown - other > bounds.upperBound + tolerance {
                        Issue.record(
                            "clocks \(shown - other) ns apart are said to stand \(bounds) apart at \(minute) min")
                        return
                    }
                    #expect(
                        bounds.upperBound - bounds.lowerBound < 5 * Nanoseconds.second,
                        "bounds of busy actors are tight")
                }
            }
        }
    }

    @Test("of a clock that was set hold on both sides of it, and the step is named")
    func step() throws {
        let (a, b) = (Network.symbol(0), Network.symbol(1))
        var skew = Network.skew(ofActors: 2)
        func talk(_ span: Int64, apart: Int64) {
            let time = span * SettledSkew.span + Nanoseconds.minute
            skew.message(from: 0, sent: time + apart, to: 1, received: time + 7)
            skew.message(from: 1, sent: time, to: 0, received: time + apart + 7)
        }
        for span in Int64(10)..<20 { talk(span, apart: span < 15 ? 0 : 40 * Nanoseconds.second) }
        let settled = skew.settled()
        for span in Int64(10)..<20 {
            let apart = span < 15 ? 0 : 40 * Nanoseconds.second
            let bounds = settled.offset(
                of: a, from: b, at: Timestamp(nanoseconds: span * SettledSkew.span + Nanoseconds.minute))
            #expect(bounds == (apart - 7)...(apart + 7), "in span \(span)")
        }
        let step = try #require(settled.graph.contradictions.first)
        #expect(step.dropped == .drift)
        #expect(step.amount > 38 * Nanoseconds.second && step.amount <= 40 * Nanoseconds.second)
        #expect(Set(step.nodes.map(\.span)) == [14, 15])
    }

    @Test("drop an inferred edge that contradicts given ones, and keep those")
    func falseInference() {
        let (a, b) = (Network.symbol(0), Network.symbol(1))
        var skew = Network.skew(ofActors: 2)
        skew.message(from: 0, sent: 100, to: 1, received: 107)
        skew.message(from: 1, sent: 100, to: 0, received: 107)
        skew.inference(from: 0, sent: 90 * Nanoseconds.second, to: 1, received: 0)
        let settled = skew.settled()
        #expect(settled.offset(of: a, from: b, at: Timestamp(nanoseconds: 0)) == -7...7)
        #expect(settled.graph.contradictions.map(\.dropped) == [.inferred])
    }

    @Test("of inferred edges alone prove only what is beyond five seconds")
    func lateLines() {
        let (a, b) = (Network.symbol(0), Network.symbol(1))
        var skew = Network.skew(ofActors: 2)
        skew.inference(from: 0, sent: 60 * Nanoseconds.second, to: 1, received: 0)
        let bounds = skew.settled().offset(of: a, from: b, at: Timestamp(nanoseconds: 0))
        #expect(bounds.lowerBound == 55 * Nanoseconds.second)
        #expect(skew.proofs.isEmpty, "without a record there is none to show")
    }

    @Test("of clocks that were set in between are left open, never empty")
    func contradiction() {
        let (a, b) = (Network.symbol(0), Network.symbol(1))
        var skew = Network.skew(ofActors: 2)
        let second = Nanoseconds.second
        skew.message(from: 0, sent: 100 * second, to: 1, received: 40 * second)
        skew.message(from: 1, sent: 100 * second, to: 0, received: 70 * second)
        let settled = skew.settled()
        let minute = Nanoseconds.minute
        #expect(settled.offset(of: a, from: b, at: Timestamp(nanoseconds: 0)) == -minute...minute)
        #expect(settled.graph.contradictions.map(\.amount) == [90 * second])
        skew.message(from: 0, sent: .max, to: 1, received: .min)
        let bounds = skew.settled().offset(of: a, from: b, at: Timestamp(nanoseconds: 0))
        #expect(bounds.lowerBound <= bounds.upperBound)
    }

    @Test("take hostile times in a second", arguments: 0..<4)
    func hostile(seed: Int) {
        var random = SeededGenerator(seed: UInt64(seed))
        var skew = Network.skew(ofActors: 20)
        for _ in 0..<20_000 {
            let (from, to) = (Int.random(in: 0..<20, using: &random), Int.random(in: 0..<20, using: &random))
            let scale = Int64(1) << Int64.random(in: 20...61, using: &random)
            skew.message(
                from: from, sent: Int64.random(in: -scale...scale, using: &random), to: to,
                received: Int64.random(in: -scale...scale, using: &random))
        }
        let settled = skew.settled()
        let bounds = settled.offset(of: Network.symbol(0), from: Network.symbol(1), at: Timestamp(nanoseconds: 0))
        #expect(bounds.lowerBound <= bounds.upperBound)
        #expect(
            settled.graph.edges.allSatisfy { edge in
                settled.graph.solution[Int(edge.from)] + edge.most >= settled.graph.solution[Int(edge.to)]
            }, "what is left can all be true")
    }

    /// Actors whose clocks stand apart, and who send one another messages.
    private struct Network: ~Copyable {
        var skew: ClockSkew
        let offsets: [Int64]
        var hours: Int64 = 2
        private var random: SeededGenerator

        private let drifts: [Int64]
        private var messages: Int64 = 0

        init(seed: Int, actors: Int, apart: Int64 = 20 * Nanoseconds.second, partsPerMillion: Int64 = 0) {
            var random = SeededGenerator(seed: UInt64(seed))
            offsets = (0..<actors).map { _ in Int64.random(in: -apart...apart, using: &random) }
            drifts = (0..<actors).map { _ in Int64.random(in: -partsPerMillion...partsPerMillion, using: &random) }
            self.random = random
            skew = Self.skew(ofActors: actors)
        }

        static func skew(ofActors count: Int) -> ClockSkew {
            var skew = ClockSkew(maximum: Nanoseconds.minute)
            for actor in 0..<count { skew.add(symbol(actor)) }
            return skew
        }

        static func symbol(_ actor: Int) -> Symbol { Symbol(index: UInt32(actor + 1)) }

        /// What the clock of an actor shows at a time.
        func clock(_ actor: Int, _ time: Int64) -> Int64 {
            time + offsets[actor] + time / 1_000_000 * drifts[actor]
        }

        mutating func send() {
            messages += 1
            let a = Int.random(in: offsets.indices, using: &random)
            let b = Int.random(in: offsets.indices, using: &random)
            let sent =
                hours == 0
                ? 5 * Nanoseconds.minute + messages : Int64.random(in: 0...hours * Nanoseconds.hour, using: &random)
            let latency = Int64.random(in: 1...Nanoseconds.second, using: &random)
            skew.message(from: a, sent: clock(a, sent), to: b, received: clock(b, sent + latency))
        }
    }
}
