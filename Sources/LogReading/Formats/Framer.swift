import Glibc

/// Cuts a source's bytes into records, as they come: lines, lines that go on, JSON values, the elements of one huge array, or frames
/// behind their lengths. What of a record has not come yet is asked for again with more behind it.
struct Framer: ~Copyable {
    /// How the records stand; frames are told by the first bytes.
    private(set) var container: Plan.Container
    private var hasBegun = false
    private let begins: Pattern?
    private let continues: Pattern?
    private let match = Pattern.Match(groups: 0)
    /// Of the pattern that records are cut by.
    private var groups = Pattern.Match(groups: 0)
    /// No match begins ahead of this byte: so lines of none are passed without being searched again.
    private var quietEnd = 0
    private let maxLength: Int
    private var array: ArrayWalk
    /// The lines that were passed, from 0.
    private(set) var line: UInt64 = 0
    /// Whether the end of a line that is too long is still to come.
    private var isPassingOver = false

    /// What comes next.
    enum Step {
        case record(Range<Int>, line: UInt64)
        /// A record that is longer than allowed.
        case tooLong(Range<Int>, line: UInt64)
        /// Nothing to read: go on behind it.
        case skip(to: Int)
        /// More is needed; what stands ahead of the index is done with.
        case more(from: Int)
    }

    init(_ plan: Plan, _ options: ReadingOptions) {
        container = plan.parts.container
        if case .matches(let pattern) = container { groups = Pattern.Match(groups: pattern.groupCount) }
        begins = plan.parts.begins
        continues = plan.parts.continues
        maxLength = options.maxLineLength
        if case .array(let path) = plan.parts.container { array = ArrayWalk(path) } else { array = ArrayWalk([]) }
    }

    /// Goes back to a line, which is read again.
    mutating func rewind(to line: UInt64) {
        self.line = line
        quietEnd = 0
    }

    /// The next record at or behind `start`; all bytes from `start` on are there again where more was needed.
    mutating func next(_ bytes: UnsafeRawBufferPointer, from start: Int, isLast: Bool) -> Step {
        if !hasBegun {
            if bytes.count < 8, !isLast { return .more(from: start) }
            hasBegun = true
            if FrameMagic.isAhead(bytes) { container = .frames }
        }
        return step(bytes, from: start, isLast: isLast)
    }

    private mutating func step(_ bytes: UnsafeRawBufferPointer, from start: Int, isLast: Bool) -> Step {
        switch container {
        case .lines: nextLine(bytes, start, isLast)
        case .values: nextValue(bytes, start, isLast)
        case .array: nextElement(bytes, start, isLast)
        case .matches(let pattern): nextMatch(of: pattern, bytes, start, isLast)
        case .frames: nextFrame(bytes, start, isLast)
        }
    }

    // MARK: Lines

    private mutating func nextLine(_ bytes: UnsafeRawBufferPointer, _ start: Int, _ isLast: Bool) -> Step {
        guard let end = lineEnd(bytes, start) ?? (isLast && start < bytes.count ? bytes.count : nil) else {
            if bytes.count - start <= maxLength { return .more(from: start) }
            // Its end is looked for without being held.
            isPassingOver = true
            return .more(from: bytes.count)
        }
        if isPassingOver {
            isPassingOver = false
            defer { line += 1 }
            return .tooLong(start..<end, line: line)
        }
        if end - start > maxLength {
            defer { line += 1 }
            return .tooLong(start..<end, line: line)
        }
        var stop = end
        var lines: UInt64 = 1
        if begins != nil || continues != nil {
            while true {
                guard stop < bytes.count else {
                    if isLast { break }
                    return stop - start <= maxLength ? .more(from: start) : .tooLong(start..<end, line: line)
                }
                let from = stop + 1
                guard let next = lineEnd(bytes, from) ?? (isLast && from < bytes.count ? bytes.count : nil) else {
                    if isLast || bytes.count - start > maxLength { break }
                    return .more(from: start)
                }
                if next - start > maxLength || !goesOn(bytes.part(from..<next)) { break }
                stop = next
                lines += 1
            }
        }
        defer { line += lines }
        return .record(start..<stop, line: line)
    }

