import CSimdjson

/// The fields of the record at hand, in layers: the record itself, then what was decoded out of its fields, innermost last.
///
/// A name is looked for from the innermost layer outwards.
struct RecordFields: ~Copyable {
    /// A field of a text codec.
    struct Pair {
        var name: UnsafeRawBufferPointer
        var value: FieldValue
    }

    /// Where the fields of a codec lie.
    enum Layer {
        /// In `pairs`.
        case pairs(Range<Int>)
        case document(csj_value)
    }

    private(set) var pairs: [Pair] = []
    private(set) var layers: [Layer] = []
    /// Of each layer the marks of its names: where a name's mark is missing, the layer need not be searched.
    private var marks: [UInt64] = []
    /// What `each` and `decode` bound, by the plan's number of the variable.
    var variables: [FieldValue?]
    /// The whole record.
    var root: FieldValue = .null

    init(variables: Int) {
        self.variables = Array(repeating: nil, count: variables)
    }

    /// Forgets the record.
    mutating func removeAll() {
        pairs.removeAll(keepingCapacity: true)
        layers.removeAll(keepingCapacity: true)
        marks.removeAll(keepingCapacity: true)
        for index in variables.indices { variables[index] = nil }
        root = .null
    }

    /// How much there is, to return to.
    var mark: (pairs: Int, layers: Int) { (pairs.count, layers.count) }

    /// Forgets the layers that were added since.
    mutating func reset(to mark: (pairs: Int, layers: Int)) {
        pairs.removeLast(pairs.count - mark.pairs)
        layers.removeLast(layers.count - mark.layers)
        marks.removeLast(marks.count - mark.layers)
    }

    @inline(__always)
    mutating func add(_ name: UnsafeRawBufferPointer, _ value: FieldValue) {
        pairs.append(Pair(name: name, value: value))
    }

    /// Makes a layer of the pairs from an index on.
    mutating func endLayer(from start: Int) {
        layers.append(.pairs(start..<pairs.count))
        var mark: UInt64 = 0
        for index in start..<pairs.count { mark |= FieldName.mark(of: pairs[index].name) }
        marks.append(mark)
    }

    mutating func addLayer(_ document: csj_value) {
        layers.append(.document(document))
        var mark: UInt64 = 0
        var members = JSONMembers(of: document)
        while let member = members.next() { if let name = member.name { mark |= FieldName.mark(of: name) } }
        marks.append(mark)
    }

    /// A field by its name, as it stands; in a document also the path that its dots describe.
    func named(_ name: FieldName) -> FieldValue? {
        var at = layers.count
        while at > 0 {
            at -= 1
            if marks[at] & name.marks == 0 { continue }
            switch layers[at] {
            case .pairs(let range):
                // The last of equal names counts.
                for index in range.reversed() where pairs[index].name.equals(name.bytes) { return pairs[index].value }
            case .document(let place):
                var found = csj_value()
                if name.find(in: place, &found) { return FieldValue(found) }
            }
        }
        return nil
    }
}

/// A field's name, in memory that stays where it is.
final class FieldName: @unchecked Sendable {
    // Unchecked: written once, in init.
    let bytes: UnsafeRawBufferPointer
    /// The parts between dots, where there is more than one.
    private let parts: [UnsafeRawBufferPointer]
    /// The marks that a layer may have which holds it: its own, and that of its first part.
    let marks: UInt64

    /// One of 64 bits that a name sets.
    @inline(__always)
    static func mark(of name: UnsafeRawBufferPointer) -> UInt64 {
        let count = name.count
        if count == 0 { return 1 }
        let mixed = Int(name[0]) &* 7 &+ Int(name[count / 2]) &* 5 &+ Int(name[count &- 1]) &* 3 &+ count
        return 1 << UInt64(mixed & 63)
    }

    init(_ name: String) {
        let memory = UnsafeMutableRawBufferPointer.allocate(byteCount: max(1, name.utf8.count), alignment: 1)
        memory.copyBytes(from: name.utf8)
        bytes = UnsafeRawBufferPointer(rebasing: memory[..<name.utf8.count])
        var parts: [UnsafeRawBufferPointer] = []
        if name.contains(".") {
            for part in bytes.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false) {
                parts.append(UnsafeRawBufferPointer(rebasing: part))
            }
        }
        self.parts = parts
        marks = FieldName.mark(of: bytes) | (parts.first.map { FieldName.mark(of: $0) } ?? 0)
    }

    deinit { bytes.deallocate() }

    var text: String { String(decoding: bytes, as: UTF8.self) }

    /// Finds the member: literally first, then nested.
    @inline(__always)
    func find(in object: csj_value, _ found: inout csj_value) -> Bool {
        if csj_find(object, bytes.characters, bytes.count, &found) { return true }
        return parts.isEmpty ? false : findNested(in: object, &found)
    }

    private func findNested(in object: csj_value, _ found: inout csj_value) -> Bool {
        var at = object
        for part in parts {
            guard csj_find(at, part.characters, part.count, &found) else { return false }
            at = found
        }
        return true
    }
}

extension UnsafeRawBufferPointer {
    /// As C has it.
    var characters: UnsafePointer<CChar>? { baseAddress?.assumingMemoryBound(to: CChar.self) }
}
