import CSimdjson
import EventModel

/// The way of every line that is not ordinary: simdjson's DOM parses it and is the judge of what is valid.
extension LineDecoder {
    mutating func judge(_ whole: UnsafeRawBufferPointer, at start: Int, line: UInt32, into batch: inout EventBatch) {
        let place = LinePlace(line: UInt64(line), byte: UInt64(start))
        // The line as it was cut, blank or not: what is too long for a block is never looked into.
        if whole.count > maxLine {
            batch.writtenLineCount += 1
            return batch.note(.lineTooLong, place) {
                "a line of \(whole.count) bytes, longer than the \(maxLine) allowed"
            }
        }
        var text = whole
        if text.count >= 3, text[0] == 0xEF, text[1] == 0xBB, text[2] == 0xBF {
            text = UnsafeRawBufferPointer(rebasing: text[3...])
        }
        if isBlank(text) { return }
        batch.writtenLineCount += 1
        var error = parse(text)
        if error == CSJ_NUMBER, let (bytes, count) = OversizedNumbers.readable(text, padding: padding) {
            error = bytes.withUnsafeBytes { parse(UnsafeRawBufferPointer(rebasing: $0[..<count])) }
        }
        if error == CSJ_OK {
            decodeMembers(whole, at: start, place, into: &batch)
        } else {
            report(error, text, place, into: &batch)
        }
    }

    private func parse(_ line: UnsafeRawBufferPointer) -> csj_error {
        csj_parse(parser, line.baseAddress?.assumingMemoryBound(to: CChar.self), line.count)
    }

    private func report(
        _ error: csj_error, _ text: UnsafeRawBufferPointer, _ place: LinePlace, into batch: inout EventBatch
    ) {
        switch error {
        case CSJ_NOT_AN_OBJECT: batch.note(.notAnObject, place) { "not a JSON object" }
        case CSJ_UTF8: batch.note(.invalidUTF8, place) { "not UTF-8" }
        case CSJ_DEPTH: batch.note(.nestedTooDeep, place) { "nested deeper than \(maxDepth)" }
        case CSJ_MEMORY: batch.note(.lineTooLong, place) { "too long a line for the parser" }
        default:
            batch.note(.notJSON, place) {
                let fault = JSONDiagnosis.of(text, maxDepth: maxDepth)
                return "not a JSON object" + (fault.map { ": " + $0.reason } ?? "")
            }
        }
    }

