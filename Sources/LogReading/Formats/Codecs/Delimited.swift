/// Texts between separators: `time|number|module|level|message`. The last one is what is left, separators and all.
struct Delimited: Sendable {
    let separator: [UInt8]
    /// Nil for a part that nobody wants.
    let names: [FieldName?]

    func decode(_ text: UnsafeRawBufferPointer, into fields: inout RecordFields) -> Decoding {
        let start = fields.pairs.count
        var at = 0
        for (index, name) in names.enumerated() {
            var end = text.count
            if index < names.count - 1 {
                guard let found = separator.first(in: text, from: at) else { return .unreadable(.tooFew) }
                end = found
            }
            if let name { fields.add(name.bytes, .text(text.part(at..<end).trimmed)) }
            at = min(end + separator.count, text.count)
        }
        fields.endLayer(from: start)
        return .fields
    }
}

/// Pairs with separators of their own: `a: 1; b: 2`.
struct KeyValue: Sendable {
    let between: [UInt8]
    let assign: [UInt8]

    func decode(_ text: UnsafeRawBufferPointer, into fields: inout RecordFields) -> Decoding {
        let start = fields.pairs.count
        var at = 0
        while at <= text.count {
            let end = between.first(in: text, from: at) ?? text.count
            if let sign = assign.first(in: text, from: at), sign < end {
                let name = text.part(at..<sign).trimmed
                if name.count > 0 { fields.add(name, .text(text.part(sign + assign.count..<end).trimmed)) }
            }
            at = end + max(1, between.count)
        }
        if fields.pairs.count == start { return .unreadable(.noPairs) }
        fields.endLayer(from: start)
        return .fields
    }
}

extension [UInt8] {
    /// Where these bytes stand first in a text.
    func first(in text: UnsafeRawBufferPointer, from start: Int) -> Int? {
        guard let head = first, start + count <= text.count else { return nil }
        var at = start
        while at + count <= text.count {
            if text[at] == head, text[at..<at + count].elementsEqual(self) { return at }
            at += 1
        }
        return nil
    }
}
