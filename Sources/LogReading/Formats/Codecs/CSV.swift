/// Comma-separated values by RFC 4180, one record a line; the first line names the columns unless the profile does. A cell with
/// nothing in it, not even quotes, is no field.
struct CSV: Sendable {
    let separator: UInt8
    /// Nil: the first line is the header.
    let names: [FieldName]?

    func decode(
        _ text: UnsafeRawBufferPointer, _ index: Int, into fields: inout RecordFields, _ space: inout CodecSpace
    ) -> Decoding {
        let start = fields.pairs.count
        var column = 0
        var at = 0
        var cells: [UnsafeRawBufferPointer] = []
        let isHeader = names == nil && space.headers[index].isEmpty
        while at <= text.count {
            let isQuoted = at < text.count && text[at] == UInt8(ascii: "\"")
            let cell = cell(text, &at, &space.scratch)
            let isGiven = isQuoted || !cell.isEmpty
            if isHeader {
                cells.append(cell.trimmed)
            } else if let names {
                if column < names.count, isGiven { fields.add(names[column].bytes, .text(cell)) }
            } else if column < space.headers[index].count, isGiven {
                fields.add(space.headers[index][column], .text(cell))
            }
            column += 1
        }
        if isHeader {
            space.setHeader(index, cells)
            return .header
        }
        // The header again, as in files that were put together.
        if names == nil, isHeaderAgain(fields.pairs[start...]) { return .header }
        guard column == names?.count ?? space.headers[index].count else { return .unreadable(.otherColumns) }
        fields.endLayer(from: start)
        return .fields
    }

    private func isHeaderAgain(_ pairs: ArraySlice<RecordFields.Pair>) -> Bool {
        !pairs.isEmpty
            && pairs.allSatisfy { pair in
                if case .text(let text) = pair.value { text.equals(pair.name) } else { false }
            }
    }

    /// The cell that begins at `at`, which then stands behind its separator.
    private func cell(
        _ text: UnsafeRawBufferPointer, _ at: inout Int, _ scratch: inout ScratchText
    ) -> UnsafeRawBufferPointer {
        if at < text.count, text[at] == UInt8(ascii: "\"") {
            at += 1
            let start = at
            var hasQuotes = false
            while at < text.count {
                if text[at] == UInt8(ascii: "\"") {
                    if at + 1 < text.count, text[at + 1] == UInt8(ascii: "\"") {
                        hasQuotes = true
                        at += 1
                    } else {
                        break
                    }
                }
                at += 1
            }
            let raw = text.part(start..<min(at, text.count))
            while at < text.count, text[at] != separator { at += 1 }
            at += 1
            return hasQuotes ? withoutDoubledQuotes(raw, &scratch) : raw
        }
        let start = at
        while at < text.count, text[at] != separator { at += 1 }
        let end = at
        at += 1
        return text.part(start..<end)
    }

    private func withoutDoubledQuotes(
        _ raw: UnsafeRawBufferPointer, _ scratch: inout ScratchText
    ) -> UnsafeRawBufferPointer {
        scratch.begin()
        var at = 0
        while at < raw.count {
            scratch.append(raw[at])
            at += raw[at] == UInt8(ascii: "\"") ? 2 : 1
        }
        return scratch.end()
    }
}

/// A table as a command prints it: a header of names, then a line a row, cells apart by blanks. `-` is an empty cell.
struct Table: Sendable {
    /// Names that a line must hold, all of them, to be a header.
    let names: [FieldName]

    func decode(
        _ text: UnsafeRawBufferPointer, _ index: Int, into fields: inout RecordFields, _ space: inout CodecSpace
    ) -> Decoding {
        let start = fields.pairs.count
        let cells = text.split(whereSeparator: \.isBlankByte).map { UnsafeRawBufferPointer(rebasing: $0) }
        if names.allSatisfy({ name in cells.contains { $0.equals(name.bytes) } }) {
            space.setHeader(index, cells)
            return .header
        }
        if space.headers[index].isEmpty { return .unreadable(.noHeader) }
        guard cells.count == space.headers[index].count else { return .unreadable(.otherColumns) }
        for (name, cell) in zip(space.headers[index], cells) where !(cell.count == 1 && cell[0] == UInt8(ascii: "-")) {
            fields.add(name, .text(cell))
        }
        fields.endLayer(from: start)
        return .fields
    }
}
