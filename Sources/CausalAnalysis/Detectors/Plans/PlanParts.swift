import EventModel
import SharedWork
import Synchronization

/// The facts of all endpoints once all events have been taken: parts are judged on whichever threads are free, each endpoint by itself.
final class PlanParts: Sendable {
    private let facts: FactParts
    private let actors: [Symbol]

    /// - Parameter actors: those of the processes, by number.
    init(_ facts: consuming FactParts, actors: [Symbol]) {
        self.facts = facts
        self.actors = actors
    }

    /// What `body` makes of each part's endpoints, by part: so it depends on neither threads nor their order.
    func judge<Verdict: Sendable>(
        by clocks: EventClocks, in workshop: Workshop, beginning: Verdict,
        _ body: @escaping @Sendable (inout EndpointRecords, inout WritePairing, inout Verdict) -> Void
    ) -> [Verdict] {
        let results = Results<Verdict>()
        workshop.forEach(below: facts.indices.count) { [self] part in
            var verdict = beginning
            var records = EndpointRecords(clocks)
            var pairing = WritePairing()
            facts.forEachEndpoint(of: part, actors: actors, clocks.settled.ranks) { endpoint, facts, own in
                records.turn(to: endpoint, facts, own)
                body(&records, &pairing, &verdict)
            }
            results.put(verdict, of: part)
        }
        return results.all
    }

    private final class Results<Verdict: Sendable>: Sendable {
        private let byPart = Mutex<[Int: Verdict]>([:])

        func put(_ verdict: Verdict, of part: Int) {
            byPart.withLock { $0[part] = verdict }
        }

        var all: [Verdict] {
            byPart.withLock { byPart in byPart.sorted { $0.key < $1.key }.map(\.value) }
        }
    }
}