    private func goesOn(_ line: UnsafeRawBufferPointer) -> Bool {
        if let continues, continues.match(line, match) == .matched { return true }
        if let begins { return begins.match(line, match) != .matched }
        return false
    }

    private func lineEnd(_ bytes: UnsafeRawBufferPointer, _ start: Int) -> Int? {
        guard start < bytes.count, let base = bytes.baseAddress,
            let found = memchr(base + start, 0x0A, bytes.count - start)
        else { return nil }
        return UnsafeRawPointer(found) - base
    }

    // MARK: Matches

    /// The next match, or a line ahead of it that belongs to none. A match that reaches the end of what was read may go on there.
    private mutating func nextMatch(
        of pattern: Pattern, _ bytes: UnsafeRawBufferPointer, _ start: Int, _ isLast: Bool
    ) -> Step {
        var at = start
        while at < bytes.count, bytes[at] == 0x0A || bytes[at] == 0x0D {
            if bytes[at] == 0x0A { line += 1 }
            at += 1
        }
        if at > start { return .skip(to: at) }
        if at == bytes.count { return .more(from: at) }
        if let end = lineEnd(bytes, at), end < quietEnd { return pass(bytes, at) }
        let outcome = pattern.match(bytes, from: at, groups)
        guard outcome == .matched, let found = groups.range(0), !found.isEmpty else {
            // What was read holds none; a longer text may. Its first line waits as long as a record may be.
            if !isLast, outcome != .gaveUp, bytes.count - at <= maxLength { return .more(from: at) }
            if outcome != .gaveUp { quietEnd = isLast ? bytes.count : bytes.count - maxLength / 2 }
            return pass(bytes, at)
        }
        if found.lowerBound > at {
            quietEnd = found.lowerBound
            if let end = lineEnd(bytes, at), end < found.lowerBound { return pass(bytes, at) }
            // It begins within this line.
            return .skip(to: found.lowerBound)
        }
        if found.upperBound == bytes.count, !isLast, found.count <= maxLength { return .more(from: at) }
        let first = line
        line += UInt64(bytes.part(found).count { $0 == 0x0A })
        return found.count > maxLength ? .tooLong(found, line: first) : .record(found, line: first)
    }

    /// A line by itself.
    private func pass(_ bytes: UnsafeRawBufferPointer, _ at: Int) -> Step {
        .record(at..<(lineEnd(bytes, at) ?? bytes.count), line: line)
    }

    // MARK: JSON

    private mutating func nextValue(_ bytes: UnsafeRawBufferPointer, _ start: Int, _ isLast: Bool) -> Step {
        var at = start
        while at < bytes.count, bytes[at].isBlankByte || bytes[at] == 0x1E || bytes[at] == UInt8(ascii: ",") { at += 1 }
        if at > start { return .skip(to: at) }
        if at == bytes.count { return .more(from: at) }
        // A byte-order mark.
        if bytes[at] == 0xEF, at + 3 <= bytes.count { return .skip(to: at + 3) }
        guard bytes[at] == UInt8(ascii: "{") || bytes[at] == UInt8(ascii: "[") else {
            // What is not a value is passed over to the end of its line.
            guard let end = lineEnd(bytes, at) else {
                if bytes.count - at > maxLength { return .tooLong(at..<bytes.count, line: 0) }
                return isLast ? .record(at..<bytes.count, line: 0) : .more(from: at)
            }
            return .record(at..<end, line: 0)
        }
        if let end = JSONExtent.end(of: bytes, from: at, breakingAtLines: true) {
            return end - at > maxLength ? .tooLong(at..<end, line: 0) : .record(at..<end, line: 0)
        }
        if isLast { return .record(at..<bytes.count, line: 0) }
        return bytes.count - at > maxLength ? .tooLong(at..<bytes.count, line: 0) : .more(from: at)
    }

