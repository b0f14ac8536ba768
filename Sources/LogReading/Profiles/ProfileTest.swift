import EventModel

/// Runs a profile over its samples.
public enum ProfileTest {
    /// What is wrong with a sample.
    public struct Mismatch: Sendable, Hashable {
        /// The line of the profile at which the sample begins.
        public var line: Int
        /// What is not as expected.
        public var message: String
    }

    /// What is not as the samples say; empty where everything is.
    public static func mismatches(of plan: Plan, options: ReadingOptions = ReadingOptions()) -> [Mismatch] {
        var result: [Mismatch] = []
        for sample in plan.parts.samples {
            let reading = ProfileTrial(plan, path: sample.path, options).read(
                sample.lines.joined(separator: "\n") + "\n")
            let made = reading.events.map { RecordMembers(Array($0.text.utf8)) }
            for fault in reading.faults { result.append(Mismatch(line: sample.line, message: fault)) }
            if made.count != sample.events.count {
                result.append(
                    Mismatch(
                        line: sample.line,
                        message: "the lines become \(made.count) events, not \(sample.events.count)"
                            + (reading.left.isEmpty ? "" : "; left: " + reading.left.joined(separator: ", "))))
            }
            for (number, (event, expected)) in zip(made, sample.events).enumerated() {
                for (key, json) in expected where !isSame(event.text(key), json, key) {
                    let got = event.text(key) ?? "nothing"
                    result.append(
                        Mismatch(line: sample.line, message: "event \(number + 1): \(key) is \(got), not \(json)"))
                }
            }
        }
        return result
    }

    private static func isSame(_ got: String?, _ want: String, _ key: String) -> Bool {
        guard let got else { return want == "null" }
        if got == want { return true }
        if key == "ts" { return time(got) != nil && time(got) == time(want) }
        if let a = Double(got), let b = Double(want) { return abs(a - b) <= 1e-9 * max(1, abs(b)) }
        return RecordMembers.text(of: ArraySlice(got.utf8)) == RecordMembers.text(of: ArraySlice(want.utf8))
            && got.first == want.first && got.first == "\""
    }

    private static func time(_ json: String) -> Int64? {
        let text = json.first == "\"" ? RecordMembers.text(of: ArraySlice(json.utf8)) : json
        var reader = TimeReader(assumedZone: 0)
        return Array(text.utf8).withUnsafeBytes { bytes in
            switch reader.read(bytes) {
            case .time(let time), .leapSecond(let time): time
            case .counted(let count): count.time.nanoseconds
            case .absent, .withoutZone, .invalid: nil
            }
        }
    }
}

/// Reads a piece of text by a profile, as a log of that path would be.
public struct ProfileTrial {
    private let plan: Plan
    private let path: String
    private let options: ReadingOptions

    /// Prepares it.
    public init(_ plan: Plan, path: String, _ options: ReadingOptions = ReadingOptions()) {
        self.plan = plan
        self.path = path
        self.options = options
    }

    /// What became of a text.
    public struct Reading: Sendable {
        /// The events as lines of `inquest.events/1`, each with the number of its line or record.
        public var events: [(line: UInt64, text: String)] = []
        /// What was wrong with records.
        public var faults: [String] = []
        /// Why others made no event.
        public var left: [String] = []
    }

    /// Reads a text.
    public func read(_ text: String) -> Reading {
        let decoder = ProfileDecoder(plan, path: SourceName(path: path), options)
        var batch = EventBatch()
        var block = RawBlock()
        block.bytes = Array(text.utf8)
        block.used = block.bytes.count
        decoder.decode(block, isLast: true, into: &batch, keepingText: true)
        var reading = Reading()
        for row in 0..<batch.count {
            reading.events.append(
                (batch.line(at: row), String(decoding: batch.text[batch.textRange(at: row)], as: UTF8.self)))
        }
        reading.faults = batch.faults.map { "line \($0.line + 1): \($0.detail)" }
        reading.left = batch.left.map { "\($0.value) (\($0.key.words))" }.sorted()
        return reading
    }
}
