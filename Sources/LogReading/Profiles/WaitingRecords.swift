import EventModel

/// Events that wait for what a later record says of their outcome, and those behind them, which keep their place.
///
/// What is held is copied: it outlives the record that it was made of, though not the block.
struct WaitingRecords: ~Copyable {
    /// Whose outcome is waited for.
    struct Key: Hashable {
        var group: Int
        var text: String
    }

    /// An event that has not been appended.
    struct Held {
        var draft: Draft
        let digest: UInt64
        let place: LinePlace
        let range: Range<Int>
        var awaiting: Key?
        /// Whether it is only there as long as nothing answers.
        let isForUnanswered: Bool
        var isDropped = false
    }

    private var held: [Held] = []
    private var front = 0
    private var texts = ScratchText()
    /// What was known ahead of the first of them.
    private var before:
        (left: [LeaveReason: UInt64], counts: [RecordFault.Kind: UInt64], faults: [RecordFault], written: UInt64)?
    private var carried: [(name: FieldName, value: FieldName)] = []

    var isEmpty: Bool { front == held.count }
    var first: Held? { isEmpty ? nil : held[front] }

    /// Remembers what to go back to, should the block end first.
    mutating func remember(
        _ batch: borrowing EventBatch, _ carried: [(name: FieldName, value: FieldName)]
    ) {
        before = (batch.left, batch.faultCounts, batch.faults, batch.writtenLineCount - 1)
        self.carried = carried
    }

    mutating func add(
        _ draft: Draft, _ digest: UInt64, _ place: LinePlace, _ range: Range<Int>, awaiting key: Key?, unanswered: Bool,
        _ compactor: JSONParser?
    ) {
        held.append(
            Held(
                draft: copy(draft, compactor), digest: digest, place: place, range: range, awaiting: key,
                isForUnanswered: unanswered))
    }

    /// Fills in what the others lack, and lets them go.
    mutating func answer(_ key: Key, with answer: Draft) {
        for index in front..<held.count where held[index].awaiting == key {
            held[index].awaiting = nil
            held[index].isDropped = held[index].isForUnanswered
            if held[index].draft.outcome == nil, let outcome = answer.outcome {
                held[index].draft.outcome = texts.copy(outcome)
            }
            if held[index].draft.error == nil, let error = answer.error { held[index].draft.error = texts.copy(error) }
            if held[index].draft.reason == nil, let reason = answer.reason {
                held[index].draft.reason = texts.copy(reason)
            }
            for field in Field.allCases
            where answer.fields.contains(FieldSet(field)) && !held[index].draft.fields.contains(FieldSet(field)) {
                held[index].draft.fields.insert(FieldSet(field))
                held[index].draft.values[Int(field.rawValue)] = answer.values[Int(field.rawValue)]
                held[index].draft.texts[Int(field.rawValue)] = texts.copy(answer.texts[Int(field.rawValue)])
                if answer.large.contains(FieldSet(field)) { held[index].draft.large.insert(FieldSet(field)) }
            }
        }
    }

    /// The next event, if it waits no longer.
    mutating func next(all: Bool) -> Held? {
        guard !isEmpty, all || held[front].awaiting == nil else { return nil }
        front += 1
        return held[front - 1]
    }

    /// Forgets all.
    mutating func forget() {
        held.removeAll(keepingCapacity: true)
        front = 0
        texts.removeAll()
        before = nil
    }

    /// Goes back to the first of them: what was noted since is taken back. Returns where it begins.
    mutating func rewind(
        _ batch: inout EventBatch, _ carried: inout [(name: FieldName, value: FieldName)]
    ) -> Int {
        let start = held[front].range.lowerBound
        if let before {
            batch.left = before.left
            batch.faultCounts = before.counts
            batch.faults = before.faults
            batch.writtenLineCount = before.written
        }
        carried = self.carried
        forget()
        return start
    }

    private mutating func copy(_ draft: Draft, _ compactor: JSONParser?) -> Draft {
        var copy = draft
        copy.actor = draft.actor.map { texts.copy($0) }
        copy.event = draft.event.map { texts.copy($0) }
        copy.endpoint = draft.endpoint.map { texts.copy($0) }
        copy.outcome = draft.outcome.map { texts.copy($0) }
        copy.error = draft.error.map { texts.copy($0) }
        copy.reason = draft.reason.map { texts.copy($0) }
        // What stands beside the fields that are there is what was left of another record.
        for field in Field.allCases where draft.fields.contains(FieldSet(field)) {
            copy.texts[Int(field.rawValue)] = texts.copy(draft.texts[Int(field.rawValue)])
        }
        copy.clock = draft.clock.map { (texts.copy($0.name), $0.count) }
        copy.causes = draft.causes.map { texts.copy($0) }
        copy.others = draft.others.map { other in
            var value = other.value
            if case .text(let text) = value { value = .text(texts.copy(text)) }
            if case .document(let place) = value {
                let bytes = compactor?.compact(place) ?? []
                value = .text(bytes.withUnsafeBytes { texts.copy($0) })
            }
            return (texts.copy(other.name), value)
        }
        return copy
    }
}
