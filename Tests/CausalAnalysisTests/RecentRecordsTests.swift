import Testing

@testable import CausalAnalysis

@Suite("What an actor wrote lately")
struct RecentRecordsTests {
    @Test("is known by its counter until as many counters have passed, however the counters jump", arguments: 0..<20)
    func counters(seed: Int) {
        var random = SeededGenerator(seed: UInt64(seed))
        var records = RecentRecords(capacity: 100)
        // The ring at its largest: a record is forgotten for another whose counter has the same place there.
        let places: Int64 = 128
        var kept: [Int64: (counter: Int64, digest: UInt64)] = [:]
        var counter: Int64 = 0
        for _ in 0..<1000 {
            counter = max(0, counter + Int64.random(in: -3...(seed < 10 ? 5 : 90), using: &random))
            let digest = UInt64.random(in: 0..<4, using: &random)
            records.remember(counter: counter, digest: digest, time: counter * 7)
            kept[counter % places] = (counter, digest)
            let asked = max(0, counter - Int64.random(in: 0...200, using: &random))
            let known = kept[asked % places].flatMap { $0.counter == asked ? $0 : nil }
            #expect(records.time(ofCounter: asked) == known.map { _ in asked * 7 }, "the time of record \(asked)")
            let match = records.find(counter: asked, digest: 1)
            #expect(
                match == (known.map { $0.digest == 1 ? .same : .other } ?? .unknown),
                "record \(asked) is found as \(match)")
        }
        records.forgetCounters()
        #expect(records.time(ofCounter: counter) == nil)
    }
}
