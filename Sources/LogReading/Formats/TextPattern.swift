/// A user's pattern that is looked for in texts of a report.
package struct TextPattern: Sendable {
    private let pattern: Pattern

    /// What is wrong with a pattern, and where.
    package struct Fault: Error {
        package let message: String
        /// The byte of the pattern.
        package let offset: Int
    }

    package init(_ source: String) throws(Fault) {
        do throws(Pattern.Fault) {
            pattern = try Pattern(source)
        } catch {
            throw Fault(message: error.message, offset: error.offset)
        }
    }

    /// A text with each match replaced, and how many there were. Where a limit of the search is reached, the rest counts as one match: what
    /// could not be searched must not be shown.
    package func replacing(in text: String, with mark: String) -> (text: String, count: Int) {
        let bytes = Array(text.utf8)
        let match = Pattern.Match(groups: pattern.groupCount)
        var result: [UInt8] = []
        var count = 0
        var start = 0
        bytes.withUnsafeBytes { whole in
            while start <= whole.count {
                let outcome = pattern.match(whole, from: start, match)
                if outcome == .gaveUp {
                    result += Array(mark.utf8)
                    count += 1
                    start = whole.count + 1
                    return
                }
                guard outcome == .matched, let found = match.range(0) else { break }
                result += whole[start..<max(start, found.lowerBound)]
                if found.isEmpty {
                    // A match of nothing hides nothing.
                    guard found.lowerBound < whole.count else { start = found.lowerBound; break }
                    result.append(whole[found.lowerBound])
                    start = found.lowerBound + 1
                    while start < whole.count, whole[start] & 0xC0 == 0x80 {
                        result.append(whole[start])
                        start += 1
                    }
                } else {
                    result += Array(mark.utf8)
                    count += 1
                    start = found.upperBound
                }
            }
            if start <= whole.count { result += whole[start...] }
        }
        return (String(decoding: result, as: UTF8.self), count)
    }
}
