/// One way to get a field's value: where it comes from, and what is done to it. Of several the first that gives a value counts.
struct Candidate: Sendable {
    var origin: Origin
    var transforms: [Transform] = []
    /// As the profile has it, for an explanation.
    var words = ""

    indirect enum Origin: Sendable {
        case reference(Reference)
        case constant(FieldName)
        /// Fails where one of its references has no value.
        case template([Piece])
        /// The first minus the second, both times, in milliseconds.
        case difference(TimeRule, TimeRule)
        /// Two numbers compared in turn, written as one: the first times 10^width plus the second.
        case composite([Candidate], width: Int)
        /// The first number minus the second.
        case subtract([Candidate])
        /// How many elements a list has.
        case count(Reference)
        /// The member of an object whose key is a value, and what stands in it.
        case lookup(Reference, key: [Candidate], steps: [Reference.Step])
    }

    /// A part of a template.
    enum Piece: Sendable {
        case text(FieldName)
        /// `{name}`, or `{name|dns}` with what is done to it.
        case reference(Reference, [Transform])
    }
}

/// What is done to a value, in the order in which a profile's keys are listed in its documentation.
enum Transform: Sendable {
    /// The first group of a pattern, or the whole match of one without groups; no value where it does not match.
    case pattern(Pattern)
    /// One of the parts between separators: 0 the first, -1 the last.
    case part(Int, [UInt8])
    case trim([UInt8])
    case dnsName
    case lowercase
    /// A message with numbers, quoted texts and the like replaced by `…`.
    case message
    case duration
    case scale(Double)
    case map(ValueMap)
    /// A time as a whole number of units of so many nanoseconds.
    case time(TimeRule.Form, zone: Int?, unit: Int64)
}

/// Values by values, compared as text; a key of digits and `x` is a class: `4xx`.
struct ValueMap: Sendable {
    var exact: [(key: FieldName, value: FieldName)]
    var classes: [(key: FieldName, value: FieldName)]
    /// Of anything else; nil leaves the value as it is where `keepsOthers`, else there is none.
    var otherwise: FieldName?
    var keepsOthers: Bool

    func value(of text: UnsafeRawBufferPointer) -> UnsafeRawBufferPointer? {
        for (key, value) in exact where key.bytes.equals(text) { return value.bytes }
        for (key, value) in classes where ValueMap.matches(text, key.bytes) { return value.bytes }
        if let otherwise { return otherwise.bytes }
        return keepsOthers ? text : nil
    }

    private static func matches(_ text: UnsafeRawBufferPointer, _ form: UnsafeRawBufferPointer) -> Bool {
        text.count == form.count
            && zip(text, form).allSatisfy { $0 == $1 || ($1 == UInt8(ascii: "x") && $0.isDigitByte) }
    }
}

/// What a value must be.
indirect enum Test: Sendable {
    case exists(Bool)
    case equals([FieldName])
    /// Its groups become fields for as long as the record is looked at.
    case matches(Pattern)
    case atLeast(Double)
    case atMost(Double)
    case not(Test)
    case all([Test])
}

/// Tests of several values, all of which must hold.
struct Condition: Sendable {
    var tests: [(Reference, Test)]
}
