import EventModel
import Testing

@testable import CausalAnalysis

/// The table of writes on their way, against a dictionary.
@Suite struct FlightsTests {
    private struct Key: Hashable {
        var slot: Int
        var writer: UInt32
    }

    @Test(arguments: [1, 2, 3, 4] as [UInt64])
    func findsEveryWriteOnItsWay(seed: UInt64) {
        var state = seed
        func random(_ bound: Int) -> Int {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int(state >> 33) % bound
        }
        var flights = Flights()
        var model: [Key: Flight] = [:]
        for n in 0..<5000 {
            let key = Key(slot: random(300), writer: UInt32(1 + random(3)))
            let plan = Int64(random(2))
            if random(2) == 0 {
                let flight = Flight(
                    writer: Symbol(index: key.writer), sending: Int32(n), check: -1, plan: plan, ordinal: UInt64(n))
                let before = model.updateValue(flight, forKey: key)
                #expect(flights.begin(flight, slot: key.slot)?.ordinal == before?.ordinal, "the write before it")
            } else {
                let known = model[key].flatMap { $0.plan == plan ? $0 : nil }
                if known != nil { model[key] = nil }
                let ended = flights.end(Symbol(index: key.writer), plan: plan, slot: key.slot)
                #expect(ended?.ordinal == known?.ordinal, "the write that was answered")
            }
        }
        let left = model.values.map(\.ordinal).sorted()
        #expect(flights.takeAll().map(\.flight.ordinal) == left, "the writes that never were answered, in their order")
    }
}