    private mutating func decodeMembers(
        _ line: UnsafeRawBufferPointer, at start: Int, _ place: LinePlace, into batch: inout EventBatch
    ) {
        var memberCount = 0
        guard let members = csj_members(parser, &memberCount) else {
            return batch.note(.missingField, place) { "ts is missing" }
        }
        for key in slots.indices { slots[key] = -1 }
        for i in 0..<memberCount { slots[Int(members[i].key)] = i }
        let slots = slots
        func member(_ key: csj_key) -> csj_member? {
            let at = slots[Int(key.rawValue)]
            return at < 0 || members[at].type == UInt8(CSJ_NULL.rawValue) ? nil : members[at]
        }

        // The three without which a line is no record.
        guard let ts = member(CSJ_KEY_TS) else { return batch.note(.missingField, place) { "ts is missing" } }
        guard let actor = member(CSJ_KEY_ACTOR) else { return batch.note(.missingField, place) { "actor is missing" } }
        guard let event = member(CSJ_KEY_EVENT) else { return batch.note(.missingField, place) { "event is missing" } }
        let reading: TimeReader.Result
        switch csj_type(UInt32(ts.type)) {
        case CSJ_STRING: reading = times.read(ts.bytes)
        case CSJ_INT, CSJ_UINT, CSJ_DOUBLE:
            // From the line itself, since a double has fewer digits than a time.
            let text = RecordMembers(Array(line)).text("ts") ?? ""
            reading = Array(text.utf8).withUnsafeBytes(times.read(number:))
        default: return batch.note(.wrongRequiredType, place) { "ts is neither a string nor a number" }
        }
        let time: Int64
        switch reading {
        case .time(let read), .leapSecond(let read): time = read
        case .counted(let count):
            time = count.time.nanoseconds
            batch.note(count.unit.note, place) { count.unit.words }
        case .absent: time = Timestamp.absent.nanoseconds
        case .withoutZone: return batch.note(.timeWithoutZone, place) { "ts has no zone" }
        case .invalid: return batch.note(.badTime, place) { "ts is not a time between the years 1677 and 2262" }
        }
        guard actor.isString else { return batch.note(.wrongRequiredType, place) { "actor is no string" } }
        guard event.isString else { return batch.note(.wrongRequiredType, place) { "event is no string" } }

        if case .absent = reading {
            batch.note(.noTime, place) { "ts is a placeholder, not a time" }
        } else if time < UnixTime.plausible.nanoseconds {
            batch.note(.earlyTime, place) { "ts means \(Timestamp(nanoseconds: time).rfc3339()): is it an uptime?" }
        }
        if case .leapSecond = reading { batch.leapSeconds &+= 1 }
        let actorSymbol = interner.intern(actor.bytes)
        let eventSymbol = interner.intern(event.bytes)
        var set = FieldSet()
        func keep(_ field: Field, _ value: Int64) {
            set.insert(FieldSet(field))
            values[Int(field.rawValue)] = value
        }

        for (key, field) in RecordKeys.integers {
            guard let member = member(key) else { continue }
            if field.isGeneration {
                if let generation = member.generation(of: field.key, in: line) {
                    keep(field, code(of: generation, in: &batch))
                } else {
                    let isNumber = member.type == UInt8(CSJ_INT.rawValue)
                    batch.drop(field.key, isNumber ? .outOfRange : member.misfit, place)
                }
            } else if member.type == UInt8(CSJ_INT.rawValue), member.integer >= (field == .attempt ? 1 : 0) {
                keep(field, member.integer)
            } else {
                batch.drop(field.key, member.type == UInt8(CSJ_INT.rawValue) ? .outOfRange : member.misfit, place)
            }
        }
        for (key, field) in RecordKeys.numbers {
            guard let member = member(key) else { continue }
            let number: Double
            switch csj_type(UInt32(member.type)) {
            case CSJ_INT: number = Double(member.integer)
            case CSJ_UINT: number = Double(UInt64(bitPattern: member.integer))
            case CSJ_DOUBLE: number = member.number
            default:
                batch.drop(field.key, member.misfit, place)
                continue
            }
            if number >= 0, number.isFinite {
                keep(field, Int64(bitPattern: number.bitPattern))
            } else {
                batch.drop(field.key, .outOfRange, place)
            }
        }
        for (key, field) in RecordKeys.symbols {
            guard let member = member(key) else { continue }
            if member.isString {
                keep(field, Int64(interner.intern(member.bytes).index))
                if field == .role, member.equals("operator") { set.insert(.byOperator) }
                if field == .state, member.equals("unhealthy") { set.insert(.unhealthy) }
            } else {
                batch.drop(field.key, .wrongType, place)
            }
        }
        for (key, field) in RecordKeys.digests {
            guard let member = member(key) else { continue }
            if member.isString {
                keep(field, Int64(bitPattern: Digest.of(member.bytes)))
            } else {
                batch.drop(field.key, .wrongType, place)
            }
        }
        var endpoint = Symbol.none
        if let member = member(CSJ_KEY_ENDPOINT) {
            if member.isString {
                endpoint = interner.intern(member.bytes)
            } else {
                batch.drop("endpoint", .wrongType, place)
            }
        }
        var outcome = Outcome.ok
        if let member = member(CSJ_KEY_OUTCOME) {
            // What is no word is not understood: never absent, since then it would count as success.
            set.insert(.outcome)
            if member.type == UInt8(CSJ_BOOL.rawValue) {
                outcome = Outcome(name: member.integer != 0 ? "true" : "false")
            } else if !member.equals("ok") {
                outcome = member.isString ? Outcome(name: String(decoding: member.bytes, as: UTF8.self)) : .unknown
                if outcome == .unknown {
                    batch.note(.unknownOutcome, place) {
                        member.isString
                            ? LineDecoder.words(unknown: member.bytes)
                            : "outcome is not a word, so it is not understood"
                    }
                }
            }
        }
        if let member = member(CSJ_KEY_ERROR), !member.isString { batch.drop("error", .wrongType, place) }
        if let member = member(CSJ_KEY_REASON) {
            if !member.isString {
                batch.drop("reason", .wrongType, place)
            } else if member.equals("rollback") {
                set.insert(.rollback)
            }
        }

        let clock = decodeClock(member(CSJ_KEY_VC), actor: actorSymbol, set: &set, place, into: &batch)
        decodeCauses(member(CSJ_KEY_CAUSES), place, into: &batch)

        append(
            EventBatch.Row(
                time: time, actor: actorSymbol, event: eventSymbol, kind: interner.kind(of: eventSymbol, event.bytes),
                endpoint: endpoint, outcome: outcome, fields: set, counter: clock, digest: Digest.of(line),
                line: UInt32(truncatingIfNeeded: place.line), textStart: UInt32(truncatingIfNeeded: start),
                textLength: UInt32(truncatingIfNeeded: line.count)),
            into: &batch)
    }

    /// Appends the clock's entries for other actors; returns the actor's own, −1 without a usable clock.
    private mutating func decodeClock(
        _ member: csj_member?, actor: Symbol, set: inout FieldSet, _ place: LinePlace, into batch: inout EventBatch
    ) -> Int64 {
        guard let member else { return -1 }
        guard member.type == UInt8(CSJ_OBJECT.rawValue) else {
            batch.drop("vc", .wrongType, place)
            return -1
        }
        set.insert(.clock)
        clock.begin(actor, into: batch)
        if let children = csj_children(parser) {
            for i in Int(member.child)..<Int(member.child + member.child_count) {
                let entry = children[i]
                guard entry.type == UInt8(CSJ_INT.rawValue), entry.integer >= 0 else {
                    clock.isUsable = false
                    break
                }
                let name = UnsafeRawBufferPointer(start: entry.name, count: Int(entry.name_length))
                clock.add(interner.intern(name), entry.integer, into: &batch)
            }
        }
        if let own = clock.finish(into: &batch) { return own }
        set.insert(.faultyClock)
        return -1
    }

