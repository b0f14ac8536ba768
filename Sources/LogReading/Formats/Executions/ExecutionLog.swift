import CSimdjson
import EventModel

/// Reads logs in the manner of ShiViz: an expression with the named groups `host`, `clock` (an object of counts) and `event` finds the
/// events in the text, which may span lines; a second one with the group `trace` separates executions.
public struct ExecutionLog {
    /// What was found between two separators.
    public struct Execution: Sendable {
        /// What the separator calls it; empty without one.
        public var label = ""
        /// The hosts' names, by number.
        public var hosts: [String] = []
        /// The events, in the order of the text.
        public var events: [Event] = []
        /// Lines that belong to no event, blank ones left out: how many, and the first.
        public var unmatched = 0
        /// Its number in the log, from 1.
        public var firstUnmatched: Int?
        /// Events whose clock is not an object of counts, or has no entry of its own host: they are left out.
        public var faults = 0
        /// The line of the first.
        public var firstFault: Int?
    }

    /// An event.
    public struct Event: Sendable {
        /// Whose it is.
        public var host: Int
        /// The clock's entries, by host.
        public var clock: [Int: Int64]
        /// The line at which it begins, from 1.
        public var line: Int
        /// The own entry.
        public var own: Int64 { clock[host] ?? 0 }
    }

    /// Why a log cannot be read so.
    public struct Failure: Error {
        /// What is wrong.
        public var message: String
        /// What to do about it.
        public var hint: String?
    }

    private let pattern: Pattern
    private let delimiter: Pattern?

    /// Prepares the expressions.
    public init(pattern: String, delimiter: String?) throws(Failure) {
        self.pattern = try Self.compiled(pattern, "--pattern", needing: ["host", "clock"])
        self.delimiter = try delimiter.map { text throws(Failure) in try Self.compiled(text, "--delimiter", needing: [])
        }
    }

    private static func compiled(
        _ text: String, _ option: String, needing groups: [String]
    ) throws(Failure) -> Pattern {
        let pattern: Pattern
        do throws(Pattern.Fault) {
            pattern = try Pattern(text, isMultiline: true)
        } catch {
            throw Failure(message: "\(option) is wrong at character \(error.offset + 1): \(error.message)")
        }
        for group in groups where !pattern.groups.contains(where: { $0.name.text == group }) {
            throw Failure(
                message: "\(option) has no group '\(group)'",
                hint: "name the groups (?<host>…), (?<clock>…) and (?<event>…)")
        }
        return pattern
    }

    /// The expression that a log's first line is, and the delimiter that its second is, as ShiViz' own examples carry them; nil
    /// where it is none.
    static func inHead(_ text: UnsafeRawBufferPointer) -> (pattern: String, delimiter: String?)? {
        let lines = text.prefix(4096).split(separator: 0x0A, maxSplits: 2, omittingEmptySubsequences: false)
        guard let first = lines.first else { return nil }
        let pattern = String(decoding: first, as: UTF8.self)
        guard pattern.contains("(?<host>"), pattern.contains("(?<clock>") else { return nil }
        let second = lines.count > 1 ? String(decoding: lines[1], as: UTF8.self) : ""
        return (pattern, second.contains("(?<trace>") ? second : nil)
    }

    /// The forms that are tried where no expression is given: GoVector's two lines an event, either way round.
    static let wellKnown = [
        #"^(?<host>\S+) (?<clock>\{.*\})\n(?<event>.*)$"#, #"^(?<event>.*)\n(?<host>\S+) (?<clock>\{.*\})$"#,
    ]

    /// Reads a log whose expression its head, or its first events, tell.
    public static func read(_ source: LogSource, _ options: ReadingOptions) throws(Failure) -> [Execution] {
        let text = try bytes(of: source)
        let head = text.withUnsafeBytes(inHead)
        if let head {
            return try ExecutionLog(pattern: head.pattern, delimiter: head.delimiter).executions(text, options)
        }
        for pattern in wellKnown {
            let found = try ExecutionLog(pattern: pattern, delimiter: nil).executions(text, options)
            if found.contains(where: { !$0.events.isEmpty }) { return found }
        }
        throw Failure(
            message: "no event with a vector clock was found in \(source.path)",
            hint: "say with --pattern how its events look: (?<host>\\S+) (?<clock>{.*})\\n(?<event>.*)")
    }

    /// Reads a log.
    public func read(_ source: LogSource, _ options: ReadingOptions) throws(Failure) -> [Execution] {
        try executions(Self.bytes(of: source), options)
    }

    /// How large a log may be: all of it is held.
    private static let mostBytes = 256 << 20

    private static func bytes(of source: LogSource) throws(Failure) -> [UInt8] {
        do throws(ReadFault) {
            let head = try source.open().beginning(mostBytes)
            if let fault = head.fault { throw fault }
            if !head.isWhole {
                throw ReadFault(code: .tooLarge, path: source.path, byte: nil, message: "a log of more than 256 MiB")
            }
            return head.bytes
        } catch {
            throw Failure(message: "\(source.path): \(error.message)", hint: error.hint)
        }
    }

