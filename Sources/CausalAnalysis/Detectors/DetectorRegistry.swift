import EventModel

/// All detectors: one row each.
enum DetectorRegistry {
    static let all: [any (Detector & ~Copyable).Type] = [
        PlanDetector.self,
        ContendedEndpointDetector.self,
        BacklogDetector.self,
        RetryStormDetector.self,
        LeaseExpiryDetector.self,
        HealthFlappingDetector.self,
        LaunchFailureDetector.self,
        PropagationDelayDetector.self,
        ServiceImpactDetector.self,
    ]
}

/// One of each detector, fed with the events that it asks for.
struct Detectors: EventConsumer, ~Copyable, Sendable {
    private var detectors = Table<any Detector & ~Copyable>()
    /// By kind of event, twice: of records with a time and of those without, the numbers of the detectors that take it.
    private let takers: [[Int]]

    init(_ types: [any (Detector & ~Copyable).Type] = DetectorRegistry.all, shards: Int) {
        for type in types { detectors.append(Self.make(type, shards)) }
        takers = [true, false].flatMap { hasTime in
            EventKind.allCases.map { kind in
                types.indices.filter { types[$0].interest.includes(kind, hasTime: hasTime) }
            }
        }
    }

    private static func make<T: Detector & ~Copyable>(_ type: T.Type, _ shards: Int) -> any Detector & ~Copyable {
        type.init(shards: shards)
    }

    mutating func observe(
        _ batch: borrowing EventBatch, row: Int, delivery: Delivery, clocks: borrowing ProcessClocks
    ) {
        let untimed = Timestamp(nanoseconds: batch.time[row]).isAbsent ? EventKind.allCases.count : 0
        for number in takers[untimed + Int(batch.kind[row].rawValue)] {
            detectors[number].observe(batch, row: row, delivery: delivery, clocks: clocks)
        }
    }

    /// What all of them found.
    mutating func finish(_ log: WholeLog) -> Detections {
        var all = Detections()
        for number in detectors.indices { all.merge(detectors[number].finish(log)) }
        for at in all.findings.indices where all.findings[at].kind.traits.isMeasured {
            all.findings[at].missing = log.lost.missing(during: all.findings[at])
        }
        return all
    }
}
