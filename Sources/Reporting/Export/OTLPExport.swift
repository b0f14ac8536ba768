import EventModel

/// Writes records as OpenTelemetry's logs in JSON (OTLP), one object a line, in the order in which they come. Records of one actor that follow
/// each other share a resource.
///
/// Every field becomes an attribute of its own name, so that the profile otlp-logs makes the same events of them. Fields of one's own that
/// are objects or lists become values of that kind.
package struct OTLPExport {
    private var actor: ArraySlice<UInt8> = []
    private var records: [UInt8] = []
    private var count = 0

    /// How many records stand in a line at most.
    private static let most = 256

    package init() {}

    /// Takes a record's line of `inquest.events/1`; what is complete is appended.
    /// - Parameter time: the record's time, in nanoseconds since 1970; 0 where it has none.
    package mutating func add(_ line: [UInt8], at time: Timestamp, to output: inout [UInt8]) {
        let members = RecordMembers(line).members
        let own = members.first { $0.key == "actor" }?.value ?? []
        if count == Self.most || own != actor { finish(to: &output) }
        actor = own
        if count > 0 { records.append(UInt8(ascii: ",")) }
        count += 1
        records += #"{"timeUnixNano":"\#(time.isAbsent ? 0 : time.nanoseconds)""#.utf8
        var attributes: [UInt8] = []
        for (key, value) in members {
            switch key {
            case "ts", "actor": continue
            case "event": records += Array(#","eventName":"#.utf8) + value
            case "message" where value.first == UInt8(ascii: "\""):
                records += Array(#","body":{"stringValue":"#.utf8) + value + [UInt8(ascii: "}")]
            case "level" where value.first == UInt8(ascii: "\""): records += Array(#","severityText":"#.utf8) + value
            case "traceId", "spanId": records += Array(#","\#(key)":"#.utf8) + value
            case "vc":
                // A count may be any integer; as a text it stays what it is.
                Self.append(key, text: String(decoding: value, as: UTF8.self), to: &attributes)
            default: Self.append(key, value, to: &attributes)
            }
        }
        if !attributes.isEmpty { records += Array(#","attributes":["#.utf8) + attributes + [UInt8(ascii: "]")] }
        records.append(UInt8(ascii: "}"))
    }

    /// Appends what was taken and has not been written.
    package mutating func finish(to output: inout [UInt8]) {
        if count == 0 { return }
        output += #"{"resourceLogs":[{"resource":{"attributes":[{"key":"service.name","value":{"stringValue":"#.utf8
        output += actor
        output += #"}}]},"scopeLogs":[{"scope":{"name":"inquest"},"logRecords":["#.utf8
        output += records
        output += "]}]}]}\n".utf8
        records.removeAll(keepingCapacity: true)
        count = 0
    }

    private static func append(_ key: String, text: String, to output: inout [UInt8]) {
        var json: [UInt8] = []
        quote(text, to: &json)
        append(key, json[...], to: &output)
    }

    private static func append(_ key: String, _ value: ArraySlice<UInt8>, to output: inout [UInt8]) {
        if value.elementsEqual("null".utf8) { return }
        if !output.isEmpty { output.append(UInt8(ascii: ",")) }
        output += #"{"key":"#.utf8
        quote(key, to: &output)
        output += #","value":"#.utf8
        output += OTLPValue.of(value)
        output.append(UInt8(ascii: "}"))
    }

    private static func quote(_ text: String, to output: inout [UInt8]) {
        var json = JSONWriter()
        json.value(text)
        json.drain { output += $0 }
    }
}

extension OTLPExport: EventExport {
    package mutating func begin(_ output: inout [UInt8]) {}
    package mutating func end(_ output: inout [UInt8]) { finish(to: &output) }

    package mutating func add(_ event: ExportEvent, in order: ExportOrder, _ output: inout [UInt8]) {
        add(event.row.raw, at: event.row.time, to: &output)
    }
}

/// A JSON value as OTLP's AnyValue.
enum OTLPValue {
    static func of(_ value: ArraySlice<UInt8>) -> [UInt8] {
        switch value.first {
        case UInt8(ascii: "\""): return Array(#"{"stringValue":"#.utf8) + value + [UInt8(ascii: "}")]
        case UInt8(ascii: "t"), UInt8(ascii: "f"):
            return Array(#"{"boolValue":"#.utf8) + value + [UInt8(ascii: "}")]
        case UInt8(ascii: "["):
            return Array(#"{"arrayValue":{"values":["#.utf8) + joined(elements(of: value).map(of)) + Array("]}}".utf8)
        case UInt8(ascii: "{"):
            let pairs = RecordMembers(Array(value)).members.map { key, value in
                var json = JSONWriter()
                json.value(key)
                var pair = Array(#"{"key":"#.utf8)
                json.drain { pair += $0 }
                return pair + Array(#","value":"#.utf8) + of(value) + [UInt8(ascii: "}")]
            }
            return Array(#"{"kvlistValue":{"values":["#.utf8) + joined(pairs) + Array("]}}".utf8)
        default: return number(value)
        }
    }

    /// 64-bit integers are texts in OTLP's JSON; larger ones have no kind of their own there.
    private static func number(_ value: ArraySlice<UInt8>) -> [UInt8] {
        let digits = String(decoding: value, as: UTF8.self)
        if Int64(digits) != nil { return Array(#"{"intValue":"\#(digits)"}"#.utf8) }
        let isWhole = digits.utf8.allSatisfy { (0x30...0x39).contains($0) }
        if isWhole { return Array(#"{"stringValue":"\#(digits)"}"#.utf8) }
        return Array(#"{"doubleValue":\#(digits)}"#.utf8)
    }

    private static func joined(_ parts: [[UInt8]]) -> [UInt8] { Array(parts.joined(separator: [UInt8(ascii: ",")])) }

    /// The elements of an array, as they stand in it.
    private static func elements(of array: ArraySlice<UInt8>) -> [ArraySlice<UInt8>] {
        var result: [ArraySlice<UInt8>] = []
        var (depth, start, isText, isEscaped) = (0, array.startIndex + 1, false, false)
        for at in array.indices.dropFirst() {
            let byte = array[at]
            if isText {
                if byte == UInt8(ascii: "\""), !isEscaped { isText = false }
                isEscaped = byte == UInt8(ascii: "\\") && !isEscaped
                continue
            }
            switch byte {
            case UInt8(ascii: "\""): isText = true
            case UInt8(ascii: "["), UInt8(ascii: "{"): depth += 1
            case UInt8(ascii: "]"), UInt8(ascii: "}"), UInt8(ascii: ","):
                if depth == 0 {
                    let element = array[start..<at].trimmingBlanks
                    if !element.isEmpty { result.append(element) }
                    start = at + 1
                }
                if byte != UInt8(ascii: ",") { depth -= 1 }
            default: break
            }
        }
        return result
    }
}

extension ArraySlice<UInt8> {
    fileprivate var trimmingBlanks: ArraySlice<UInt8> {
        let isBlank: (UInt8) -> Bool = { $0 == 0x20 || ($0 >= 0x09 && $0 <= 0x0D) }
        guard let last = lastIndex(where: { !isBlank($0) }) else { return [] }
        return self[...last].drop(while: isBlank)
    }
}