    private func decodeCauses(_ member: csj_member?, _ place: LinePlace, into batch: inout EventBatch) {
        guard let member else { return }
        guard member.type == UInt8(CSJ_ARRAY.rawValue) else { return batch.drop("causes", .wrongType, place) }
        guard let children = csj_children(parser) else { return }
        let elements = Int(member.child)..<Int(member.child + member.child_count)
        guard elements.allSatisfy({ children[$0].isString }) else { return batch.drop("causes", .wrongType, place) }
        for i in elements { batch.cause.append(Digest.of(children[i].bytes)) }
    }
}

/// Where in its batch a line stands.
struct LinePlace {
    /// From 0.
    var line: UInt64
    var byte: UInt64
}

extension EventBatch {
    /// Counts a fault; words are made for the first of its kind only.
    mutating func note(_ kind: RecordFault.Kind, _ place: LinePlace, _ detail: () -> String) {
        let count = faultCounts[kind, default: 0]
        faultCounts[kind] = count + 1
        if count == 0 { faults.append(RecordFault(kind: kind, line: place.line, byte: place.byte, detail: detail())) }
    }

    /// Counts the records of a block whose times are numbers.
    mutating func note(_ tally: UnixTimeTally) {
        for unit in UnixTime.Unit.allCases where tally.counts[unit.rawValue] > 0 {
            let first = tally.first[unit.rawValue]
            note(unit.note, first) { unit.words }
            faultCounts[unit.note, default: 1] += tally.counts[unit.rawValue] - 1
            // The judge may have met a later line before.
            guard let at = faults.firstIndex(where: { $0.kind == unit.note }), faults[at].line > first.line else {
                continue
            }
            faults[at].line = first.line
            faults[at].byte = first.byte
        }
    }

    /// Counts a field that was left out of its record.
    fileprivate mutating func drop(_ key: String, _ kind: RecordFault.Kind, _ place: LinePlace) {
        note(kind, place) {
            kind == .wrongType
                ? "\(key) is of the wrong type and was left out" : "\(key) is out of range and was left out"
        }
    }
}

extension LineDecoder {
    /// The code of a generation.
    fileprivate mutating func code(of generation: Generation, in batch: inout EventBatch) -> Int64 {
        guard var digits = generation.digitsOfLarge else { return generation.int64 ?? 0 }
        batch.hasLargeGenerations = true
        return Generation.code(of: digits.withUTF8 { interner.intern(UnsafeRawBufferPointer($0)) })
    }
}

extension csj_member {
    fileprivate var bytes: UnsafeRawBufferPointer { UnsafeRawBufferPointer(start: text, count: Int(text_length)) }

    fileprivate var isString: Bool { type == UInt8(CSJ_STRING.rawValue) }

    /// The generation that an integer of any size, or a string of decimal digits, tells; nil of anything else. The line has the digits of what
    /// the parser cannot hold.
    fileprivate func generation(of key: String, in line: UnsafeRawBufferPointer) -> Generation? {
        switch csj_type(UInt32(type)) {
        case CSJ_INT: integer >= 0 ? Generation(decimal: String(integer)) : nil
        case CSJ_UINT: Generation(decimal: String(UInt64(bitPattern: integer)))
        case CSJ_STRING: Generation(decimal: String(decoding: bytes, as: UTF8.self))
        case CSJ_DOUBLE where number >= 0x1p63: RecordMembers(Array(line)).text(key).flatMap { Generation(decimal: $0) }
        default: nil
        }
    }

    /// Whether it is a number that no 64-bit integer reaches.
    fileprivate var isBeyond64Bits: Bool {
        type == UInt8(CSJ_UINT.rawValue) || (type == UInt8(CSJ_DOUBLE.rawValue) && abs(number) >= 0x1p63)
    }

    /// How a value that is no small enough integer misses: too large, or not a number of the right kind at all.
    fileprivate var misfit: RecordFault.Kind { isBeyond64Bits ? .outOfRange : .wrongType }

    fileprivate func equals(_ word: StaticString) -> Bool {
        Int(text_length) == word.utf8CodeUnitCount
            && bytes.elementsEqual(UnsafeRawBufferPointer(start: word.utf8Start, count: word.utf8CodeUnitCount))
    }
}

private func isBlank(_ text: UnsafeRawBufferPointer) -> Bool {
    for byte in text where byte != 0x20 && byte != 0x09 && byte != 0x0D { return false }
    return true
}
