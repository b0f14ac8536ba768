import CSimdjson
import EventModel

/// Finds the values of the record at hand by a plan's rules.
struct Evaluation: ~Copyable {
    var fields: RecordFields
    var space: CodecSpace
    private let times: TimeValues

    init(_ plan: Plan, _ options: ReadingOptions) {
        fields = RecordFields(variables: plan.parts.variables)
        space = CodecSpace(groups: plan.parts.groups, headers: plan.parts.headers, options)
        times = TimeValues(options)
    }

    /// All fields that are plain values, as text; those of nested objects by their paths.
    mutating func scalars() -> [(String, String)] {
        var result: [(String, String)] = []
        for layer in fields.layers {
            switch layer {
            case .pairs(let range):
                for pair in fields.pairs[range] {
                    if let text = text(pair.value) {
                        result.append(
                            (String(decoding: pair.name, as: UTF8.self), String(decoding: text, as: UTF8.self)))
                    }
                }
            case .document(let place): addScalars(of: place, "", 0, &result)
            }
        }
        return result
    }

    private mutating func addScalars(
        of place: csj_value, _ path: String, _ depth: Int, _ result: inout [(String, String)]
    ) {
        for (name, member) in JSONMembers(of: place) {
            guard result.count < 500, let name else { return }
            let key = String(decoding: name, as: UTF8.self)
            let value = FieldValue(member)
            if let inner = value.place {
                if depth < 4 { addScalars(of: inner, path + "/" + key, depth + 1, &result) }
            } else if let text = text(value) {
                let full = path.isEmpty ? key : path + "/" + key
                result.append((full, String(decoding: text, as: UTF8.self)))
            }
        }
    }

    // MARK: Conditions

    /// Whether all tests hold. The groups of patterns that matched are a layer from then on.
    mutating func holds(_ condition: Condition) -> Bool {
        for (reference, test) in condition.tests {
            if !holds(test, reference.value(in: fields)) { return false }
        }
        return true
    }

    private mutating func holds(_ test: Test, _ value: FieldValue?) -> Bool {
        switch test {
        case .exists(let exists): return (value != nil) == exists
        case .not(let test):
            let mark = fields.mark
            defer { fields.reset(to: mark) }
            return !holds(test, value)
        case .all(let tests):
            for test in tests where !holds(test, value) { return false }
            return true
        case .equals(let words):
            guard let text = value.flatMap({ self.text($0) }) else { return false }
            return words.contains { $0.bytes.equals(text) }
        case .matches(let pattern):
            guard let text = value.flatMap({ self.text($0) }) else { return false }
            return Codec.pattern(pattern).decode(text, into: &fields, &space) == .fields
        case .atLeast(let least): return value.flatMap { self.number($0) }.map { $0 >= least } ?? false
        case .atMost(let most): return value.flatMap { self.number($0) }.map { $0 <= most } ?? false
        }
    }

    // MARK: Values

    /// The value of the first candidate that has one.
    mutating func value(_ candidates: [Candidate]) -> FieldValue? {
        for candidate in candidates { if let value = value(candidate) { return value } }
        return nil
    }

    mutating func value(_ candidate: Candidate) -> FieldValue? {
        var value: FieldValue
        switch candidate.origin {
        case .reference(let reference):
            guard let found = reference.value(in: fields) else { return nil }
            value = found
        case .constant(let constant): value = .text(constant.bytes)
        case .template(let pieces):
            guard let text = template(pieces) else { return nil }
            value = .text(text)
        case .difference(let later, let earlier):
            guard let end = time([later])?.nanoseconds, let start = time([earlier])?.nanoseconds else { return nil }
            let (span, overflow) = end.subtractingReportingOverflow(start)
            if overflow { return nil }
            value = .number(Double(span) / 1e6)
        case .composite(let both, let width):
            guard let first = self.value(both[0]), let second = self.value(both[1]).flatMap({ integer($0) }),
                let composed = composite(first, second, width)
            else { return nil }
            value = composed
        case .subtract(let both):
            guard let first = self.value(both[0]), let second = self.value(both[1]) else { return nil }
            if let a = integer(first), let b = integer(second) {
                let (difference, overflow) = a.subtractingReportingOverflow(b)
                if overflow { return nil }
                value = .integer(difference)
            } else {
                guard let a = number(first), let b = number(second) else { return nil }
                value = .number(a - b)
            }
        case .count(let reference):
            guard let list = reference.value(in: fields)?.place else { return nil }
            value = .integer(PairList.count(list))
        case .lookup(let object, let key, let steps):
            guard let place = object.value(in: fields)?.place, let name = self.value(key).flatMap({ text($0) }),
                let found = Reference.member(name, of: place, then: steps)
            else { return nil }
            value = found
        }
        return candidate.transforms.isEmpty ? value : transformed(value, candidate.transforms)
    }

