import CSimdjson
import EventModel

/// Makes events of records by a plan: unwraps, decodes, takes apart, chooses the event, fills its fields in.
struct RecordMaker: ~Copyable {
    let plan: Plan
    var evaluation: Evaluation
    private var builder: RecordBuilder
    var draft = Draft()
    private var waiting: WaitingRecords
    /// Fields that hold for all records: of the path, and those carried from earlier lines.
    private let constants: [(name: FieldName, value: FieldName)]
    private var carried: [(name: FieldName, value: FieldName)] = []
    let names = WrapperNames()
    private var text: [UInt8] = []
    private var textLines: UInt64 = 0
    /// Whether the events' lines are written: without them what only they hold is not looked for.
    private(set) var keepsText = false
    /// The records of the batch at hand, where these are numbered.
    private(set) var records: UInt64 = 0
    private let compactor: JSONParser?
    /// The execution that is wanted alone.
    private let execution: FieldName?
    /// The record whose making is told, and how it was made.
    var traced: (record: UInt64, lines: [String])?
    /// Whether records are numbered, since a line may hold several of them or one several lines.
    var numbersRecords: Bool

    init(_ plan: Plan, path: SourceName, _ options: ReadingOptions) {
        self.plan = plan
        evaluation = Evaluation(plan, options)
        builder = RecordBuilder(options)
        waiting = WaitingRecords()
        numbersRecords = plan.parts.numbersRecords
        compactor = JSONParser(capacity: 64, depth: 2)
        execution = options.execution.map(FieldName.init)
        var constants = [(FieldName("@file"), FieldName(path.file)), (FieldName("@path"), FieldName(path.path))]
        if let folder = path.folder { constants.append((FieldName("@folder"), FieldName(folder))) }
        if let pattern = plan.parts.path {
            let match = Pattern.Match(groups: pattern.groupCount)
            let name = FieldName(path.path)
            if pattern.match(name.bytes, match) == .matched {
                for group in pattern.groups {
                    guard let range = match.range(group.number) else { continue }
                    let value = String(decoding: name.bytes.part(range), as: UTF8.self)
                    constants.append((group.name, FieldName(value)))
                }
            }
        }
        self.constants = constants
    }

    mutating func freshSymbols() -> LocalSymbols { builder.freshSymbols() }

    /// Begins a batch.
    mutating func begin(keepingText: Bool) {
        keepsText = keepingText
        text.removeAll(keepingCapacity: true)
        textLines = 0
        records = 0
    }

    /// Makes the events of one record.
    /// - Parameter isPadded: whether the bytes can be read past their end.
    mutating func make(
        _ record: UnsafeRawBufferPointer, isPadded: Bool, _ place: LinePlace, at range: Range<Int>,
        into batch: inout EventBatch
    ) {
        let line = record.withoutLineEnd
        if line.allSatisfy(\.isBlankByte) { return }
        batch.writtenLineCount += 1
        guard let (inner, decoding) = decode(line, isPadded: isPadded) else { return batch.leave(.carried) }
        switch decoding {
        case .header: return batch.leave(.header)
        case .unreadable(let reason): return leave(inner, reason, place, into: &batch)
        case .fields: break
        }
        let digest = Digest.of(record)
        var part: UInt64 = 0
        explode(0, digest, &part, place, range, into: &batch)
    }

    /// Looks at a record without making events of it.
    mutating func survey(_ record: UnsafeRawBufferPointer, isPadded: Bool, _ survey: inout ProfileDecoder.Survey) {
        let line = record.withoutLineEnd
        if line.allSatisfy(\.isBlankByte) { return }
        guard let (_, decoding) = decode(line, isPadded: isPadded) else { return }
        switch decoding {
        case .header: return
        case .unreadable(let reason):
            survey.records += 1
            survey.reason = survey.reason ?? reason
        case .fields:
            survey.records += 1
            survey.read += 1
            decodeFields()
            if plan.parts.recognise.isEmpty || isRecognised() { survey.recognised += 1 }
        }
    }

