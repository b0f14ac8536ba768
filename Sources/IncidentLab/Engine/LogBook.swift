import EventModel

/// Writes the actors' logs: a buffer for each, handed to its sink whenever it is full. Holds nothing that grows with the log, but where
/// the places of its records are asked for.
struct LogBook {
    /// One log, or one of two exports of it.
    private struct Log {
        let sink: (any LogSink)?
        let flushAt: Int
        /// True times of the records that it takes.
        let times: Range<Int64>
        var places: LogPlaces
        var buffer: [UInt8] = []
    }
    private struct Author {
        let head: [UInt8]
        let key: [UInt8]
        let damage: LogDamage
        var logs: Range<Int>
    }

    private static let flushAt = 1 << 16

    private var authors: [Author] = []
    private var logs: [Log] = []
    private let damage: Damage
    private let start: Int64
    private let losesCommits: Bool
    private let omitsSendings: Bool
    private let keepsPlaces: Bool
    private var random: Random
    private let commitSalt: UInt64
    private var line: Line
    private var minute: Int64 = .min
    private var prefix: [UInt8] = []

    /// - Parameter keepsPlaces: whether to remember where each record stands.
    init(
        cast: [Role], seed: UInt64, span: ClosedRange<Int64>, damage: Damage, faults: Set<Fault>, keepsPlaces: Bool,
        sink: any BundleSink
    ) throws {
        self.damage = damage
        self.keepsPlaces = keepsPlaces
        start = span.lowerBound
        losesCommits = faults.contains(.commitGaps)
        commitSalt = seed
        random = Random(seed: seed, stream: 0xDA3A6E)
        var omitted: [String] = []
        if faults.contains(.noCommits) { omitted.append("commit") }
        if faults.contains(.noReplaces) { omitted.append("replaces") }
        if faults.contains(.noActive) { omitted.append("active") }
        if faults.contains(.noStoreNames) { omitted.append("store") }
        omitsSendings = faults.contains(.noSendings)
        line = Line(omitting: omitted)
        let plans = LogDamage.all(cast, seed: seed, span: span, damage: damage, faults: faults, &random)
        for (role, plan) in zip(cast, plans) {
            var times = [(role.name, Int64.min..<plan.end)]
            if !plan.overlap.isEmpty {
                times = [
                    (role.name, Int64.min..<plan.overlap.upperBound),
                    (role.name + "-again", plan.overlap.lowerBound..<plan.end),
                ]
            }
            authors.append(
                Author(
                    head: Array("\",\"actor\":\"\(role.name)\",\"role\":\"\(role.title)\"".utf8),
                    key: Array("\"\(role.name)\":".utf8), damage: plan, logs: logs.count..<logs.count + times.count))
            for (name, times) in times {
                logs.append(
                    Log(
                        sink: plan.isLost ? nil : try sink.open(log: name, rotation: plan.rotation),
                        flushAt: plan.rotation.map { $0 / 4 } ?? LogBook.flushAt, times: times,
                        places: LogPlaces(log: name, actor: role.name)))
            }
        }
    }

    /// Where the records of each log stand.
    var places: [LogPlaces] { logs.map(\.places) }