    private mutating func transformed(_ start: FieldValue, _ transforms: [Transform]) -> FieldValue? {
        var value = start
        for transform in transforms {
            guard let next = apply(transform, value) else { return nil }
            value = next
        }
        return value
    }

    /// Two numbers as one; beyond 64 bits its digits.
    private mutating func composite(_ first: FieldValue, _ second: Int64, _ width: Int) -> FieldValue? {
        if let first = integer(first), let sum = Composite.value(first, second, width: width) { return .integer(sum) }
        guard let ahead = text(first).flatMap({ Generation(decimal: String(decoding: $0, as: UTF8.self)) }),
            let digits = Composite.digits(ahead, second, width: width)
        else { return nil }
        return .text(space.scratch.copy(digits))
    }

    private mutating func template(_ pieces: [Candidate.Piece]) -> UnsafeRawBufferPointer? {
        var parts: [UnsafeRawBufferPointer] = []
        for piece in pieces {
            switch piece {
            case .text(let text): parts.append(text.bytes)
            case .reference(let reference, let transforms):
                guard let found = reference.value(in: fields), let value = transformed(found, transforms),
                    let part = text(value)
                else { return nil }
                parts.append(part)
            }
        }
        space.scratch.begin()
        for part in parts { space.scratch.append(part) }
        return space.scratch.end()
    }

    private mutating func apply(_ transform: Transform, _ value: FieldValue) -> FieldValue? {
        switch transform {
        case .scale(let factor):
            return number(value).map { .number($0 * factor) }
        case .duration:
            if let text = text(value), let span = DurationText.milliseconds(text) { return .number(span) }
            return nil
        default: break
        }
        guard let text = text(value) else { return nil }
        switch transform {
        case .pattern(let pattern):
            guard pattern.match(text, space.match) == .matched else { return nil }
            let group = pattern.groupCount > 0 ? 1 : 0
            return space.match.range(group).map { .text(text.part($0)) }
        case .part(let index, let separator):
            return Parts.part(index, of: text, separator).map { .text($0) }
        case .trim(let bytes):
            var (start, end) = (0, text.count)
            while start < end, bytes.contains(text[start]) { start += 1 }
            while end > start, bytes.contains(text[end - 1]) { end -= 1 }
            return .text(text.part(start..<end))
        case .dnsName: return .text(DNSName.normalised(text, &space.scratch))
        case .lowercase:
            space.scratch.begin()
            for byte in text { space.scratch.append(byte &- 0x41 < 26 ? byte | 0x20 : byte) }
            return .text(space.scratch.end())
        case .message: return .text(MessageTemplate.of(text, &space.scratch))
        case .map(let map): return map.value(of: text).map { .text($0) }
        case .time(let form, let zone, let unit):
            return times.read(text, form, zone: zone, year: nil).nanoseconds.map { .integer($0 / unit) }
        case .scale, .duration: return nil
        }
    }

    /// A text as a document of its own.
    mutating func document(_ text: UnsafeRawBufferPointer) -> csj_value? {
        guard let parser = space.parser(), case .success(let root) = parser.parse(text, isPadded: false) else {
            return nil
        }
        return root
    }

    // MARK: Forms

    /// The value as text; nil of an array or an object.
    mutating func text(_ value: FieldValue) -> UnsafeRawBufferPointer? {
        switch value {
        case .text(let text): return text
        case .null, .document: return nil
        case .bool(let bool): return space.scratch.copy(bool ? "true" : "false")
        case .integer(let integer): return space.scratch.copy(String(integer))
        case .unsigned(let integer): return space.scratch.copy(String(integer))
        case .number(let number): return space.scratch.copy(EventLine.words(number))
        }
    }

    /// The value as text that is valid UTF-8.
    mutating func validText(_ value: FieldValue) -> UnsafeRawBufferPointer? {
        guard let text = text(value) else { return nil }
        if text.allSatisfy({ $0 < 0x80 }) { return text }
        return space.scratch.copy(String(decoding: text, as: UTF8.self))
    }

