import IncidentLab

/// Keeps a bundle in memory.
final class MemorySink: BundleSink {
    final class Log: LogSink {
        fileprivate(set) var bytes: [UInt8] = []
        fileprivate(set) var isFinished = false

        func write(_ bytes: borrowing Span<UInt8>) {
            for i in bytes.indices { self.bytes.append(bytes[i]) }
        }

        func finish() { isFinished = true }
    }

    private(set) var logs: [String: Log] = [:]
    /// The rotations that were asked for.
    private(set) var rotations: [Int] = []

    func open(log name: String, rotation: Int?) -> any LogSink {
        if let rotation { rotations.append(rotation) }
        let log = Log()
        logs[name] = log
        return log
    }

    /// A log's lines.
    func lines(_ name: String) -> [Substring] {
        String(decoding: logs[name]?.bytes ?? [], as: UTF8.self).split(separator: "\n")
    }

    /// The names of the logs, sorted.
    var names: [String] { logs.keys.sorted() }

    /// A number for all bytes of all logs (FNV-1a).
    var fingerprint: UInt64 {
        var hash: UInt64 = 0xCBF2_9CE4_8422_2325
        for name in names {
            for byte in Array(name.utf8) + (logs[name]?.bytes ?? []) {
                hash = (hash ^ UInt64(byte)) &* 0x0000_0100_0000_01B3
            }
        }
        return hash
    }
}

/// Keeps nothing.
final class NoSink: BundleSink, LogSink {
    func open(log name: String, rotation: Int?) -> any LogSink { self }
    func write(_ bytes: borrowing Span<UInt8>) {}
    func finish() {}
}
