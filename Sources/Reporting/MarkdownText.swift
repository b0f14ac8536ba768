import EventModel

/// Text of a log as Markdown that shows just this text, on GitHub and in any renderer of CommonMark.
///
/// Word by word: a word that nothing could take for more than text stays; every other goes into a code span. A code span is
/// what stops everything: no markup, HTML, entity or autolink inside it counts, and GitHub leaves code alone when it looks
/// for mentions, issue and commit references and emoji, which it does *after* rendering, so that neither a backslash nor an entity
/// would keep `@name` from calling somebody. Pipes, which cut a table's row before anything else is looked at,
/// are written as entities between code spans.
enum MarkdownText {
    /// A log's text as inline Markdown of one line: for table cells, list items and headings.
    static func inline(_ text: String, limit: Int = 400) -> String {
        var shown = VisibleText.cell(text)
        if shown.unicodeScalars.count > limit {
            shown = String(String.UnicodeScalarView(shown.unicodeScalars.prefix(limit))) + "…"
        }
        let words = shown.split(separator: " ")
        var result = ""
        for (index, word) in words.enumerated() {
            if index > 0 { result += " " }
            result += index == 0 && opensBlock(word) ? code(word) : spanned(word)
        }
        return result
    }

    /// A word as it is, or what is not harmless of it as code: brackets and quotes around it and the punctuation of the sentence
    /// behind it stay outside.
    private static func spanned(_ word: Substring) -> String {
        if isHarmless(word) { return String(word) }
        let scalars = word.unicodeScalars
        let start = scalars.firstIndex { !"(\"'".unicodeScalars.contains($0) } ?? scalars.endIndex
        var end = scalars.endIndex
        while end > start {
            let last = scalars.index(before: end)
            guard ").,;:!?\"'".unicodeScalars.contains(scalars[last]) else { break }
            // A bracket that was opened in the word belongs to it.
            let core = scalars[start..<end]
            if scalars[last] == ")", core.count(where: { $0 == "(" }) >= core.count(where: { $0 == ")" }) { break }
            // Two colons may be the ends of an emoji's name.
            if scalars[last] == ":", scalars[start..<last].contains(":") { break }
            end = last
        }
        let core = word[start..<end]
        return isHarmless(core) ? code(word) : String(word[..<start]) + code(core) + String(word[end...])
    }

    /// One word as code spans, its pipes as entities between them.
    private static func code(_ word: Substring) -> String {
        // Scalars, not characters: a mark that combines with a backquote or a pipe takes nothing from what it means to Markdown.
        word.unicodeScalars.split(separator: "|", omittingEmptySubsequences: false).map { part in
            if part.isEmpty { return "" }
            var longest = 0
            var run = 0
            for scalar in part {
                run = scalar == "`" ? run + 1 : 0
                longest = max(longest, run)
            }
            let fence = String(repeating: "`", count: longest + 1)
            let gap = part.first == "`" || part.last == "`" ? " " : ""
            return fence + gap + String(part) + gap + fence
        }.joined(separator: "&#124;")
    }

    /// Whether a word means nothing but itself to Markdown and to GitHub.
    static func isHarmless(_ word: Substring) -> Bool {
        let scalars = Array(word.unicodeScalars)
        for scalar in scalars {
            switch scalar {
            case "0"..."9", "a"..."z", "A"..."Z": break
            case "-", ".", ",", ";", "(", ")", "=", "+", "%", "'", "\"", "/", "?", "!", ":": break
            default: if scalar.isASCII { return false }
            }
        }
        if namesEmoji(scalars), !isTime(scalars) { return false }
        let lower = word.lowercased()
        return !lower.contains("www.") && !lower.contains("://") && !isIssue(lower) && !namesCommit(scalars)
    }

    /// Whether seven or more hexadecimal digits stand alone among what is no letter or digit: they could name a commit.
    private static func namesCommit(_ scalars: [Unicode.Scalar]) -> Bool {
        scalars.split { !($0.isASCII && $0.properties.isAlphabetic) && !("0"..."9").contains($0) }.contains { run in
            run.count >= 7 && run.allSatisfy(\.properties.isASCIIHexDigit)
        }
    }

    /// Whether two colons have nothing but what an emoji's name is made of between them.
    private static func namesEmoji(_ scalars: [Unicode.Scalar]) -> Bool {
        let runs = scalars.split(separator: ":", omittingEmptySubsequences: false)
        return runs.dropFirst().dropLast().contains { run in
            !run.isEmpty
                && run.allSatisfy {
                    $0.properties.isAlphabetic || ("0"..."9").contains($0) || "+-_".unicodeScalars.contains($0)
                }
        }
    }

    /// Whether every colon stands between digits in pairs, as in a time of day.
    private static func isTime(_ scalars: [Unicode.Scalar]) -> Bool {
        let isDigit = { (index: Int) in scalars.indices.contains(index) && ("0"..."9").contains(scalars[index]) }
        return scalars.indices.allSatisfy { index in
            scalars[index] != ":"
                || (isDigit(index - 1) && isDigit(index - 2) && isDigit(index + 1) && isDigit(index + 2)
                    && !isDigit(index - 3) && !isDigit(index + 3))
        }
    }

    /// `gh-12`, anywhere in the word.
    private static func isIssue(_ lower: String) -> Bool {
        var rest = lower[...]
        while let found = rest.firstRange(of: "gh-") {
            rest = rest[found.upperBound...]
            if let next = rest.unicodeScalars.first, ("0"..."9").contains(next) { return true }
        }
        return false
    }

    /// Whether a word at a line's beginning would open a list, a heading's underline or a thematic break.
    private static func opensBlock(_ word: Substring) -> Bool {
        let marks = word.unicodeScalars.allSatisfy { "-+=".unicodeScalars.contains($0) }
        guard let last = word.unicodeScalars.last else { return false }
        let number = word.unicodeScalars.dropLast().allSatisfy { ("0"..."9").contains($0) }
        return marks || (number && (last == "." || last == ")"))
    }
}
