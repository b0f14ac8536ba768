import EventModel

/// Finds the times in which leases run out: `lease-expiry`, one finding for all droplets of one actor that keeps leases.
///
/// Definition: of an actor's `lease.renewed`, `lease.failed` and `lease.expired`, the share of the two last is out of its usual
/// range (`UsualRange`), above 5 % and three times the usual, with five or more in a span. Onset and end are the first and the last
/// such record of the spans out of the usual; pauses below 15 minutes belong to the window. `high` where at its worst more than half
/// of a span's are bad. What it cannot see: an actor that ceases to write; a share that was the same throughout the log.
struct LeaseExpiryDetector: Sendable {
    private var series = WindowSeries()

    /// Takes a `lease.…` event.
    mutating func observe(_ kind: EventKind, _ record: RecordRef) {
        series.add(WindowSubject(actor: record.actor), tried: 1, bad: kind == .leaseRenewed ? 0 : 1, record)
    }

    func finish(_ context: WindowContext) -> [Finding] {
        let words = WindowWording(kind: .leaseExpiry, tried: "renewals", became: "failed or came too late")
        return series.spans(WindowRule(), context).flatMap { subject, found in
            found.map { span in
                var finding = words.finding(span, in: context)
                finding.actor = context.symbols[subject.actor]
                return finding
            }
        }
    }
}