    /// The value as an integer, of a text too; commas between digits are left out.
    mutating func integer(_ value: FieldValue) -> Int64? {
        switch value {
        case .integer(let integer): return integer
        case .number(let number): return number == number.rounded() ? Int64(exactly: number) : nil
        case .text(let text): return Numbers.integer(text)
        case .null, .document, .bool, .unsigned: return nil
        }
    }

    /// The digits of a generation that is too large to be a value, of any length up to the longest that is read as a number.
    mutating func digitsOfLarge(_ value: FieldValue) -> UnsafeRawBufferPointer? {
        switch value {
        case .integer(let integer) where integer >= Generation.firstLarge: return space.scratch.copy(String(integer))
        case .unsigned(let integer): return space.scratch.copy(String(integer))
        case .text(let text) where text.count >= 19 && text.count <= 1_024:
            return Generation(decimal: String(decoding: text, as: UTF8.self))?.digitsOfLarge.map {
                space.scratch.copy($0)
            }
        default: return nil
        }
    }

    mutating func number(_ value: FieldValue) -> Double? {
        switch value {
        case .integer(let integer): return Double(integer)
        case .unsigned(let integer): return Double(integer)
        case .number(let number): return number
        case .text(let text): return text.count <= 40 ? Double(String(decoding: text, as: UTF8.self)) : nil
        case .null, .document, .bool: return nil
        }
    }

    /// What a time says, by the first rule whose value is there.
    mutating func time(_ rules: [TimeRule]) -> TimeValues.Reading? {
        for rule in rules {
            guard let value = self.value(rule.value), let text = text(value) else { continue }
            var year: Int?
            switch rule.year {
            case .constant(let constant): year = constant
            case .reference(let reference):
                year = reference.value(in: fields).flatMap { integer($0) }.map { Int(clamping: $0) }
            case nil: break
            }
            let reading = times.read(text, rule.form, zone: rule.zone, year: year)
            if case .constant = rule.value.origin, case .absent = reading { return .untold }
            guard let (span, unit) = rule.added, let time = reading.nanoseconds else { return reading }
            guard let span = span.value(in: fields), let digits = self.text(span),
                let added = Numbers.scaled(digits, by: unit)
            else { continue }
            let (sum, overflow) = time.addingReportingOverflow(added)
            return overflow ? .invalid : .time(sum)
        }
        return nil
    }
}

/// Reads times by the rules of profiles.
struct TimeValues: Sendable {
    private let assumedZone: Int?
    private let assumedYear: Int?

    init(_ options: ReadingOptions) {
        assumedZone = options.assumedZone
        assumedYear = options.assumedYear
    }

    /// What a text says.
    enum Reading {
        case time(Int64)
        /// A value that stands for no time.
        case absent
        /// The log has none, as its profile says.
        case untold
        case withoutZone, withoutYear, invalid

        var nanoseconds: Int64? { if case .time(let time) = self { time } else { nil } }
    }

    func read(_ text: UnsafeRawBufferPointer, _ form: TimeRule.Form, zone given: Int?, year: Int?) -> Reading {
        let zone = given ?? assumedZone
        switch form {
        case .automatic:
            var reader = TimeReader(assumedZone: zone)
            switch reader.read(text.trimmed) {
            case .time(let time), .leapSecond(let time): return .time(time)
            case .counted(let count): return .time(count.time.nanoseconds)
            case .absent: return .absent
            case .withoutZone: return .withoutZone
            case .invalid: return .invalid
            }
        case .count(let unit):
            guard let count = Numbers.scaled(text.trimmed, by: unit) else { return .invalid }
            return NoTime.isPlaceholder(Timestamp(nanoseconds: count)) ? .absent : .time(count)
        case .layout(let layout):
            guard let reading = layout.read(text.trimmed) else { return .invalid }
            if reading.zone == nil, reading.epoch == nil, zone == nil { return .withoutZone }
            if !layout.hasYear, (year ?? assumedYear) == nil { return .withoutYear }
            guard let moment = reading.moment(year: year ?? assumedYear, zone: zone ?? 0) else { return .invalid }
            return NoTime.isPlaceholder(moment) ? .absent : .time(moment.nanoseconds)
        }
    }
}
