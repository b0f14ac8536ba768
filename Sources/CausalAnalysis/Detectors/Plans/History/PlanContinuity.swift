import EventModel

/// Says which records that no log holds could overturn an order. One that some could is at most likely.
///
/// A lost record may lie between two events unless it happened before the first, or after the second, by the clocks of the
/// records around it.
struct PlanContinuity: ~Copyable, Sendable {
    let lost: LostRecords
    /// Actors without a log that may have written.
    let absent: [Symbol]
    /// Processes whose records show that they write, check or delete plans, by number.
    let writers: [Bool]
    private let place = LentByAddress()

    init(lost: LostRecords, absent: [Symbol], writers: [Bool]) {
        self.lost = lost
        self.absent = absent
        self.writers = writers
    }

    /// Where writes may be among what is lost between two events.
    func writes(missingFrom x: Moment, to y: Moment, _ clocks: EventClocks) -> [MissingRecords] {
        var found: [MissingRecords] = []
        for gaps in lost.gaps {
            guard let process = gaps.first?.process else { continue }
            guard isWriter(process) || gaps.contains(where: \.isOperators) else { continue }
            found += records(gaps, from: x, to: y, .finding, clocks)
        }
        return found + absent.map { MissingRecords(actor: $0, counters: nil, count: 0, before: nil, doubt: .finding) }
    }

    /// Where later checks of the writer, and newer plans, may be among what is lost between a check and its write.
    func checks(missingFrom check: Moment, to write: Moment, _ clocks: EventClocks) -> [MissingRecords] {
        var found: [MissingRecords] = []
        for gaps in lost.gaps {
            guard let process = gaps.first?.process else { continue }
            if process == write.process {
                found += records(gaps, from: check, to: write, .check, clocks)
            } else if clocks.settled.broadcast.isPlanner(process) {
                found += records(gaps, from: check, to: write, .newerPlans, clocks)
            }
        }
        return found
    }

    private func isWriter(_ process: ProcessID) -> Bool {
        Int(process.index) < writers.count && writers[Int(process.index)]
    }

    private func records(
        _ gaps: [LostRecords.Gap], from x: Moment, to y: Moment, _ doubt: MissingRecords.Doubt, _ clocks: EventClocks
    ) -> [MissingRecords] {
        guard let process = gaps.first?.process else { return [] }
        let known = process == x.process ? x.stamp : clocks.entry(x, of: process)
        let open = gaps[gaps.partition { $0.counters.upperBound > known.counter }...]
        return LostRecords.named(open.prefix { !$0.isAfter(y.process, y.stamp) }, doubt)
    }
}
