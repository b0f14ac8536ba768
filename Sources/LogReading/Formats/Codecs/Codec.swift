/// How a text becomes fields. Codecs nest: what one finds may be the text of another.
enum Codec: Sendable {
    case json
    /// `key=value key="quoted \" value"`.
    case logfmt
    /// The groups of a pattern.
    case pattern(Pattern)
    /// Texts between separators, the last one with what is left.
    case delimited(Delimited)
    /// Pairs of any spelling: `a: 1; b: 2`.
    case pairs(KeyValue)
    /// Columns by a header's or the profile's names; the index of the header in `CodecSpace`.
    case csv(CSV, Int)
    case table(Table, Int)
    /// The first of several that a text is of.
    case first([Codec])
}

/// What became of a text.
enum Decoding: Equatable {
    /// Its fields were added as a layer.
    case fields
    /// It said something to the codec alone: a table's header.
    case header
    case unreadable(Reason)

    /// Why a text is not of its codec.
    enum Reason: String, CaseIterable {
        case notJSON = "not JSON"
        case notUTF8 = "not UTF-8"
        case tooDeep = "nested too deep"
        case noPairs = "no key=value pairs"
        case unmatched = "the pattern does not match"
        case gaveUp = "the pattern took too many steps"
        case tooFew = "too few separators"
        case noHeader = "no header ahead of it"
        case otherColumns = "another number of columns than its header"
    }
}

/// What codecs need to work with, for one thread at a time.
struct CodecSpace: ~Copyable {
    /// Texts that codecs make; the decoder empties it between records.
    var scratch = ScratchText()
    let match: Pattern.Match
    private var parsers: [JSONParser] = []
    private var parsersUsed = 0
    /// The headers of tables, as they were met.
    var headers: [[UnsafeRawBufferPointer]]
    private var headerTexts: [[UInt8]]
    private let capacity: Int
    private let depth: Int

    init(groups: Int, headers: Int, _ options: ReadingOptions) {
        match = Pattern.Match(groups: groups)
        self.headers = Array(repeating: [], count: headers)
        headerTexts = Array(repeating: [], count: headers)
        capacity = options.maxLineLength + 64
        depth = options.maxDepth
    }

    deinit { for header in headers { for name in header { name.deallocate() } } }

    /// Forgets all texts and documents.
    mutating func removeAll() {
        scratch.removeAll()
        parsersUsed = 0
    }

    /// How many documents are open, to return to.
    var documents: Int {
        get { parsersUsed }
        set { parsersUsed = newValue }
    }

    /// A parser whose last document is no longer needed.
    mutating func parser() -> JSONParser? {
        if parsersUsed == parsers.count {
            guard let parser = JSONParser(capacity: capacity, depth: depth) else { return nil }
            parsers.append(parser)
        }
        parsersUsed += 1
        return parsers[parsersUsed - 1]
    }

    /// Keeps the names of a table's columns.
    mutating func setHeader(_ index: Int, _ names: [UnsafeRawBufferPointer]) {
        for name in headers[index] { name.deallocate() }
        headers[index] = names.map { name in
            let copy = UnsafeMutableRawBufferPointer.allocate(byteCount: max(1, name.count), alignment: 1)
            copy.copyBytes(from: name)
            return UnsafeRawBufferPointer(rebasing: copy[..<name.count])
        }
    }

    /// Forgets all headers.
    mutating func forgetHeaders() {
        for index in headers.indices { setHeader(index, []) }
    }
}

extension Codec {
    /// Adds the text's fields as a layer.
    /// - Parameter isPadded: whether the text is readable for `RawBlock.padding` bytes past its end.
    func decode(
        _ text: UnsafeRawBufferPointer, isPadded: Bool = false, into fields: inout RecordFields,
        _ space: inout CodecSpace
    ) -> Decoding {
        switch self {
        case .json:
            guard let parser = space.parser() else { return .unreadable(.notJSON) }
            switch parser.parse(text, isPadded: isPadded) {
            case .success(let root):
                if fields.root.isNull { fields.root = FieldValue(root) }
                fields.addLayer(root)
                return .fields
            case .failure(let fault):
                return .unreadable(fault.reason)
            }
        case .logfmt: return Logfmt.decode(text, into: &fields, &space.scratch)
        case .pattern(let pattern):
            switch pattern.match(text, space.match) {
            case .matched:
                let start = fields.pairs.count
                for group in pattern.groups {
                    if let range = space.match.range(group.number) {
                        fields.add(group.name.bytes, .text(text.part(range)))
                    }
                }
                fields.endLayer(from: start)
                return .fields
            case .unmatched: return .unreadable(.unmatched)
            case .gaveUp: return .unreadable(.gaveUp)
            }
        case .delimited(let delimited): return delimited.decode(text, into: &fields)
        case .pairs(let pairs): return pairs.decode(text, into: &fields)
        case .csv(let csv, let index): return csv.decode(text, index, into: &fields, &space)
        case .table(let table, let index): return table.decode(text, index, into: &fields, &space)
        case .first(let codecs):
            var result = Decoding.unreadable(.unmatched)
            for codec in codecs {
                let mark = fields.mark
                result = codec.decode(text, isPadded: isPadded, into: &fields, &space)
                guard case .unreadable = result else { return result }
                fields.reset(to: mark)
            }
            return result
        }
    }
}
