import EventModel

/// An event that is being made of a record: what was found for each of our fields, not yet in any column.
struct Draft {
    var time: Int64?
    var actor: UnsafeRawBufferPointer?
    var event: UnsafeRawBufferPointer?
    var endpoint: UnsafeRawBufferPointer?
    var outcome: UnsafeRawBufferPointer?
    var error: UnsafeRawBufferPointer?
    var reason: UnsafeRawBufferPointer?
    /// Which of `values` and `texts` are there.
    var fields = FieldSet()
    /// Which of them are generations too large for a value: their digits are in `texts`.
    var large = FieldSet()
    /// Integers, and the bits of numbers, by field.
    var values: [Int64] = Array(repeating: 0, count: Field.allCases.count)
    /// Of fields that are names.
    var texts: [UnsafeRawBufferPointer] = Array(
        repeating: UnsafeRawBufferPointer(start: nil, count: 0), count: Field.allCases.count)
    /// The clock's entries, the own one among them.
    var clock: [(name: UnsafeRawBufferPointer, count: Int64)] = []
    var hasClock = false
    /// The own entry, where the log has no other.
    var counter: Int64?
    var causes: [UnsafeRawBufferPointer] = []
    var others: [(name: UnsafeRawBufferPointer, value: FieldValue)] = []
    /// A time that is no time stands for none.
    var hasPlaceholderTime = false

    /// Forgets everything.
    mutating func removeAll() {
        time = nil
        actor = nil
        event = nil
        endpoint = nil
        outcome = nil
        error = nil
        reason = nil
        fields = []
        large = []
        clock.removeAll(keepingCapacity: true)
        hasClock = false
        counter = nil
        causes.removeAll(keepingCapacity: true)
        others.removeAll(keepingCapacity: true)
        hasPlaceholderTime = false
    }

    mutating func set(_ field: Field, _ value: Int64) {
        fields.insert(FieldSet(field))
        values[Int(field.rawValue)] = value
    }

    /// Sets a generation of so many digits that it stands as a name.
    mutating func set(large field: Field, _ digits: UnsafeRawBufferPointer) {
        set(field, digits)
        large.insert(FieldSet(field))
    }

    mutating func set(_ field: Field, _ text: UnsafeRawBufferPointer) {
        fields.insert(FieldSet(field))
        texts[Int(field.rawValue)] = text
    }
}
