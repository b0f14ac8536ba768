import EventModel

/// Finds the records of a sequence whose clocks contradict their actor's clocks on both sides. So the first and the last one of an incarnation,
/// which have clocks on one side only, are never among them.
///
/// A wrong entry has to be found before it is used, since everything after it would inherit it. So a record is judged by the next three of
/// its actor, wherever an entry falls among these.
enum FaultyClocks {
    private struct Seen {
        let spot: RecordSpot
        let clock: ClockFaults.Entries
        var isFaulty = false
    }

    static func find(in sequence: borrowing ActorSequence, _ facts: inout Facts) throws(SpillFailure) -> Set<RecordSpot>
    {
        var faulty: Set<RecordSpot> = []
        var cursor = SequenceCursor(sequence, facts, .skeleton)
        var window: [Seen] = []
        var known: ClockFaults.Entries?
        var starts = sequence.incarnations.dropFirst().map(\.start)[...]
        while !cursor.isAtEnd {
            if starts.first == cursor.index {
                starts.removeFirst()
                while !window.isEmpty { judgeFirst(&window, &known, &faulty) }
                known = nil
            }
            try cursor.load(&facts)
            if let frame = cursor.frame, frame.events.counter[cursor.row] >= 0 {
                if window.count > ClockFaults.reach { judgeFirst(&window, &known, &faulty) }
                window.append(Seen(spot: cursor.spot, clock: ClockFaults.clock(of: frame.events, cursor.row)))
            }
            cursor.advance(sequence, facts)
        }
        while !window.isEmpty { judgeFirst(&window, &known, &faulty) }
        return faulty
    }

    private static func judgeFirst(
        _ window: inout [Seen], _ known: inout ClockFaults.Entries?, _ faulty: inout Set<RecordSpot>
    ) {
        if !window[0].isFaulty, hasFall(window) {
            let before = known ?? [:]
            let judgement = ClockFaults.judge(
                window[0].clock, next: window.dropFirst().map(\.clock), base: { before[$0] ?? 0 })
            if judgement.isSpike, known != nil { window[0].isFaulty = true }
            if judgement.nextIsDip, window.count > 2 { window[1].isFaulty = true }
        }
        let first = window.removeFirst()
        if first.isFaulty {
            faulty.insert(first.spot)
        } else if known == nil {
            known = first.clock
        } else {
            known?.merge(first.clock, uniquingKeysWith: max)
        }
    }

    private static func hasFall(_ window: [Seen]) -> Bool {
        for (before, after) in zip(window, window.dropFirst())
        where before.clock.contains(where: { after.clock[$0.key].map { [value = $0.value] in $0 < value } ?? true }) {
            return true
        }
        return false
    }
}