    // MARK: Text

    private func executions(_ text: [UInt8], _ options: ReadingOptions) throws(Failure) -> [Execution] {
        guard let parser = JSONParser(capacity: options.maxLineLength, depth: 4) else {
            throw Failure(message: "no memory for the parser")
        }
        var result: [Execution] = []
        text.withUnsafeBytes { text in
            for (label, range) in parts(of: text) {
                var execution = Execution()
                execution.label = label
                read(text, range, parser, into: &execution)
                if !execution.events.isEmpty || execution.faults > 0 || !label.isEmpty { result.append(execution) }
            }
        }
        return result
    }

    /// The text between separators, each with what the one ahead of it calls it.
    private func parts(of text: UnsafeRawBufferPointer) -> [(String, Range<Int>)] {
        guard let delimiter else { return [("", 0..<text.count)] }
        let match = Pattern.Match(groups: delimiter.groupCount)
        let trace = delimiter.groups.first { $0.name.text == "trace" }?.number
        var parts: [(String, Range<Int>)] = []
        var label = ""
        var (start, at) = (0, 0)
        while at <= text.count, delimiter.match(text, from: at, match) == .matched, let range = match.range(0) {
            parts.append((label, start..<range.lowerBound))
            label = trace.flatMap { match.range($0) }.map { String(decoding: text.part($0), as: UTF8.self) } ?? ""
            start = range.upperBound
            at = max(range.upperBound, range.lowerBound + 1)
        }
        parts.append((label, start..<text.count))
        return parts
    }

    private func read(
        _ text: UnsafeRawBufferPointer, _ range: Range<Int>, _ parser: JSONParser, into execution: inout Execution
    ) {
        func number(_ name: String) -> Int { pattern.groups.first { $0.name.text == name }?.number ?? 0 }
        let (host, clock) = (number("host"), number("clock"))
        let match = Pattern.Match(groups: pattern.groupCount)
        let whole = text.part(0..<range.upperBound)
        var hosts: [String: Int] = [:]
        var lines = LineNumbers(text)
        var at = range.lowerBound
        while at <= range.upperBound, pattern.match(whole, from: at, match) == .matched, let found = match.range(0) {
            lines.note(unmatched: at..<found.lowerBound, in: &execution)
            if let host = match.range(host), let clock = match.range(clock) {
                let name = String(decoding: whole.part(host), as: UTF8.self)
                if let entries = Self.clock(whole.part(clock), parser), entries.contains(where: { $0.name == name }) {
                    func number(_ name: String) -> Int {
                        if let known = hosts[name] { return known }
                        hosts[name] = hosts.count
                        execution.hosts.append(name)
                        return hosts.count - 1
                    }
                    let own = number(name)
                    let clock = Dictionary(entries.map { (number($0.name), $0.count) }, uniquingKeysWith: { $1 })
                    execution.events.append(Event(host: own, clock: clock, line: lines.number(of: found.lowerBound)))
                } else {
                    execution.faults += 1
                    execution.firstFault = execution.firstFault ?? lines.number(of: found.lowerBound)
                }
            }
            at = max(found.upperBound, found.lowerBound + 1)
        }
        lines.note(unmatched: min(at, range.upperBound)..<range.upperBound, in: &execution)
    }

    private static func clock(
        _ text: UnsafeRawBufferPointer, _ parser: JSONParser
    ) -> [(name: String, count: Int64)]? {
        guard case .success(let root) = parser.parse(text, isPadded: false) else { return nil }
        var entries: [(String, Int64)] = []
        for (name, entry) in JSONMembers(of: root) {
            guard let name, case .integer(let count) = FieldValue(entry), count >= 0 else { return nil }
            entries.append((String(decoding: name, as: UTF8.self), count))
        }
        return entries
    }
}

/// Counts lines on the way through a text.
private struct LineNumbers {
    private let text: UnsafeRawBufferPointer
    private var line = 1
    private var counted = 0

    init(_ text: UnsafeRawBufferPointer) { self.text = text }

    /// The number of the line of a byte, which never goes back.
    mutating func number(of byte: Int) -> Int {
        while counted < byte {
            if text[counted] == 0x0A { line += 1 }
            counted += 1
        }
        return line
    }

    /// Counts lines of which no event was made.
    mutating func note(unmatched range: Range<Int>, in execution: inout ExecutionLog.Execution) {
        if range.isEmpty { return }
        for part in text[range].split(separator: 0x0A) where !part.allSatisfy(\.isBlankByte) {
            execution.unmatched += 1
            execution.firstUnmatched = execution.firstUnmatched ?? number(of: part.startIndex)
        }
    }
}
