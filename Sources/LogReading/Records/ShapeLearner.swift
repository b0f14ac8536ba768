import CPrefetch
import CSimdjson
import EventModel

/// Takes an ordinary line apart into the constants and variables of its shape.
///
/// Names that recur (of actors, events, queues) are constants; what differs from line to line are variables: times, counts, numbers, endpoints,
/// names of single things, and text that means nothing.
struct ShapeLearner {
    private let keys: [String: KeyTable.Key]
    private let line: UnsafeRawBufferPointer
    private var at = 0
    /// Where the constant begins that is not ended yet.
    private var begin = 0
    private(set) var tokens: [LineShapes.Token] = []
    /// By a variable's number, its field.
    private(set) var variables: [Field] = []

    /// - Parameter line: one that `FastScanner` has read, with its end.
    init(_ line: UnsafeRawBufferPointer, _ keys: [String: KeyTable.Key]) {
        self.line = line
        self.keys = keys
    }

    /// Takes the line apart; false where it holds what no shape has.
    mutating func run() -> Bool {
        at = 1
        while true {
            guard let key = takeKey(), takeValue(keys[key] ?? KeyTable.Key()) else { return false }
            if line[at] != UInt8(ascii: ",") { break }
            at += line[at + 1] == UInt8(ascii: " ") ? 2 : 1
        }
        at += 2
        if at != line.count { return false }
        end(.end)
        return true
    }

    private mutating func takeKey() -> String? {
        guard line[at] == UInt8(ascii: "\"") else { return nil }
        let name = at + 1..<at + 1 + plainLength(at + 1)
        at = name.upperBound + 2
        if line[at] == UInt8(ascii: " ") { at += 1 }
        return String(decoding: line[name], as: UTF8.self)
    }

    private mutating func takeValue(_ key: KeyTable.Key) -> Bool {
        switch line[at] {
        case UInt8(ascii: "\""):
            at += 1
            let length = plainLength(at)
            if let slot = slot(ofText: key) {
                end(slot)
                if slot == .digest { variables.append(key.field) }
                begin = at + length
            }
            at += length + 1
            return true
        case UInt8(ascii: "{"):
            at += 1
            while true {
                guard takeKey() != nil else { return false }
                takeDigits(.entry)
                if line[at] != UInt8(ascii: ",") { break }
                at += line[at + 1] == UInt8(ascii: " ") ? 2 : 1
            }
            at += 1
            return true
        case UInt8(ascii: "t"), UInt8(ascii: "f"), UInt8(ascii: "n"):
            while line[at] >= UInt8(ascii: "a"), line[at] <= UInt8(ascii: "z") { at += 1 }
            return true
        default:
            if line[at] == UInt8(ascii: "-") { at += 1 }
            switch key.form {
            case .integer: takeDigits(key.field == .attempt ? .ordinal : .integer, key.field)
            case .number: takeDigits(.number, key.field)
            case .time: takeDigits(.count)
            case .unknown: takeDigits(.anyNumber)
            case .text, .clock, .other: return false
            }
            return true
        }
    }

    /// What stands in the text of a key; nil where that is a constant.
    private func slot(ofText key: KeyTable.Key) -> LineShapes.Slot? {
        if key.form == .time { return .time }
        if key.bit == 0 || key.isNamed(CSJ_KEY_ERROR) { return .text }
        if key.isNamed(CSJ_KEY_ENDPOINT) { return .endpoint }
        if key.isNamed(CSJ_KEY_REASON) { return .reason }
        return key.fieldBit != 0 && (key.field == .id || key.field == .item) ? .digest : nil
    }

    /// Ends the constant with a number, which a variable stands for.
    private mutating func takeDigits(_ slot: LineShapes.Slot, _ field: Field? = nil) {
        end(slot)
        if let field { variables.append(field) }
        while line[at] == UInt8(ascii: ".") || (line[at] >= 0x30 && line[at] <= 0x39) { at += 1 }
        begin = at
    }

    private mutating func end(_ slot: LineShapes.Slot) {
        tokens.append(LineShapes.Token(constant: begin..<at, slot: slot))
        begin = at
    }

    private func plainLength(_ start: Int) -> Int {
        guard let base = line.baseAddress else { return 0 }
        return plain_length((base + start).assumingMemoryBound(to: UInt8.self))
    }
}
