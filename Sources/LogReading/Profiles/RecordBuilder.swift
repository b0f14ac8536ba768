import EventModel

/// Puts drafts into a batch's columns: the same columns, by the same rules, as the records of our own format.
struct RecordBuilder: ~Copyable {
    private var interner: Interner
    private var clock = ClockIntake()

    init(_ options: ReadingOptions) {
        interner = Interner(limit: options.namesRemembered)
    }

    /// What the symbols of the batch to come stand for.
    mutating func freshSymbols() -> LocalSymbols {
        if interner.isFull { interner.forget() }
        return interner.symbols
    }

    /// Appends an event, whose time, actor and name are there.
    /// - Parameters:
    ///   - place: where the record begins, for what is said of it.
    ///   - text: where its line lies in the batch's text.
    mutating func append(
        _ draft: borrowing Draft, digest: UInt64, _ place: LinePlace, text: Range<Int>, into batch: inout EventBatch
    ) {
        guard let time = draft.time, let actor = draft.actor, let event = draft.event else { return }
        let actorSymbol = interner.intern(actor)
        let eventSymbol = interner.intern(event)
        var row = EventBatch.Row(
            time: time, actor: actorSymbol, event: eventSymbol, kind: interner.kind(of: eventSymbol, event),
            fields: draft.fields, digest: digest, line: UInt32(truncatingIfNeeded: place.line),
            textStart: UInt32(truncatingIfNeeded: text.lowerBound), textLength: UInt32(truncatingIfNeeded: text.count))
        if let endpoint = draft.endpoint { row.endpoint = interner.intern(endpoint) }
        if let outcome = draft.outcome {
            row.fields.insert(.outcome)
            row.outcome = LineDecoder.outcome(outcome)
            if row.outcome == .unknown { batch.note(.unknownOutcome, place) { LineDecoder.words(unknown: outcome) } }
        }
        if let reason = draft.reason, reason.equals("rollback") { row.fields.insert(.rollback) }
        if draft.fields.contains(FieldSet(.role)), draft.texts[Int(Field.role.rawValue)].equals("operator") {
            row.fields.insert(.byOperator)
        }
        if draft.fields.contains(FieldSet(.state)), draft.texts[Int(Field.state.rawValue)].equals("unhealthy") {
            row.fields.insert(.unhealthy)
        }
        takeClock(draft, actorSymbol, &row, into: &batch)
        for cause in draft.causes { batch.cause.append(Digest.of(cause)) }
        takeValues(draft, into: &batch)
        batch.append(row)
    }

    private mutating func takeClock(
        _ draft: borrowing Draft, _ actor: Symbol, _ row: inout EventBatch.Row, into batch: inout EventBatch
    ) {
        if !draft.hasClock, draft.counter == nil { return }
        row.fields.insert(.clock)
        clock.begin(actor, into: batch)
        for entry in draft.clock { clock.add(interner.intern(entry.name), entry.count, into: &batch) }
        if let counter = draft.counter { clock.add(actor, counter, into: &batch) }
        if let own = clock.finish(into: &batch) { row.counter = own } else { row.fields.insert(.faultyClock) }
    }

    private mutating func takeValues(_ draft: borrowing Draft, into batch: inout EventBatch) {
        for field in Field.allCases where draft.fields.rawValue & field.bit != 0 {
            let at = Int(field.rawValue)
            if draft.large.contains(FieldSet(field)) {
                batch.hasLargeGenerations = true
                batch.values.append(Generation.code(of: interner.intern(draft.texts[at])))
                continue
            }
            switch RecordSchema.type(of: field) {
            case .integer, .number: batch.values.append(draft.values[at])
            case .digest: batch.values.append(Int64(bitPattern: Digest.of(draft.texts[at])))
            case .symbol: batch.values.append(Int64(interner.intern(draft.texts[at]).index))
            }
        }
    }
}
