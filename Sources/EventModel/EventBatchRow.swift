extension EventBatch {
    /// What every event has. Its values, the entries of its clock for other actors and its causes are appended to their columns ahead of it.
    public struct Row: Sendable {
        /// Nanoseconds since 1970-01-01T00:00:00Z.
        public var time: Int64
        /// Who wrote it.
        public var actor: Symbol
        /// The event's name.
        public var event: Symbol
        /// What the name means to the analysis.
        public var kind: EventKind
        /// `Symbol.none` without one.
        public var endpoint: Symbol
        /// How it ended; `ok` where the record does not say.
        public var outcome: Outcome
        /// The fields whose values were appended, in their order, and what else a bit stands for.
        public var fields: FieldSet
        /// The own entry of its clock; −1 without a usable one.
        public var counter: Int64
        /// A digest of the line's bytes.
        public var digest: UInt64
        /// The line in its batch, from 0.
        public var line: UInt32
        /// Where the line begins in the text.
        public var textStart: UInt32
        /// How long the line is without its end.
        public var textLength: UInt32

        /// Makes a row.
        @inlinable @inline(__always) public init(
            time: Int64, actor: Symbol, event: Symbol, kind: EventKind, endpoint: Symbol = .none,
            outcome: Outcome = .ok, fields: FieldSet = [], counter: Int64 = -1, digest: UInt64 = 0, line: UInt32 = 0,
            textStart: UInt32 = 0, textLength: UInt32 = 0
        ) {
            self.time = time
            self.actor = actor
            self.event = event
            self.kind = kind
            self.endpoint = endpoint
            self.outcome = outcome
            self.fields = fields
            self.counter = counter
            self.digest = digest
            self.line = line
            self.textStart = textStart
            self.textLength = textLength
        }
    }

    /// Appends an event. What was appended to `values`, the clocks' columns and `cause` since the one before is its own.
    @inlinable @inline(__always) public mutating func append(_ row: Row) {
        time.append(row.time)
        actor.append(row.actor)
        event.append(row.event)
        kind.append(row.kind)
        endpoint.append(row.endpoint)
        outcome.append(row.outcome)
        fields.append(row.fields)
        valueStart.append(UInt32(truncatingIfNeeded: values.count - row.fields.valueCount))
        counter.append(row.counter)
        clockStart.append(UInt32(truncatingIfNeeded: clockActor.count))
        causeStart.append(UInt32(truncatingIfNeeded: cause.count))
        digest.append(row.digest)
        lineInBatch.append(row.line)
        textStart.append(row.textStart)
        textLength.append(row.textLength)
    }
}