    /// Makes fields of a line, behind those that hold for all records, and what of the line they were read from; nil where it only says
    /// something of those behind it.
    private mutating func decode(
        _ line: UnsafeRawBufferPointer, isPadded: Bool
    ) -> (text: UnsafeRawBufferPointer, decoding: Decoding)? {
        evaluation.fields.removeAll()
        evaluation.space.removeAll()
        addConstants(line)
        for pattern in plan.parts.carries where carry(pattern, line) { return nil }
        let (text, stillPadded) = plan.parts.unwraps ? unwrap(line, isPadded) : (line, isPadded)
        return (
            text,
            plan.parts.codec.decode(text, isPadded: stillPadded, into: &evaluation.fields, &evaluation.space)
        )
    }

    private mutating func isRecognised() -> Bool {
        for condition in plan.parts.recognise {
            let mark = evaluation.fields.mark
            defer { evaluation.fields.reset(to: mark) }
            if evaluation.holds(condition) { return true }
        }
        return false
    }

    /// What is said of a record that its codec cannot read.
    private func leave(
        _ text: UnsafeRawBufferPointer, _ reason: Decoding.Reason, _ place: LinePlace, into batch: inout EventBatch
    ) {
        guard case .json = plan.parts.codec else { return batch.leave(.unread(reason.rawValue)) }
        switch reason {
        case .notUTF8: batch.note(.invalidUTF8, place) { "not UTF-8" }
        case .tooDeep: batch.note(.nestedTooDeep, place) { "nested too deep" }
        default:
            batch.note(.notJSON, place) {
                "not JSON" + (JSONDiagnosis.of(text, maxDepth: 128).map { ": " + $0.reason } ?? "")
            }
        }
    }

    private mutating func addConstants(_ line: UnsafeRawBufferPointer) {
        let start = evaluation.fields.pairs.count
        for (name, value) in constants { evaluation.fields.add(name.bytes, .text(value.bytes)) }
        for (name, value) in carried { evaluation.fields.add(name.bytes, .text(value.bytes)) }
        evaluation.fields.add(names.line.bytes, .text(line))
        evaluation.fields.endLayer(from: start)
    }

    /// Takes fields for later records out of a line that is none.
    private mutating func carry(_ pattern: Pattern, _ line: UnsafeRawBufferPointer) -> Bool {
        guard pattern.match(line, evaluation.space.match) == .matched else { return false }
        for group in pattern.groups {
            guard let range = evaluation.space.match.range(group.number) else { continue }
            let value = FieldName(String(decoding: line.part(range), as: UTF8.self))
            if let at = carried.firstIndex(where: { $0.name.text == group.name.text }) {
                carried[at].value = value
            } else {
                carried.append((group.name, value))
            }
        }
        return true
    }

    private mutating func unwrap(
        _ line: UnsafeRawBufferPointer, _ isPadded: Bool
    ) -> (UnsafeRawBufferPointer, isPadded: Bool) {
        guard let wrapped = Wrapper.of(line, &evaluation.space) else { return (line, isPadded) }
        let start = evaluation.fields.pairs.count
        if let time = wrapped.time { evaluation.fields.add(names.time.bytes, .text(time)) }
        if let stream = wrapped.stream { evaluation.fields.add(names.stream.bytes, .text(stream)) }
        evaluation.fields.endLayer(from: start)
        return (wrapped.text.withoutLineEnd, false)
    }

    // MARK: Parts of a record

    private mutating func explode(
        _ level: Int, _ digest: UInt64, _ part: inout UInt64, _ place: LinePlace, _ range: Range<Int>,
        into batch: inout EventBatch
    ) {
        guard level < plan.parts.each.count else {
            return emit(digest &+ part &* 0x9E37_79B9_7F4A_7C15, &part, place, range, into: &batch)
        }
        let hasList = forEachElement(of: plan.parts.each[level]) { maker in
            maker.explode(level + 1, digest, &part, place, range, into: &batch)
        }
        if !hasList { batch.leave(.noList) }
    }

    private mutating func emit(
        _ digest: UInt64, _ part: inout UInt64, _ place: LinePlace, _ range: Range<Int>, into batch: inout EventBatch
    ) {
        part &+= 1
        if isOfAnotherExecution { return batch.leave(.rule("of another execution")) }
        let mark = evaluation.fields.mark
        let documents = evaluation.space.documents
        decodeFields()
        defer {
            evaluation.fields.reset(to: mark)
            evaluation.space.documents = documents
        }
        for rule in plan.parts.events {
            let before = evaluation.fields.mark
            guard evaluation.holds(rule.condition) else {
                evaluation.fields.reset(to: before)
                continue
            }
            if let reason = rule.skips { return batch.leave(.rule(reason)) }
            if let answers = rule.answers { answer(answers, rule.answerFields, into: &batch) }
            if rule.emissions.isEmpty { return batch.leave(.answer) }
            if let each = rule.each {
                return emit(each, rule, digest, &part, place, range, into: &batch)
            }
            for (number, emission) in rule.emissions.enumerated() {
                add(emission, digest &+ UInt64(number), rule, place, range, into: &batch)
            }
            return
        }
        if let otherwise = plan.parts.otherwise {
            add(otherwise, digest, nil, place, range, into: &batch)
        } else {
            batch.leave(.noRule)
        }
    }

