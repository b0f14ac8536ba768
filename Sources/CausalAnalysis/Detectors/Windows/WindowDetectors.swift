import EventModel

/// The detectors of windows, each fed with the events that it knows. Any other event costs a look at its actor's open span.
struct WindowDetectors: EventConsumer, Sendable {
    private var storms = RetryStormDetector()
    private var leases = LeaseExpiryDetector()
    private var health = HealthFlappingDetector()
    private var launches = LaunchFailureDetector()
    private var propagation = PropagationDelayDetector()
    private var services = ServiceImpactDetector()

    mutating func observe(
        _ batch: borrowing EventBatch, row: Int, delivery: Delivery, clocks: borrowing ProcessClocks
    ) {
        // A record without a time counts in no span of it.
        if Timestamp(nanoseconds: batch.time[row]).isAbsent { return }
        if storms.count(batch.actor[row], at: batch.time[row]) { storms.begin(delivery.reference(batch, row: row)) }
        if let attempt = batch.integer(.attempt, at: row) {
            storms.observe(attempt: attempt, queue: batch.symbol(.queue, at: row), batch, row: row, delivery)
        }
        switch batch.kind[row] {
        case .leaseRenewed, .leaseExpired, .leaseFailed:
            leases.observe(batch.kind[row], delivery.reference(batch, row: row))
        case .launchOK, .launchFailed:
            launches.observe(batch.kind[row], delivery.reference(batch, row: row))
        case .statePropagated, .stateDelayed:
            propagation.observe(
                batch.kind[row], latency: batch.number(.latencyMs, at: row), delivery.reference(batch, row: row))
        case .targetHealth:
            health.observe(
                state: batch.symbol(.state, at: row), isUnhealthy: batch.fields[row].contains(.unhealthy),
                endpoint: batch.endpoint[row], delivery.reference(batch, row: row))
        case .serviceSampled:
            services.observe(
                service: batch.symbol(.service, at: row), requests: batch.integer(.requests, at: row) ?? 0,
                errors: batch.integer(.errors, at: row) ?? 0, throttles: batch.integer(.throttles, at: row) ?? 0,
                delivery.reference(batch, row: row))
        default: break
        }
    }

    /// All findings, and the services that never left their usual range.
    mutating func finish(_ context: WindowContext) -> (findings: [Finding], unaffected: [String]) {
        let impact = services.finish(context)
        let findings =
            storms.finish(context) + leases.finish(context) + health.finish(context) + launches.finish(context)
            + propagation.finish(context) + impact.findings
        return (findings, impact.unaffected)
    }
}
