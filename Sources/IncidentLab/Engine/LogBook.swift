import EventModel

/// Writes the actors' logs: a buffer for each, handed to its sink whenever it is full. Holds nothing that grows with the log.
struct LogBook {
    private struct Log {
        let head: [UInt8]
        let key: [UInt8]
        let sink: (any LogSink)?
        let offset: Int64
        let driftPerBillion: Int64
        var buffer: [UInt8] = []
    }

    private static let flushAt = 1 << 16

    private var logs: [Log] = []
    private let damage: Damage
    private let start: Int64
    private var random: Random
    private var line = Line()
    private var minute: Int64 = .min
    private var prefix: [UInt8] = []

    init(cast: [Role], seed: UInt64, start: Int64, damage: Damage, sink: any BundleSink) throws {
        self.damage = damage
        self.start = start
        random = Random(seed: seed, stream: 0xDA3A6E)
        for role in cast {
            let lost = damage.noStoreLog && role.title == "store"
            let offset = damage.skew > 0 ? random.among(-damage.skew, damage.skew) : 0
            let drift = damage.skew > 0 ? random.among(-10_000, 10_000) : 0
            logs.append(
                Log(
                    head: Array("\",\"actor\":\"\(role.name)\",\"role\":\"\(role.title)\"".utf8),
                    key: Array("\"\(role.name)\":".utf8),
                    sink: lost ? nil : try sink.open(log: role.name), offset: offset, driftPerBillion: drift))
        }
    }

    /// Writes one record of an actor; `fields` adds what stands after `event`.
    mutating func write(
        _ actor: ActorID, _ event: String, at time: Int64, clocks: borrowing CausalClocks,
        _ fields: (inout Line) -> Void
    ) throws {
        let index = Int(actor.index)
        line.clear()
        line.raw("{\"ts\":\"")
        writeTime(time + logs[index].offset + (time - start) / 1_000_000_000 * logs[index].driftPerBillion)
        line.raw(logs[index].head)
        if !damage.noClocks { writeClock(of: actor, clocks) }
        line.field("event", event)
        fields(&line)
        line.raw("}\n")
        if damage.loss > 0, random.chance(damage.loss) { return }
        if damage.corrupt > 0, random.chance(damage.corrupt) {
            logs[index].buffer.append(contentsOf: LogBook.corrupted(line.bytes, &random))
        } else {
            logs[index].buffer.append(contentsOf: line.bytes)
        }
        if damage.duplicate > 0, random.chance(damage.duplicate) { logs[index].buffer.append(contentsOf: line.bytes) }
        if logs[index].buffer.count >= LogBook.flushAt { try flush(index) }
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
        logs[index].buffer.reserveCapacity(LogBook.flushAt + 4096)
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
        for other in logs.indices {
            let count = clocks[actor, other]
            if count == 0 { continue }
            if !first { line.raw(0x2C) }
            first = false
            line.raw(logs[other].key)
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
