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
        StaleReadDetector.self,
        ReplicaLagDetector.self,
        EventRateDetector.self,
    ]
}

/// One of each detector, fed with the events that it asks for.
struct Detectors: EventConsumer, ~Copyable, Sendable {
    private let seats: [any DetectorSeat]
    /// By kind of event, twice: of records with a time and of those without, the detectors that take it, a bit each.
    private let takers: [UInt64]

    init(_ types: [any (Detector & ~Copyable).Type] = DetectorRegistry.all, shards: Int) {
        precondition(types.count <= UInt64.bitWidth, "too many detectors")
        seats = types.map { Self.make($0, shards) }
        takers = [true, false].flatMap { hasTime in
            EventKind.allCases.map { kind in
                types.indices.reduce(0) {
                    types[$1].interest.includes(kind, hasTime: hasTime) ? $0 | 1 << UInt64($1) : $0
                }
            }
        }
    }

    private static func make<T: Detector & ~Copyable>(_ type: T.Type, _ shards: Int) -> any DetectorSeat {
        Seat(type.init(shards: shards))
    }

    mutating func observe(
        _ batch: borrowing EventBatch, row: Int, delivery: Delivery, clocks: borrowing ProcessClocks
    ) {
        let untimed = Timestamp(nanoseconds: batch.time[row]).isAbsent ? EventKind.allCases.count : 0
        var left = takers[untimed + Int(batch.kind[row].rawValue)]
        while left != 0 {
            seats[left.trailingZeroBitCount].observe(batch, row: row, delivery: delivery, clocks: clocks)
            left &= left - 1
        }
    }

    /// What all of them found.
    mutating func finish(_ log: WholeLog) -> Detections {
        var all = Detections()
        for seat in seats { all.merge(seat.finish(log)) }
        all.dropRetold()
        for at in all.findings.indices where all.findings[at].kind.traits.isMeasured {
            all.findings[at].missing = log.lost.missing(during: all.findings[at])
        }
        return all
    }
}

/// A detector of whichever type, where it is changed in place: an existential would be looked at for other owners at every event.
private protocol DetectorSeat: AnyObject, Sendable {
    func observe(_ batch: borrowing EventBatch, row: Int, delivery: Delivery, clocks: borrowing ProcessClocks)
    func finish(_ log: WholeLog) -> Detections
}

private final class Seat<D: Detector & ~Copyable>: DetectorSeat, @unchecked Sendable {
    // Unchecked: one `Detectors` has it, which cannot be copied.
    @exclusivity(unchecked) private var detector: D

    init(_ detector: consuming D) { self.detector = detector }

    func observe(_ batch: borrowing EventBatch, row: Int, delivery: Delivery, clocks: borrowing ProcessClocks) {
        detector.observe(batch, row: row, delivery: delivery, clocks: clocks)
    }

    func finish(_ log: WholeLog) -> Detections { detector.finish(log) }
}

extension Detections {
    /// Drops event rates of an actor whose whole log explodes at the time: one episode is one finding.
    fileprivate mutating func dropRetold() {
        let storms = findings.filter { $0.kind == .retryStorm }
        if storms.isEmpty { return }
        findings.removeAll { finding in
            finding.kind == .eventRateChange
                && storms.contains { storm in
                    storm.actor == finding.actor && storm.at <= finding.until ?? Timestamp(nanoseconds: .max)
                        && finding.at <= storm.until ?? Timestamp(nanoseconds: .max)
                }
        }
    }
}
