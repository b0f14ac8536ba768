import EventModel

/// Writes drafts as lines of `inquest.events/1`: what queries, reports, an index and `convert` show of a record whose source has
/// another form. The columns are not made of it.
enum EventLine {
    static func append(_ draft: borrowing Draft, _ compactor: JSONParser?, to out: inout [UInt8]) {
        guard let time = draft.time, let actor = draft.actor, let event = draft.event else { return }
        if time == Timestamp.absent.nanoseconds {
            out.append(contentsOf: #"{"ts":0"#.utf8)
        } else {
            out.append(contentsOf: #"{"ts":""#.utf8)
            out.append(contentsOf: Timestamp(nanoseconds: time).rfc3339(digits: 9).utf8)
            out.append(UInt8(ascii: "\""))
        }
        text("actor", actor, &out)
        text("event", event, &out)
        if draft.hasClock || draft.counter != nil { clock(draft, actor, &out) }
        if let endpoint = draft.endpoint { text("endpoint", endpoint, &out) }
        for field in Field.allCases where draft.fields.rawValue & field.bit != 0 {
            let at = Int(field.rawValue)
            switch RecordSchema.type(of: field) {
            case .integer where draft.large.contains(FieldSet(field)):
                number(field.key, String(decoding: draft.texts[at], as: UTF8.self), &out)
            case .integer: number(field.key, String(draft.values[at]), &out)
            case .number: number(field.key, words(Double(bitPattern: UInt64(bitPattern: draft.values[at]))), &out)
            case .symbol, .digest: text(field.key, draft.texts[at], &out)
            }
        }
        if let outcome = draft.outcome { text("outcome", outcome, &out) }
        if let error = draft.error { text("error", error, &out) }
        if let reason = draft.reason { text("reason", reason, &out) }
        if !draft.causes.isEmpty {
            key("causes", &out)
            for (index, cause) in draft.causes.enumerated() {
                out.append(index == 0 ? UInt8(ascii: "[") : UInt8(ascii: ","))
                quoted(cause, &out)
            }
            out.append(UInt8(ascii: "]"))
        }
        for other in draft.others {
            // A name that means something in our format but was not mapped must not get that meaning here.
            out.append(contentsOf: (RecordSchema.isKnown(other.name) ? #","source."# : #",""#).utf8)
            escaped(other.name, &out)
            out.append(contentsOf: "\":".utf8)
            value(other.value, compactor, &out)
        }
        out.append(UInt8(ascii: "}"))
    }

    private static func clock(_ draft: borrowing Draft, _ actor: UnsafeRawBufferPointer, _ out: inout [UInt8]) {
        key("vc", &out)
        var separator = UInt8(ascii: "{")
        for entry in draft.clock {
            out.append(separator)
            quoted(entry.name, &out)
            out.append(contentsOf: ":\(entry.count)".utf8)
            separator = UInt8(ascii: ",")
        }
        if let counter = draft.counter {
            out.append(separator)
            quoted(actor, &out)
            out.append(contentsOf: ":\(counter)".utf8)
        } else if draft.clock.isEmpty {
            out.append(UInt8(ascii: "{"))
        }
        out.append(UInt8(ascii: "}"))
    }

    private static func value(
        _ value: FieldValue, _ compactor: JSONParser?, _ out: inout [UInt8]
    ) {
        switch value {
        case .null: out.append(contentsOf: "null".utf8)
        case .bool(let bool): out.append(contentsOf: (bool ? "true" : "false").utf8)
        case .integer(let integer): out.append(contentsOf: String(integer).utf8)
        case .unsigned(let integer): out.append(contentsOf: String(integer).utf8)
        case .number(let number): out.append(contentsOf: words(number).utf8)
        case .text(let text): quoted(text, &out)
        case .document(let place): out.append(contentsOf: compactor?.compact(place) ?? [])
        }
    }

    /// The shortest digits that are the number; whole ones without a fraction.
    static func words(_ number: Double) -> String {
        if !number.isFinite { return "null" }
        if number == number.rounded(), abs(number) < 1e15 { return String(Int64(number)) }
        return String(number)
    }

    private static func key(_ key: String, _ out: inout [UInt8]) {
        out.append(contentsOf: ",\"".utf8)
        out.append(contentsOf: key.utf8)
        out.append(contentsOf: "\":".utf8)
    }

    private static func number(_ name: String, _ digits: String, _ out: inout [UInt8]) {
        key(name, &out)
        out.append(contentsOf: digits.utf8)
    }

    private static func text(_ name: String, _ text: UnsafeRawBufferPointer, _ out: inout [UInt8]) {
        key(name, &out)
        quoted(text, &out)
    }

    static func quoted(_ text: UnsafeRawBufferPointer, _ out: inout [UInt8]) {
        out.append(UInt8(ascii: "\""))
        escaped(text, &out)
        out.append(UInt8(ascii: "\""))
    }

    private static let digits = Array("0123456789abcdef".utf8)

    /// Text as JSON has it: what is not UTF-8 becomes U+FFFD.
    private static func escaped(_ text: UnsafeRawBufferPointer, _ out: inout [UInt8]) {
        if text.allSatisfy({ $0 >= 0x20 && $0 < 0x80 && $0 != UInt8(ascii: "\"") && $0 != UInt8(ascii: "\\") }) {
            out.append(contentsOf: text)
            return
        }
        for byte in String(decoding: text, as: UTF8.self).utf8 {
            switch byte {
            case UInt8(ascii: "\""), UInt8(ascii: "\\"):
                out.append(UInt8(ascii: "\\"))
                out.append(byte)
            case 0x0A: out.append(contentsOf: "\\n".utf8)
            case 0x09: out.append(contentsOf: "\\t".utf8)
            case 0x0D: out.append(contentsOf: "\\r".utf8)
            case 0..<0x20:
                out.append(contentsOf: "\\u00".utf8)
                out.append(digits[Int(byte >> 4)])
                out.append(digits[Int(byte & 15)])
            default: out.append(byte)
            }
        }
    }
}
