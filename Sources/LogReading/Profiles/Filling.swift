import CSimdjson
import EventModel

/// Filling a draft's fields in by a plan's assignments.
extension RecordMaker {
    /// Why a record makes no event.
    struct Refusal {
        var kind: RecordFault.Kind
        var words: String
    }

    /// Assigns all fields; says which of the three is missing without which there is no event.
    mutating func fill(
        _ assignments: [Plan.Assignment], _ place: LinePlace, into batch: inout EventBatch
    ) -> Refusal? {
        for assignment in assignments {
            if case .time = assignment.target {
                if let refusal = assignTime(assignment, place, into: &batch) { return refusal }
            } else if let misfit = assign(assignment) {
                batch.note(misfit, place) {
                    misfit == .wrongType
                        ? "\(assignment.target.name) is of the wrong type and was left out"
                        : "\(assignment.target.name) is out of range and was left out"
                }
            }
        }
        if draft.time == nil { return Refusal(kind: .missingField, words: "no field holds ts") }
        if draft.actor?.isEmpty ?? true { return Refusal(kind: .missingField, words: "no field holds actor") }
        if draft.event?.isEmpty ?? true { return Refusal(kind: .missingField, words: "no field holds event") }
        return nil
    }

    /// Tells of each field which of its candidates gave the value.
    mutating func tell(_ assignments: [Plan.Assignment]) {
        for assignment in assignments {
            let name = assignment.target.name
            if case .time = assignment.target {
                for rule in assignment.time {
                    guard let reading = evaluation.time([rule]) else { continue }
                    let value = reading.nanoseconds.map { Timestamp(nanoseconds: $0).rfc3339() } ?? "not a time"
                    traced?.lines.append("\(name)  from \(rule.words): \(value)")
                    break
                }
                continue
            }
            for candidate in assignment.candidates {
                guard let value = evaluation.value(candidate) else { continue }
                let text =
                    evaluation.validText(value).map { String(decoding: $0, as: UTF8.self) } ?? "an object or a list"
                traced?.lines.append("\(name)  from \(candidate.words): \(text)")
                break
            }
        }
    }

    private mutating func assignTime(
        _ assignment: Plan.Assignment, _ place: LinePlace, into batch: inout EventBatch
    ) -> Refusal? {
        switch evaluation.time(assignment.time) {
        case .time(let time): draft.time = time
        case .absent:
            draft.time = Timestamp.absent.nanoseconds
            batch.note(.noTime, place) { "ts is a placeholder, not a time" }
        case .untold: draft.time = Timestamp.absent.nanoseconds
        case .withoutZone: return Refusal(kind: .timeWithoutZone, words: "ts has no zone")
        case .withoutYear: return Refusal(kind: .timeWithoutYear, words: "ts has no year")
        case .invalid:
            return Refusal(kind: .badTime, words: "ts is not a time of the form that the profile \(plan.name) names")
        case nil: break
        }
        return nil
    }

    /// Assigns one field; says how its value misses where it cannot be that field's.
    @discardableResult
    mutating func assign(_ assignment: Plan.Assignment) -> RecordFault.Kind? {
        if case .clock = assignment.target { return assignClock(assignment.candidates) }
        if case .causes = assignment.target { return assignCauses(assignment.candidates) }
        if case .other = assignment.target, !keepsText { return nil }
        guard let value = evaluation.value(assignment.candidates) else { return nil }
        switch assignment.target {
        case .time, .clock, .causes: return nil
        case .counter:
            guard let count = evaluation.integer(value), count >= 0 else { return .wrongType }
            draft.counter = count
        case .field(let field): return assign(field, value)
        case .other(let name): draft.others.append((name.bytes, value))
        case .actor: draft.actor = evaluation.validText(value)
        case .event: draft.event = evaluation.validText(value)
        case .endpoint: draft.endpoint = evaluation.validText(value)
        case .outcome: draft.outcome = evaluation.validText(value)
        case .error: draft.error = evaluation.validText(value)
        case .reason: draft.reason = evaluation.validText(value)
        }
        return nil
    }