    /// Writes one record of an actor; `fields` adds what stands after `event`.
    mutating func write(
        _ actor: ActorID, _ event: String, at time: Int64, clocks: borrowing CausalClocks,
        _ fields: (inout Line) -> Void
    ) throws {
        let author = authors[Int(actor.index)]
        line.clear()
        line.raw("{\"ts\":\"")
        writeTime(time + author.damage.offset + (time - start) / 1_000_000_000 * author.damage.driftPerBillion)
        line.raw(author.head)
        if author.damage.hasClocks { writeClock(of: actor, clocks) }
        line.field("event", event)
        fields(&line)
        line.raw("}\n")
        let isLost =
            damage.loss > 0 && random.chance(damage.loss) || isLostCommit()
            || omitsSendings && event == EventKind.planApplying.name
        let isCorrupt = !isLost && damage.corrupt > 0 && random.chance(damage.corrupt)
        let bytes = isCorrupt ? LogBook.corrupted(line.bytes, &random) : line.bytes
        let isDouble = !isLost && damage.duplicate > 0 && random.chance(damage.duplicate)
        for index in author.logs {
            if isLost || !logs[index].times.contains(time) || logs[index].sink == nil {
                if keepsPlaces { logs[index].places.lose() }
                continue
            }
            logs[index].buffer.append(contentsOf: bytes)
            if isDouble { logs[index].buffer.append(contentsOf: line.bytes) }
            if keepsPlaces { keepPlace(index, isCorrupt: isCorrupt, isDouble: isDouble) }
            if logs[index].buffer.count >= logs[index].flushAt { try flush(index) }
        }
    }

    private mutating func keepPlace(_ index: Int, isCorrupt: Bool, isDouble: Bool) {
        if isCorrupt && !isDouble {
            logs[index].places.lose(lines: 1)
        } else {
            logs[index].places.keep(copies: isDouble ? 2 : 1, after: isCorrupt ? 1 : 0)
        }
    }

    /// Whether the record tells of a commit of which every record is lost; the commit's number alone decides.
    private func isLostCommit() -> Bool {
        guard losesCommits, let commit = line.commit else { return false }
        var draw = Random(seed: commitSalt, stream: UInt64(bitPattern: commit) ^ 0xC0_6A75)
        return draw.chance(0.06)
    }

    /// Hands out what is left and closes every log.
    mutating func finish() throws {
        for index in logs.indices {
            try flush(index)
            try logs[index].sink?.finish()
        }
    }

    private mutating func flush(_ index: Int) throws {
        let full = logs[index].buffer
        logs[index].buffer = []
        guard let sink = logs[index].sink, !full.isEmpty else { return }
        logs[index].buffer.reserveCapacity(logs[index].flushAt + 4096)
        try sink.write(full.span)
    }

    /// RFC 3339 to the millisecond; the text of the minute is kept from record to record.
    private mutating func writeTime(_ time: Int64) {
        let minute = time / Nanoseconds.minute
        if minute != self.minute {
            self.minute = minute
            let whole = Timestamp(nanoseconds: minute * Nanoseconds.minute).rfc3339(digits: 0)
            prefix = Array(whole.utf8.dropLast(3))
        }
        let milliseconds = (time % Nanoseconds.minute) / Nanoseconds.millisecond
        line.raw(prefix)
        let second = milliseconds / 1000
        line.raw(UInt8(0x30 + second / 10))
        line.raw(UInt8(0x30 + second % 10))
        line.raw(0x2E)
        line.raw(UInt8(0x30 + milliseconds / 100 % 10))
        line.raw(UInt8(0x30 + milliseconds / 10 % 10))
        line.raw(UInt8(0x30 + milliseconds % 10))
        line.raw(0x5A)
    }

    private mutating func writeClock(of actor: ActorID, _ clocks: borrowing CausalClocks) {
        line.raw(",\"vc\":{")
        var first = true
        for other in authors.indices {
            let count = clocks[actor, other]
            if count == 0 { continue }
            if !first { line.raw(0x2C) }
            first = false
            line.raw(authors[other].key)
            line.decimal(count)
        }
        line.raw(0x7D)
    }

    /// A line cut short, or with a stretch of it overwritten; still one line.
    private static func corrupted(_ bytes: [UInt8], _ random: inout Random) -> [UInt8] {
        let at = random.below(bytes.count - 1)
        if random.chance(0.5) { return Array(bytes[..<at]) + [0x0A] }
        var bytes = bytes
        for i in at..<min(at + 8, bytes.count - 1) { bytes[i] = UInt8(0x21 + random.below(94)) }
        return bytes
    }
}
