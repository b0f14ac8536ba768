extension EventBatch {
    /// Keeps the rows that one actor wrote, in their order; text, lines and faults stay as they are. O(rows).
    package mutating func keep(actor: Symbol) {
        let rows = time.indices.filter { self.actor[$0] == actor }
        if rows.count == count { return }
        var clockStart: [UInt32] = [0]
        var clockActor: [Symbol] = []
        var clockCount: [Int64] = []
        var causeStart: [UInt32] = [0]
        var cause: [UInt64] = []
        for row in rows {
            clockActor += self.clockActor[clockEntries(at: row)]
            clockCount += self.clockCount[clockEntries(at: row)]
            clockStart.append(UInt32(clockActor.count))
            cause += self.cause[causes(at: row)]
            causeStart.append(UInt32(cause.count))
        }
        (self.clockStart, self.clockActor, self.clockCount) = (clockStart, clockActor, clockCount)
        (self.causeStart, self.cause) = (causeStart, cause)
        // The packed values stay where they are: each row knows where its own begin.
        time = rows.map { time[$0] }
        self.actor = rows.map { self.actor[$0] }
        event = rows.map { event[$0] }
        kind = rows.map { kind[$0] }
        endpoint = rows.map { endpoint[$0] }
        outcome = rows.map { outcome[$0] }
        fields = rows.map { fields[$0] }
        valueStart = rows.map { valueStart[$0] }
        counter = rows.map { counter[$0] }
        digest = rows.map { digest[$0] }
        lineInBatch = rows.map { lineInBatch[$0] }
        textStart = rows.map { textStart[$0] }
        textLength = rows.map { textLength[$0] }
    }
}
