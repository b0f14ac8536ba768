import CSimdjson
import EventModel
import Glibc

/// Decodes one line after the other, by section 2 of EVENTS.md: those of a known shape by `LineShapes`, other ordinary ones by `FastScanner`,
/// and all others by `judge`.
///
/// Everything that changes from line to line is in here, and is handed through a block as one `inout`.
struct LineDecoder: ~Copyable {
    var interner: Interner
    let parser: OpaquePointer
    let maxDepth: Int
    let maxLine: Int
    let padding = csj_padding()
    var times: TimeReader
    private var shapes = LineShapes()
    private var scanner = FastScanner()
    private let keyOfField = RecordKeys.ofField
    private let keys = Dictionary(uniqueKeysWithValues: RecordKeys.fast.map { ($0.name, $0.key) })
    var clock = ClockIntake()
    private var unixTimes = UnixTimeTally()
    /// Of the line at hand; a test of what is read of it fills it with noise first.
    var index = ByteIndex()

    /// The members of the line at hand by key: the last one wins.
    var slots: [Int] = Array(repeating: -1, count: Int(CSJ_KEY_COUNT.rawValue))
    /// Bytes of `{"ts":1,"actor":"","event":""}` and a line end.
    private static let shortestRecord = 32
    /// How many events the block before had: its neighbour has about as many.
    private var eventsOfLast = 256
    /// The values of the line at hand by field.
    var values: [Int64] = Array(repeating: 0, count: Field.allCases.count)
    /// The endpoints of the line before the last, and of the last. There are many, far apart in memory: each has a line's time to come near
    /// before it is compared.
    private var postponed = (PostponedEndpoint(), PostponedEndpoint())

    private struct PostponedEndpoint {
        /// −1 for none.
        var row = -1
        var name = UnsafeRawBufferPointer(start: nil, count: 0)
        var search = Interner.Search()
    }

    /// Takes a parser over.
    init(_ parser: OpaquePointer, _ options: ReadingOptions) {
        self.parser = parser
        interner = Interner(limit: options.namesRemembered)
        maxDepth = options.maxDepth
        maxLine = options.maxLineLength
        times = TimeReader(assumedZone: options.assumedZone)
    }

    deinit {
        csj_destroy(parser)
    }

    /// What the symbols of the batch to come stand for.
    mutating func freshSymbols() -> LocalSymbols {
        if interner.isFull {
            interner.forget()
            scanner.names.forgetSymbols()
            shapes.forget()
        }
        return interner.symbols
    }

    /// Decodes lines, of which the last has an end, and which are readable for `padding` bytes past it.
    mutating func decode(_ lines: UnsafeRawBufferPointer, ofLength used: Int, into batch: inout EventBatch) {
        batch.reserve(min(eventsOfLast + eventsOfLast / 8, used / LineDecoder.shortestRecord + 1))
        guard let base = lines.baseAddress else { return }
        let bytes = base.assumingMemoryBound(to: UInt8.self)
        // The clock is one level deep; only whoever allows less has to ask the judge.
        let isFast = maxDepth >= 2
        var start = 0
        var line: UInt32 = 0
        while start < used {
            if isFast, let (leaf, length) = shapes.match(bytes + start, &times), length <= maxLine {
                take(leaf, bytes + start, length, at: start, line: line, into: &batch)
                start &+= length &+ 1
            } else {
                start = decodeLine(lines, from: start, line: line, isFast: isFast, into: &batch)
            }
            line &+= 1
        }
        postpone(PostponedEndpoint(), into: &batch)
        postpone(PostponedEndpoint(), into: &batch)
        batch.note(unixTimes)
        unixTimes.removeAll()
        batch.lineCount = UInt64(line)
        eventsOfLast = batch.count
    }

    /// Decodes a line of no known shape; returns where the next one begins.
    @inline(never)
    private mutating func decodeLine(
        _ lines: UnsafeRawBufferPointer, from start: Int, line number: UInt32, isFast: Bool,
        into batch: inout EventBatch
    ) -> Int {
        guard let base = lines.baseAddress, let found = memchr(base + start, 0x0A, lines.count - start) else {
            return lines.count
        }
        let end = UnsafeRawPointer(found) - base
        let line = UnsafeRawBufferPointer(rebasing: lines[start..<end])
        if isFast {
            let whole = UnsafeRawBufferPointer(rebasing: lines[start...end])
            let bytes = (base + start).assumingMemoryBound(to: UInt8.self)
            index.build(whole)
            if scanner.scan(bytes, from: 0, UnsafePointer(index.places), 0) != nil,
                take(line, bytes, at: start, line: number, into: &batch)
            {
                if shapes.learnsMore { learn(whole, batch) }
                return end &+ 1
            }
        }
        judge(line, at: start, line: number, into: &batch)
        return end &+ 1
    }

