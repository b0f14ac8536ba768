import EventModel

/// A frame of records, unpacked. Its events never change, so that whoever takes them may look at them on another thread.
final class Frame: Sendable {
    let events: EventBatch
    let source: Int

    init(_ events: consuming EventBatch, source: Int) {
        self.events = events
        self.source = source
    }
}

/// What the map made of a bundle: the records of each source and actor in frames, and the survey of each.
///
/// Every source is read once, in order, and is not needed any more after that.
struct Facts: ~Copyable {
    private(set) var streams: [Stream] = []
    private(set) var sources: [SourceSurvey] = []
    /// The names that causes and completions refer to.
    var names = NameTable()
    private var store: FrameStore
    private var frames = Column<FrameEntry>()
    private var texts = Column<SpilledText>()
    private let keepsText: Bool
    private var reader = FrameReader()
    private var recentTexts: [(number: Int32, text: [UInt8])] = []
    private let place = LentByAddress()

    /// So many blocks of lines are kept unpacked.
    private static let textsKept = 48

    struct FrameEntry: BitwiseCopyable {
        var place: FramePlace
        var firstTime: Int64
        var firstCounter: Int64
        var next: Int32
        var rows: Int32
        var text: Int32
    }

    /// Reads all sources of a supply.
    init(_ supply: inout some BatchSupply, budget: Int) throws(SpillFailure) {
        let spill = supply
        store = FrameStore(budget: budget) { () throws(SpillFailure) in try spill.makeSpill() }
        keepsText = supply.keepsText
        var packing = Packing()
        for source in 0..<supply.sourceCount {
            var survey = SourceSurvey()
            let first = streams.count
            while let batch = supply.next(of: SourceID(index: UInt32(source))) {
                try take(batch, source, &survey, &packing)
            }
            survey.streams = first..<streams.count
            for stream in survey.streams {
                packing.forget(streams[stream].actor)
                survey.counterRises += streams[stream].counterRises
                survey.counterFalls += streams[stream].counterFalls
                streams[stream].finish()
            }
            sources.append(survey)
        }
    }

    // MARK: The map

    /// What is used again from batch to batch.
    struct Packing: ~Copyable {
        var writer = FrameWriter()
        var rows = Column<Int32>()
        var streamOfRow = Column<Int32>()
        /// By actor: its stream in the source at hand; −1 without one.
        private var streamOfActor = Column<Int32>()
        /// By stream of the source at hand, from its first: where its rows end in `rows`.
        var ends = Column<Int32>()
        var met = Column<Int32>()

        func stream(of actor: Symbol) -> Int32 {
            Int(actor.index) < streamOfActor.count ? streamOfActor[Int(actor.index)] : -1
        }

        mutating func set(_ actor: Symbol, to stream: Int) {
            streamOfActor.grow(toHold: Int(actor.index), with: -1)
            streamOfActor[Int(actor.index)] = Int32(stream)
        }

        mutating func forget(_ actor: Symbol) { streamOfActor[Int(actor.index)] = -1 }
    }

    private mutating func take(
        _ batch: borrowing EventBatch, _ source: Int, _ survey: inout SourceSurvey, _ packing: inout Packing
    ) throws(SpillFailure) {
        var text: Int32 = -1
        if keepsText {
            text = Int32(texts.count)
            texts.append(try store.append(text: batch.text))
        }
        packing.streamOfRow.truncate(to: 0)
        packing.met.truncate(to: 0)
        var last = Symbol.none
        var stream: Int32 = -1
        for row in 0..<batch.count {
            survey.add(batch.time[row])
            let actor = batch.actor[row]
            if actor != last || stream < 0 {
                last = actor
                stream = packing.stream(of: actor)
                if stream < 0 {
                    stream = Int32(streams.count)
                    streams.append(Stream(source: Int32(source), actor: actor))
                    packing.set(actor, to: Int(stream))
                }
            }
            packing.ends.grow(toHold: Int(stream), with: 0)
            if packing.ends[Int(stream)] == 0 { packing.met.append(stream) }
            packing.ends[Int(stream)] += 1
            packing.streamOfRow.append(stream)
            streams[Int(stream)].add(batch, row)
            noteNames(batch, row, Int(stream))
        }
        try pack(batch, source, text, &packing)
    }

