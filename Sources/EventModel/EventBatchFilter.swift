extension EventBatch {
    /// Keeps the rows that one actor wrote, in their order; text, lines and faults stay as they are. O(rows).
    package mutating func keep(actor: Symbol) {
        let rows = time.indices.filter { self.actor[$0] == actor }
        if rows.count == count { return }
        keepClocksAndCauses(rows)
        // The packed values stay where they are: each row knows where its own begin.
        time.keep(rows)
        self.actor.keep(rows)
        event.keep(rows)
        kind.keep(rows)
        endpoint.keep(rows)
        outcome.keep(rows)
        fields.keep(rows)
        valueStart.keep(rows)
        counter.keep(rows)
        digest.keep(rows)
        lineInBatch.keep(rows)
        textStart.keep(rows)
        textLength.keep(rows)
    }

    /// Moves the entries of the rows that are kept up; a row's own lie never before the place that they move to.
    private mutating func keepClocksAndCauses(_ rows: [Int]) {
        var clocks = 0
        var causes = 0
        for (at, row) in rows.enumerated() {
            for i in clockEntries(at: row) {
                clockActor[clocks] = clockActor[i]
                clockCount[clocks] = clockCount[i]
                clocks += 1
            }
            for i in self.causes(at: row) {
                cause[causes] = cause[i]
                causes += 1
            }
            clockStart[at + 1] = UInt32(clocks)
            causeStart[at + 1] = UInt32(causes)
        }
        clockActor.truncate(to: clocks)
        clockCount.truncate(to: clocks)
        cause.truncate(to: causes)
        clockStart.truncate(to: rows.count + 1)
        causeStart.truncate(to: rows.count + 1)
    }
}