    private mutating func nextElement(_ bytes: UnsafeRawBufferPointer, _ start: Int, _ isLast: Bool) -> Step {
        switch array.next(bytes, from: start) {
        case .element(let range):
            return range.count > maxLength ? .tooLong(range, line: 0) : .record(range, line: 0)
        case .skip(let to): return .skip(to: to)
        case .more(let from):
            if isLast, from < bytes.count, array.isInside { return .record(from..<bytes.count, line: 0) }
            if bytes.count - from > maxLength { return .tooLong(from..<bytes.count, line: 0) }
            return .more(from: from)
        }
    }

    // MARK: Frames

    private func nextFrame(_ bytes: UnsafeRawBufferPointer, _ start: Int, _ isLast: Bool) -> Step {
        guard start + 4 <= bytes.count else {
            return isLast && start < bytes.count ? .record(start..<bytes.count, line: 0) : .more(from: start)
        }
        let length = Int(UInt32(bigEndian: bytes.loadUnaligned(fromByteOffset: start, as: UInt32.self)))
        let end = start + 4 + length
        if length > maxLength { return .tooLong(start..<bytes.count, line: 0) }
        if end > bytes.count { return isLast ? .record(start..<bytes.count, line: 0) : .more(from: start) }
        return .record(start..<end, line: 0)
    }
}

/// How far a JSON value reaches.
enum JSONExtent {
    /// The index behind the object or array that begins at `start`; nil where it does not end here.
    /// - Parameter breakingAtLines: whether a line that begins with a brace ends it, whole or not: nothing inside of a value begins
    ///   so, neither on one line nor laid out on several, and a line that was cut must not take those behind it along.
    static func end(of bytes: UnsafeRawBufferPointer, from start: Int, breakingAtLines: Bool = false) -> Int? {
        var depth = 0
        var at = start
        while at < bytes.count {
            switch bytes[at] {
            case UInt8(ascii: "\""):
                guard let end = string(bytes, from: at) else {
                    return breakingAtLines ? lineWithBrace(bytes, at..<bytes.count) : nil
                }
                if breakingAtLines, let cut = lineWithBrace(bytes, at..<end) { return cut }
                at = end
                continue
            case 0x0A where breakingAtLines && at + 1 < bytes.count && bytes[at + 1] == UInt8(ascii: "{"):
                return at + 1
            case UInt8(ascii: "{"), UInt8(ascii: "["): depth += 1
            case UInt8(ascii: "}"), UInt8(ascii: "]"):
                depth -= 1
                if depth <= 0 { return at + 1 }
            default: break
            }
            at += 1
        }
        return nil
    }

    /// Where in a range a line begins with a brace.
    private static func lineWithBrace(_ bytes: UnsafeRawBufferPointer, _ range: Range<Int>) -> Int? {
        guard let base = bytes.baseAddress else { return nil }
        var at = range.lowerBound
        while at < range.upperBound, let found = memchr(base + at, 0x0A, range.upperBound - at) {
            at = UnsafeRawPointer(found) - base + 1
            if at < bytes.count, bytes[at] == UInt8(ascii: "{") { return at }
        }
        return nil
    }

    /// The index behind the string that begins at `start`.
    static func string(_ bytes: UnsafeRawBufferPointer, from start: Int) -> Int? {
        var at = start + 1
        while at < bytes.count {
            guard let base = bytes.baseAddress, let found = memchr(base + at, 0x22, bytes.count - at) else {
                return nil
            }
            let quote = UnsafeRawPointer(found) - base
            var backslashes = 0
            while quote - backslashes - 1 > start, bytes[quote - backslashes - 1] == UInt8(ascii: "\\") {
                backslashes += 1
            }
            if backslashes.isMultiple(of: 2) { return quote + 1 }
            at = quote + 1
        }
        return nil
    }
}