    /// Sorts the rows of a batch by stream, and packs those of each.
    private mutating func pack(
        _ batch: borrowing EventBatch, _ source: Int, _ text: Int32, _ packing: inout Packing
    ) throws(SpillFailure) {
        var start: Int32 = 0
        for at in packing.met.indices {
            let stream = Int(packing.met[at])
            let count = packing.ends[stream]
            packing.ends[stream] = start
            start += count
        }
        packing.rows.truncate(to: 0)
        packing.rows.grow(toHold: batch.count - 1, with: 0)
        for row in 0..<batch.count {
            let stream = Int(packing.streamOfRow[row])
            packing.rows[Int(packing.ends[stream])] = Int32(row)
            packing.ends[stream] += 1
        }
        var first = 0
        for at in packing.met.indices {
            let stream = Int(packing.met[at])
            let end = Int(packing.ends[stream])
            packing.ends[stream] = 0
            while first < end {
                let range = first..<min(end, first + FrameWriter.most)
                packing.writer.pack(batch, packing.rows, range, of: source)
                let place = try packing.writer.append(to: &store)
                add(
                    FrameEntry(
                        place: place, firstTime: batch.time[Int(packing.rows[first])],
                        firstCounter: batch.counter[Int(packing.rows[first])], next: -1, rows: Int32(range.count),
                        text: text), to: stream)
                first = range.upperBound
            }
        }
    }

    private mutating func add(_ frame: FrameEntry, to stream: Int) {
        let number = Int32(frames.count)
        frames.append(frame)
        let last = streams[stream].lastFrame
        if last < 0 { streams[stream].firstFrame = number } else { frames[Int(last)].next = number }
        streams[stream].lastFrame = number
    }

    @inline(__always)
    private mutating func noteNames(_ batch: borrowing EventBatch, _ row: Int, _ stream: Int) {
        let set = batch.fields[row]
        let hasClock = batch.counter[row] >= 0
        if !batch.causes(at: row).isEmpty {
            streams[stream].names.insert(.references)
            for cause in batch.causes(at: row) { names.want(NameKey.event(batch.cause[cause])) }
        }
        if set.contains(FieldSet(.id)) { streams[stream].names.insert(.ids) }
        if !hasClock, set.contains(FieldSet(.plan)) { streams[stream].names.insert(.references) }
        switch batch.kind[row] {
        case .planCreated: streams[stream].names.insert(.creations)
        case .planApplied, .changeCommitted:
            if !hasClock, set.contains(FieldSet(.commit)) { streams[stream].names.insert(.answers) }
        case .workEnqueued: streams[stream].names.insert(.enqueues)
        case .workCompleted:
            if !hasClock, let item = NameKey.item(batch, row) {
                names.want(item)
                streams[stream].names.insert(.references)
            }
        default: break
        }
    }

    // MARK: Reading

    /// The number of rows of a frame, the time and the own counter of its first, and the frame behind it in its stream; −1 behind the last.
    func rows(_ frame: Int32) -> Int { Int(frames[Int(frame)].rows) }
    func firstTime(_ frame: Int32) -> Int64 { frames[Int(frame)].firstTime }
    func firstCounter(_ frame: Int32) -> Int64 { frames[Int(frame)].firstCounter }
    func next(_ frame: Int32) -> Int32 { frames[Int(frame)].next }

    /// Unpacks a frame.
    /// - Parameter hasText: whether the lines' bytes are wanted, where they were kept.
    mutating func frame(
        _ number: Int32, _ depth: FrameReader.Depth, hasText: Bool = false
    ) throws(SpillFailure) -> Frame {
        let entry = frames[Int(number)]
        let isChecked = try store.read(entry.place, into: &reader.input.words)
        var batch = EventBatch()
        guard let source = reader.unpack(depth, isChecked: isChecked, into: &batch) else {
            throw SpillFailure("temporary data were damaged on the way", hint: "the disk under TMPDIR may be failing")
        }
        if hasText, entry.text >= 0 { batch.text = try text(entry.text) }
        return Frame(batch, source: source)
    }

    private mutating func text(_ number: Int32) throws(SpillFailure) -> [UInt8] {
        if let known = recentTexts.firstIndex(where: { $0.number == number }) {
            let found = recentTexts.remove(at: known)
            recentTexts.append(found)
            return found.text
        }
        let text = try store.read(texts[Int(number)])
        if recentTexts.count == Self.textsKept { recentTexts.removeFirst() }
        recentTexts.append((number, text))
        return text
    }

    /// Appends the frames of a pass over what is settled; see `OrderTape`.
    mutating func append(_ words: borrowing Column<UInt64>) throws(SpillFailure) -> FramePlace {
        try store.append(words)
    }

    /// Reads such a frame; whether it has to be checked.
    mutating func read(_ place: FramePlace, into words: inout Column<UInt64>) throws(SpillFailure) -> Bool {
        try store.read(place, into: &words)
    }
}
