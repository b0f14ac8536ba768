import CPCRE2
import EventModel

/// A compiled pattern of PCRE2, with limits on how much a match may take: `(a+)+b` ends soon on whatever it is given.
final class Pattern: @unchecked Sendable {
    // Unchecked: the compiled code is not changed after init, and PCRE2 allows many threads to match with it.
    private let code: OpaquePointer
    private let context: OpaquePointer
    /// Names of groups, with their numbers.
    let groups: [(name: FieldName, number: Int)]
    let groupCount: Int
    let source: String

    /// Why a pattern cannot be compiled.
    struct Fault: Error {
        var message: String
        /// The byte of the pattern.
        var offset: Int
    }

    /// How a match ended.
    enum Outcome {
        case matched, unmatched
        /// A limit was reached.
        case gaveUp
    }

    /// Backtracking steps that a match may take, and bytes of memory for it: a match that needs more is given up.
    private static let matchLimit: UInt32 = 200_000
    private static let depthLimit: UInt32 = 2_000
    private static let heapLimit: UInt32 = 16 << 10

    init(_ source: String, isMultiline: Bool = false) throws(Fault) {
        self.source = source
        var number: Int32 = 0
        var offset = 0
        var options = PCRE2_UTF | PCRE2_MATCH_INVALID_UTF | PCRE2_NEVER_BACKSLASH_C
        if isMultiline { options |= UInt32(PCRE2_MULTILINE) }
        let bytes = Array(source.utf8)
        let compiled = bytes.withUnsafeBufferPointer {
            pcre2_compile_8($0.baseAddress, bytes.count, UInt32(options), &number, &offset, nil)
        }
        guard let compiled else {
            throw Fault(message: Pattern.words(number), offset: offset)
        }
        code = compiled
        // Where there is no just-in-time compiler, the interpreter does.
        pcre2_jit_compile_8(compiled, UInt32(PCRE2_JIT_COMPLETE))
        guard let context = pcre2_match_context_create_8(nil) else {
            pcre2_code_free_8(compiled)
            throw Fault(message: "no memory for it", offset: 0)
        }
        pcre2_set_match_limit_8(context, Pattern.matchLimit)
        pcre2_set_depth_limit_8(context, Pattern.depthLimit)
        pcre2_set_heap_limit_8(context, Pattern.heapLimit)
        self.context = context
        var count: UInt32 = 0
        pcre2_pattern_info_8(compiled, UInt32(PCRE2_INFO_CAPTURECOUNT), &count)
        groupCount = Int(count)
        groups = Pattern.names(compiled)
    }

    deinit {
        pcre2_match_context_free_8(context)
        pcre2_code_free_8(code)
    }

    /// Where the groups of a match lie; reused from match to match. One thread at a time.
    final class Match {
        fileprivate let data: OpaquePointer?
        private let offsets: UnsafeMutablePointer<Int>?
        fileprivate(set) var count = 0

        /// Room for the groups of any of these patterns.
        init(groups: Int) {
            data = pcre2_match_data_create_8(UInt32(groups + 1), nil)
            offsets = data.map { pcre2_get_ovector_pointer_8($0) }
        }

        deinit { pcre2_match_data_free_8(data) }

        /// The range of a group; nil where it took no part. 0 is the whole match.
        func range(_ group: Int) -> Range<Int>? {
            guard group < count, let offsets, offsets[2 * group] != .max, offsets[2 * group] >= 0,
                offsets[2 * group] <= offsets[2 * group + 1]
            else { return nil }
            return offsets[2 * group]..<offsets[2 * group + 1]
        }
    }

    /// Looks for the pattern in a text, from a byte on.
    func match(_ text: UnsafeRawBufferPointer, from start: Int = 0, _ match: Match) -> Outcome {
        guard let data = match.data else { return .gaveUp }
        // PCRE2 wants an address also of nothing.
        let base = text.baseAddress ?? UnsafeRawPointer(bitPattern: 1)
        let result = pcre2_match_8(
            code, base?.assumingMemoryBound(to: UInt8.self), text.count, start, 0, data, context)
        if result > 0 {
            match.count = Int(result)
            return .matched
        }
        match.count = 0
        return result == PCRE2_ERROR_NOMATCH ? .unmatched : .gaveUp
    }

    private static func words(_ number: Int32) -> String {
        var buffer = [UInt8](repeating: 0, count: 256)
        let count = pcre2_get_error_message_8(number, &buffer, buffer.count)
        return count > 0 ? String(decoding: buffer[..<Int(count)], as: UTF8.self) : "error \(number)"
    }

    private static func names(_ code: OpaquePointer) -> [(FieldName, Int)] {
        var count: UInt32 = 0
        var size: UInt32 = 0
        var table: UnsafePointer<UInt8>?
        pcre2_pattern_info_8(code, UInt32(PCRE2_INFO_NAMECOUNT), &count)
        pcre2_pattern_info_8(code, UInt32(PCRE2_INFO_NAMEENTRYSIZE), &size)
        pcre2_pattern_info_8(code, UInt32(PCRE2_INFO_NAMETABLE), &table)
        guard let table else { return [] }
        // An entry is the group's number in two bytes, then its name and a zero.
        return (0..<Int(count)).map { index in
            let entry = table + index * Int(size)
            let name = String(cString: UnsafeRawPointer(entry + 2).assumingMemoryBound(to: CChar.self))
            return (FieldName(name), Int(entry[0]) << 8 | Int(entry[1]))
        }
    }
}