    /// Learns the shape of the line that was taken last.
    private mutating func learn(_ line: UnsafeRawBufferPointer, _ batch: borrowing EventBatch) {
        let row = batch.count - 1
        var learner = ShapeLearner(line, keys)
        let isWhole = !batch.fields[row].contains(.faultyClock) && batch.outcome[row] != .unknown
        guard isWhole, learner.run() else { return }
        var leaf = LineShapes.Leaf(
            actor: batch.actor[row], event: batch.event[row], kind: batch.kind[row], outcome: batch.outcome[row],
            fields: batch.fields[row].subtracting(.rollback), hasEndpoint: scanner.has(CSJ_KEY_ENDPOINT))
        var entries: [Symbol] = []
        for at in 0..<scanner.clock.count {
            let entry = scanner.clock[at]
            let text = (line.baseAddress ?? UnsafeRawPointer(scanner.texts)).assumingMemoryBound(to: UInt8.self)
            let name = interner.intern(LineDecoder.buffer(entry.name, text))
            if name == leaf.actor { leaf.own = Int32(at) }
            entries.append(name)
        }
        // Of two entries for one actor the last counts.
        if Set(entries).count < entries.count { return }
        var sources: [LineShapes.Source] = []
        for field in Field.allCases where leaf.fields.rawValue & field.bit != 0 {
            if let variable = learner.variables.firstIndex(of: field) {
                sources.append(LineShapes.Source(variable: Int32(variable)))
            } else {
                sources.append(LineShapes.Source(variable: -1, constant: batch.integer(field, at: row) ?? 0))
            }
        }
        shapes.add(learner.tokens, of: line, leaf, entries: entries, sources: sources)
    }

    /// Takes a line of a known shape.
    @inline(__always)
    private mutating func take(
        _ leaf: Int, _ line: UnsafePointer<UInt8>, _ length: Int, at start: Int, line number: UInt32,
        into batch: inout EventBatch
    ) {
        let shape = shapes.leaves[leaf]
        if shape.hasEndpoint {
            let (first, count) = shapes.endpoint
            let name = UnsafeRawBufferPointer(start: line + first, count: count)
            postpone(PostponedEndpoint(row: batch.count, name: name, search: interner.search(name)), into: &batch)
        }
        if let unit = shapes.unit { unixTimes.add(unit, line: number, byte: start) }
        for at in shape.sources.first..<shape.sources.end {
            let source = shapes.sources[at]
            batch.values.append(source.variable < 0 ? source.constant : shapes.variables[Int(source.variable)])
        }
        var own: Int64 = -1
        if shape.own >= 0 {
            own = shapes.counts[Int(shape.own)]
            for at in shape.entries.first..<shape.entries.end where at &- shape.entries.first != Int(shape.own) {
                batch.clockActor.append(shapes.actors[at])
                batch.clockCount.append(shapes.counts[at &- shape.entries.first])
            }
        }
        batch.writtenLineCount &+= 1
        batch.append(
            EventBatch.Row(
                time: shapes.time, actor: shape.actor, event: shape.event, kind: shape.kind, outcome: shape.outcome,
                fields: shapes.isRollback ? shape.fields.union(.rollback) : shape.fields, counter: own,
                digest: Digest.of(UnsafeRawBufferPointer(start: line, count: length)), line: number,
                textStart: UInt32(truncatingIfNeeded: start), textLength: UInt32(truncatingIfNeeded: length)))
    }

    /// Takes a scanned line, whose bytes begin at `bytes`; false where it is no whole record, so that the judge says why.
    @inline(__always)
    private mutating func take(
        _ line: UnsafeRawBufferPointer, _ bytes: UnsafePointer<UInt8>, at start: Int, line number: UInt32,
        into batch: inout EventBatch
    ) -> Bool {
        guard line.count <= maxLine, scanner.has(CSJ_KEY_TS), scanner.has(CSJ_KEY_ACTOR), scanner.has(CSJ_KEY_EVENT)
        else { return false }
        let time: Int64
        var isLeapSecond = false
        if let given = scanner.time {
            // What is odd is left to the judge, who has the words for it.
            guard let count = UnixTime(plausible: given) else { return false }
            time = count.time.nanoseconds
            unixTimes.add(count.unit, line: number, byte: start)
        } else {
            switch times.read(text(CSJ_KEY_TS, bytes)) {
            case .time(let read): time = read
            case .leapSecond(let read):
                time = read
                isLeapSecond = true
            case .counted, .absent, .withoutZone, .invalid: return false
            }
            if time < UnixTime.plausible.nanoseconds { return false }
            if isLeapSecond { batch.leapSeconds &+= 1 }
        }
        if scanner.has(CSJ_KEY_ENDPOINT) {
            let name = text(CSJ_KEY_ENDPOINT, bytes)
            postpone(PostponedEndpoint(row: batch.count, name: name, search: interner.search(name)), into: &batch)
        }
        let actor = interner.intern(text(CSJ_KEY_ACTOR, bytes))
        let eventName = text(CSJ_KEY_EVENT, bytes)
        let event = interner.intern(eventName)
        var row = EventBatch.Row(
            time: time, actor: actor, event: event, kind: interner.kind(of: event, eventName),
            fields: FieldSet(rawValue: scanner.fields), line: number, textStart: UInt32(truncatingIfNeeded: start),
            textLength: UInt32(truncatingIfNeeded: line.count))
        if scanner.has(CSJ_KEY_OUTCOME) {
            row.outcome = LineDecoder.outcome(text(CSJ_KEY_OUTCOME, bytes))
            if row.outcome == .unknown {
                let place = LinePlace(line: UInt64(number), byte: UInt64(start))
                batch.note(.unknownOutcome, place) { LineDecoder.words(unknown: text(CSJ_KEY_OUTCOME, bytes)) }
            }
            row.fields.insert(.outcome)
        }
        if scanner.has(CSJ_KEY_REASON), text(CSJ_KEY_REASON, bytes).equals("rollback") { row.fields.insert(.rollback) }
        takeFields(&row, bytes)
        if scanner.has(CSJ_KEY_VC) { takeClock(&row, bytes, into: &batch) }
        row.digest = Digest.of(line)
        batch.writtenLineCount &+= 1
        append(row, into: &batch)
        return true
    }

