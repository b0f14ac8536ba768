import EventModel

/// Tells from an actor's next records whether a clock can be right.
///
/// Of one actor's clocks no entry falls. Where one does, either the record before the fall claims too much (a spike) or the one after it too
/// little (a dip): the actor's other records say which. A spike has to be found before it is used, since everything after it would
/// inherit it; so a record is judged by up to `reach` records of its actor that follow.
enum ClockFaults {
    /// How many records of the actor behind a head are looked at: enough to tell a spike from a dip where two stand side by side.
    static let reach = 3

    /// The entries of a clock for other actors.
    typealias Entries = [Symbol: Int64]

    /// What the records behind it say of a record.
    struct Judgement {
        /// An entry stands above what the actor's later records know, while those agree with the ones before.
        var isSpike = false
        /// An entry of the *next* record stands below this one's, while those behind it do not.
        var nextIsDip = false
    }

    /// Judges a record by its actor's next ones, nearest first.
    ///
    /// - Parameter base: the highest entry for an actor that the records before this one are known to have had.
    static func judge(_ clock: Entries, next: [Entries], base: (Symbol) -> Int64) -> Judgement {
        var judgement = Judgement()
        let whole = next.map { isWhole($0, after: clock) }
        for (actor, count) in clock where count > 0 {
            var lower = 0
            var others = 0
            var highest: Int64 = 0
            for (at, later) in next.enumerated() {
                // An entry that is not there says 0 only where the clock is written out whole.
                guard let value = later[actor] ?? (whole[at] ? 0 : nil) else { continue }
                if value < count {
                    lower += 1
                    highest = max(highest, value)
                } else {
                    others += 1
                }
            }
            if lower == 0 { continue }
            if lower > others, base(actor) <= highest {
                judgement.isSpike = true
            } else if let first = next.first?[actor], first < count, others > lower - 1, others > 0 {
                judgement.nextIsDip = true
            }
        }
        return judgement
    }

    /// Whether a clock shows that its actor writes entries that have not changed.
    private static func isWhole(_ clock: Entries, after previous: Entries) -> Bool {
        clock.contains { $0.value > 0 && previous[$0.key] == $0.value }
    }
}

extension ClockFaults {
    /// A row's entries of `vc` for other actors, by actor.
    static func clock(of events: borrowing EventBatch, _ row: Int) -> Entries {
        var entries: Entries = [:]
        for i in events.clockEntries(at: row) { entries[events.clockActor[i]] = events.clockCount[i] }
        return entries
    }
}