    private mutating func assign(_ field: Field, _ value: FieldValue) -> RecordFault.Kind? {
        switch RecordSchema.type(of: field) {
        case .integer:
            if field.isGeneration, let digits = evaluation.digitsOfLarge(value) {
                draft.set(large: field, digits)
                return nil
            }
            guard let integer = evaluation.integer(value) else {
                if case .unsigned = value { return .outOfRange }
                return .wrongType
            }
            if integer < (field == .attempt ? 1 : 0) { return .outOfRange }
            draft.set(field, integer)
        case .number:
            guard let number = evaluation.number(value) else { return .wrongType }
            if number < 0 || !number.isFinite { return .outOfRange }
            draft.set(field, Int64(bitPattern: number.bitPattern))
        case .symbol, .digest:
            guard let text = evaluation.validText(value) else { return .wrongType }
            draft.set(field, text)
        }
        return nil
    }

    /// A clock: an object of counts, or a text that is one.
    private mutating func assignClock(_ candidates: [Candidate]) -> RecordFault.Kind? {
        guard let value = evaluation.value(candidates) else { return nil }
        var object = value.place
        if object == nil, case .text(let text) = value {
            object = evaluation.document(text)
        }
        guard let object else { return .wrongType }
        draft.hasClock = true
        for (name, entry) in JSONMembers(of: object) {
            guard let name, let count = evaluation.integer(FieldValue(entry)), count >= 0 else { return .wrongType }
            draft.clock.append((name, count))
        }
        return nil
    }

    private mutating func assignCauses(_ candidates: [Candidate]) -> RecordFault.Kind? {
        for candidate in candidates {
            guard let value = evaluation.value(candidate) else { continue }
            guard let list = value.place else {
                if let text = evaluation.validText(value), !text.isEmpty { draft.causes.append(text) }
                continue
            }
            for (_, element) in JSONMembers(of: list) {
                if let text = evaluation.validText(FieldValue(element).unwrapped) { draft.causes.append(text) }
            }
        }
        return nil
    }

    /// Keeps the source's own fields beside ours, as the plan says; of equal names the innermost.
    mutating func keepOthers() {
        switch plan.parts.keep {
        case .none: return
        case .names(let names):
            for name in names {
                if let value = evaluation.fields.named(name), !value.isNull { draft.others.append((name.bytes, value)) }
            }
            return
        case .scalars, .all: break
        }
        for layer in evaluation.fields.layers.reversed() {
            switch layer {
            case .pairs(let range):
                for pair in evaluation.fields.pairs[range] { keep(pair.name, pair.value) }
            case .document(let place):
                for (name, member) in JSONMembers(of: place) {
                    if let name { keep(name, FieldValue(member)) }
                }
            }
        }
    }

    private mutating func keep(_ name: UnsafeRawBufferPointer, _ value: FieldValue) {
        if name.isEmpty || name[0] == UInt8(ascii: "@") && names.isOwn(name) || value.isNull { return }
        if case .document = value, case .scalars = plan.parts.keep { return }
        if plan.parts.drops.contains(where: { name.elementsEqual($0.utf8) }) { return }
        if draft.others.contains(where: { $0.name.equals(name) }) || isAssigned(name, value) { return }
        draft.others.append((name, value))
    }

    /// Whether one of our fields has the name, and the very value: it would be said twice.
    private func isAssigned(_ name: UnsafeRawBufferPointer, _ value: FieldValue) -> Bool {
        guard RecordSchema.isKnown(name) else { return false }
        if case .text(let text) = value {
            for own in [draft.actor, draft.event, draft.endpoint, draft.outcome, draft.error, draft.reason] {
                if let own, own.equals(text) { return true }
            }
        }
        return RecordSchema.field(String(decoding: name, as: UTF8.self)).map { draft.fields.contains(FieldSet($0)) }
            ?? false
    }
}

extension Plan.Target {
    /// The field's key.
    var name: String {
        switch self {
        case .time: "ts"
        case .actor: "actor"
        case .event: "event"
        case .endpoint: "endpoint"
        case .outcome: "outcome"
        case .error: "error"
        case .reason: "reason"
        case .clock, .counter: "vc"
        case .causes: "causes"
        case .field(let field): field.key
        case .other(let name): name.text
        }
    }
}