    /// Makes a rule's events for each element of a list.
    private mutating func emit(
        _ each: Plan.Each, _ rule: Plan.EventRule, _ digest: UInt64, _ part: inout UInt64, _ place: LinePlace,
        _ range: Range<Int>, into batch: inout EventBatch
    ) {
        let hasList = forEachElement(of: each) { maker in
            for emission in rule.emissions {
                part &+= 1
                maker.add(emission, digest &+ part &* 0x9E37_79B9_7F4A_7C15, rule, place, range, into: &batch)
            }
        }
        if !hasList { batch.leave(.noList) }
    }

    /// Does something with each element of a list while its fields are a layer; false where there is no list.
    private mutating func forEachElement(of each: Plan.Each, _ body: (inout RecordMaker) -> Void) -> Bool {
        guard let list = each.list.value(in: evaluation.fields)?.place else { return false }
        for (index, (name, element)) in JSONMembers(of: list).enumerated() {
            let mark = evaluation.fields.mark
            bind(each, element, key: name, Int64(index))
            body(&self)
            evaluation.fields.reset(to: mark)
        }
        evaluation.fields.variables[each.variable] = nil
        return true
    }

    /// Makes an element's fields a layer.
    private mutating func bind(_ each: Plan.Each, _ element: csj_value, key: UnsafeRawBufferPointer?, _ index: Int64) {
        let value = FieldValue(element)
        evaluation.fields.variables[each.variable] = value
        let start = evaluation.fields.pairs.count
        if let key { evaluation.fields.add(each.key.bytes, .text(key)) }
        evaluation.fields.add(each.index.bytes, .integer(index))
        evaluation.fields.endLayer(from: start)
        if case .document(let place) = value { evaluation.fields.addLayer(place) }
    }

    /// Adds the layers of what stands inside of fields.
    private mutating func decodeFields() {
        for decode in plan.parts.decodes {
            guard let value = decode.from.value(in: evaluation.fields) else { continue }
            if decode.spreads {
                guard let list = value.place else { continue }
                let start = evaluation.fields.pairs.count
                var pairs: [RecordFields.Pair] = []
                PairList.forEach(in: list) {
                    pairs.append(RecordFields.Pair(name: $0, value: FieldValue($1).unwrapped))
                }
                for pair in pairs { evaluation.fields.add(pair.name, pair.value) }
                evaluation.fields.endLayer(from: start)
                continue
            }
            guard let codec = decode.codec, let text = evaluation.text(value) else { continue }
            let mark = evaluation.fields.mark
            guard codec.decode(text, into: &evaluation.fields, &evaluation.space) == .fields else {
                evaluation.fields.reset(to: mark)
                continue
            }
            if let variable = decode.variable, case .document(let place)? = evaluation.fields.layers.last {
                evaluation.fields.variables[variable] = .document(place)
            }
        }
    }

    // MARK: Executions

    /// What the record's execution is called; nil where its log has one alone.
    private var label: UnsafeRawBufferPointer? {
        mutating get {
            guard let reference = plan.parts.execution, let value = reference.value(in: evaluation.fields) else {
                return nil
            }
            return evaluation.validText(value)
        }
    }

    private var isOfAnotherExecution: Bool {
        mutating get {
            guard let execution, plan.parts.execution != nil else { return false }
            return !(label?.equals(execution.bytes) ?? false)
        }
    }

    /// Puts the execution's name ahead of those of its actors: what has one name in two executions is two actors.
    private mutating func tellExecution() {
        guard execution == nil, plan.parts.execution != nil, let label, !label.isEmpty else { return }
        draft.actor = draft.actor.map { prefixed($0, label) }
        for index in draft.clock.indices { draft.clock[index].name = prefixed(draft.clock[index].name, label) }
    }

