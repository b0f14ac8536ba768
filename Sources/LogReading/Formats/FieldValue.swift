import CSimdjson

/// A value of a record as its codec found it. Texts and documents stay valid until the decoder turns to the next record.
enum FieldValue {
    case null
    case bool(Bool)
    case integer(Int64)
    case unsigned(UInt64)
    case number(Double)
    case text(UnsafeRawBufferPointer)
    /// An array or an object of a parsed document.
    case document(csj_value)

    /// The value at a place of a parsed document.
    init(_ place: csj_value) {
        var member = csj_member()
        csj_read(place, &member)
        switch csj_type(UInt32(member.type)) {
        case CSJ_NULL: self = .null
        case CSJ_BOOL: self = .bool(member.integer != 0)
        case CSJ_INT: self = .integer(member.integer)
        case CSJ_UINT: self = .unsigned(UInt64(bitPattern: member.integer))
        case CSJ_DOUBLE: self = .number(member.number)
        case CSJ_STRING: self = .text(UnsafeRawBufferPointer(start: member.text, count: Int(member.text_length)))
        default: self = .document(place)
        }
    }

    var isNull: Bool { if case .null = self { true } else { false } }

    /// The array or object that it is.
    var place: csj_value? { if case .document(let place) = self { place } else { nil } }

    /// What OTLP's `{"intValue": "7"}` holds; any other value is itself. Such a value is an object of one member.
    var unwrapped: FieldValue {
        guard case .document(let place) = self else { return self }
        var members = JSONMembers(of: place)
        guard let (name, held) = members.next(), let key = name, members.next() == nil else { return self }
        if key.equals("stringValue") || key.equals("boolValue") { return FieldValue(held) }
        if key.equals("intValue") || key.equals("doubleValue") { return FieldValue(held).asNumber }
        if key.equals("arrayValue") || key.equals("kvlistValue") {
            var values = csj_value()
            return csj_find(held, "values", 6, &values) ? FieldValue(values) : .null
        }
        return key.equals("bytesValue") ? FieldValue(held) : self
    }

    /// A text of a number as that number: 64-bit integers of OTLP come as strings.
    private var asNumber: FieldValue {
        guard case .text(let text) = self else { return self }
        let digits = String(decoding: text.prefix(40), as: UTF8.self)
        if let integer = Int64(digits) { return .integer(integer) }
        return Double(digits).map { .number($0) } ?? self
    }
}

extension UnsafeRawBufferPointer {
    /// A part of it.
    @inline(__always)
    func part(_ range: Range<Int>) -> UnsafeRawBufferPointer { UnsafeRawBufferPointer(rebasing: self[range]) }

    @inline(__always)
    func part(from start: Int) -> UnsafeRawBufferPointer { UnsafeRawBufferPointer(rebasing: self[start...]) }

    /// Without the blanks at both ends.
    var trimmed: UnsafeRawBufferPointer {
        var (start, end) = (0, count)
        while start < end, self[start].isBlankByte { start += 1 }
        while end > start, self[end - 1].isBlankByte { end -= 1 }
        return part(start..<end)
    }
}

extension UInt8 {
    /// A blank, a tab, or a line end.
    var isBlankByte: Bool { self == 0x20 || (self >= 0x09 && self <= 0x0D) }

    var isDigitByte: Bool { self &- 0x30 < 10 }
}