    /// Takes an endpoint in, goes on with the one before it, and is done with the one before that.
    @inline(__always)
    private mutating func postpone(_ endpoint: PostponedEndpoint, into batch: inout EventBatch) {
        let oldest = postponed.0
        postponed = (postponed.1, endpoint)
        interner.proceed(postponed.0.search)
        if oldest.row >= 0 { batch.endpoint[oldest.row] = interner.intern(oldest.name, oldest.search) }
    }

    /// Interns the symbols, digests the names, and puts the values where `append` takes them from.
    @inline(__always)
    private mutating func takeFields(_ row: inout EventBatch.Row, _ bytes: UnsafePointer<UInt8>) {
        var left = scanner.fields
        while left != 0 {
            let field = left.trailingZeroBitCount
            left &= left &- 1
            if field < Int(Field.role.rawValue) {
                values[field] = scanner.values[field]
                continue
            }
            let text = LineDecoder.buffer(scanner.texts[keyOfField[field]], bytes)
            if field >= Int(Field.id.rawValue) {
                values[field] = Int64(bitPattern: Digest.of(text))
                continue
            }
            values[field] = Int64(interner.intern(text).index)
            if field == Int(Field.role.rawValue), text.equals("operator") { row.fields.insert(.byOperator) }
            if field == Int(Field.state.rawValue), text.equals("unhealthy") { row.fields.insert(.unhealthy) }
        }
    }

    @inline(__always)
    private mutating func takeClock(
        _ row: inout EventBatch.Row, _ bytes: UnsafePointer<UInt8>, into batch: inout EventBatch
    ) {
        row.fields.insert(.clock)
        if batch.clockActor.count == 0 { clock.makeRoom(in: &batch) }
        clock.begin(row.actor, into: batch)
        for at in 0..<scanner.clock.count {
            let entry = scanner.clock[at]
            var name = scanner.names[entry.number].symbol
            if name == .none {
                name = interner.intern(LineDecoder.buffer(entry.name, bytes))
                if entry.number != KeyTable.nameless { scanner.names[entry.number].symbol = name }
            }
            clock.add(name, entry.count, into: &batch)
        }
        if let own = clock.finish(into: &batch) { row.counter = own } else { row.fields.insert(.faultyClock) }
    }

    /// Appends an event and its values. Changes nothing here, but what is not `mutating` would be handed a copy of all this.
    @inline(__always)
    mutating func append(_ row: EventBatch.Row, into batch: inout EventBatch) {
        var left = row.fields.rawValue & ((1 << UInt64(values.count)) - 1)
        while left != 0 {
            batch.values.append(values[left.trailingZeroBitCount])
            left &= left - 1
        }
        batch.append(row)
    }

    @inline(__always)
    private func text(_ key: csj_key, _ bytes: UnsafePointer<UInt8>) -> UnsafeRawBufferPointer {
        LineDecoder.buffer(scanner.texts[Int(key.rawValue)], bytes)
    }

    @inline(__always)
    private static func buffer(_ text: FastScanner.Text, _ bytes: UnsafePointer<UInt8>) -> UnsafeRawBufferPointer {
        UnsafeRawBufferPointer(start: bytes + Int(text.start), count: Int(text.count))
    }

    /// What to say of an outcome that is not understood, up to a length.
    static func words(unknown outcome: UnsafeRawBufferPointer) -> String {
        let text = String(decoding: outcome.prefix(40), as: UTF8.self)
        return "outcome '\(VisibleText.cell(text))\(outcome.count > 40 ? "…" : "")' is not understood"
    }

    static func outcome(_ text: UnsafeRawBufferPointer) -> Outcome {
        text.equals("ok") ? .ok : Outcome(name: String(decoding: text, as: UTF8.self))
    }
}

extension UnsafeRawBufferPointer {
    @inline(__always)
    func equals(_ word: StaticString) -> Bool {
        equals(UnsafeRawBufferPointer(start: word.utf8Start, count: word.utf8CodeUnitCount))
    }

    @inline(__always)
    func equals(_ other: UnsafeRawBufferPointer) -> Bool {
        guard count == other.count, let base = baseAddress, let otherBase = other.baseAddress else {
            return count == other.count
        }
        return memcmp(base, otherBase, count) == 0
    }
}