    private mutating func prefixed(
        _ name: UnsafeRawBufferPointer, _ label: UnsafeRawBufferPointer
    ) -> UnsafeRawBufferPointer {
        evaluation.space.scratch.begin()
        evaluation.space.scratch.append(label)
        evaluation.space.scratch.append(UInt8(ascii: "/"))
        evaluation.space.scratch.append(name)
        return evaluation.space.scratch.end()
    }

    // MARK: Events

    private mutating func add(
        _ assignments: [Plan.Assignment], _ digest: UInt64, _ rule: Plan.EventRule?,
        _ place: LinePlace, _ range: Range<Int>, into batch: inout EventBatch
    ) {
        draft.removeAll()
        if let traced, traced.record == (numbersRecords ? records : place.line) { tell(assignments) }
        if let fault = fill(assignments, place, into: &batch) { return batch.note(fault.kind, place) { fault.words } }
        tellExecution()
        if keepsText { keepOthers() }
        let settled = rule?.awaits.map { WaitingRecords.Key(group: $0.group, text: key($0.key)) }
        if settled != nil || !waiting.isEmpty {
            if waiting.isEmpty { waiting.remember(batch, carried) }
            waiting.add(
                draft, digest, place, range, awaiting: settled, unanswered: rule?.isForUnanswered ?? false, compactor)
            flushWaiting(into: &batch)
        } else {
            append(draft, digest, place, range, into: &batch)
        }
    }

    private mutating func key(_ candidate: Candidate?) -> String {
        guard let candidate, let value = evaluation.value(candidate), let text = evaluation.text(value) else {
            return ""
        }
        return String(decoding: text, as: UTF8.self)
    }

    /// Gives those that wait what the record at hand knows of their outcome.
    private mutating func answer(
        _ answers: (group: Int, key: Candidate?), _ assignments: [Plan.Assignment], into batch: inout EventBatch
    ) {
        let key = WaitingRecords.Key(group: answers.group, text: key(answers.key))
        draft.removeAll()
        for assignment in assignments { assign(assignment) }
        waiting.answer(key, with: draft)
        flushWaiting(into: &batch)
    }

    /// Appends the events at the front that wait no longer.
    private mutating func flushWaiting(all: Bool = false, into batch: inout EventBatch) {
        while let held = waiting.next(all: all) {
            if held.isDropped {
                batch.leave(.answer)
                continue
            }
            append(held.draft, held.digest, held.place, held.range, into: &batch)
        }
        if waiting.isEmpty { waiting.forget() }
    }

    /// Ends a batch: returns how many of its bytes are done with. Records that wait for an outcome are read again with what follows.
    mutating func end(at index: Int, isLast: Bool, into batch: inout EventBatch) -> Int {
        guard let first = waiting.first else { return index }
        if isLast || index - first.range.lowerBound > Self.mostWaiting {
            flushWaiting(all: true, into: &batch)
            return index
        }
        return waiting.rewind(&batch, &carried)
    }

    /// How many bytes may wait for an outcome.
    private static let mostWaiting = 8 << 20

    private mutating func append(
        _ draft: borrowing Draft, _ digest: UInt64, _ place: LinePlace, _ range: Range<Int>,
        into batch: inout EventBatch
    ) {
        var place = place
        if numbersRecords {
            place.line = records
            records += 1
        }
        var span = range
        if keepsText {
            padText(to: place.line)
            let start = text.count
            EventLine.append(draft, compactor, to: &text)
            span = start..<text.count
        }
        builder.append(draft, digest: digest, place, text: span, into: &batch)
    }

    /// Ends the text of a batch of so many lines.
    mutating func finish(lines: UInt64, into batch: inout EventBatch) {
        guard keepsText else { return }
        padText(to: lines)
        batch.textCount = text.count
        swap(&batch.text, &text)
    }

    /// Writes empty lines for those of the source that made no event.
    private mutating func padText(to line: UInt64) {
        while textLines < line {
            text.append(0x0A)
            textLines += 1
        }
    }
}

extension UnsafeRawBufferPointer {
    /// Without a line end, or a carriage return.
    fileprivate var withoutLineEnd: UnsafeRawBufferPointer {
        var end = count
        while end > 0, self[end - 1] == 0x0A || self[end - 1] == 0x0D { end -= 1 }
        return part(0..<end)
    }
}
