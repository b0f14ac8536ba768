import EventModel
import Testing

@testable import Reporting

@Suite("Text of a log in Markdown stays text")
struct MarkdownTextTests {
    @Test(
        "Words that mean nothing to GitHub stay as they are",
        arguments: [
            "enactor-az1", "dynamodb.us-east-1.amazonaws.com", "06:47:58.113Z", "a.log.zst:20113", "3 min 12 s",
            "(operator.log:17): the last", "x::",
            "writes plan 110, displacing 145 (commit 20417)", "−3 ms · über 日本", "deadbeefs", "12:34",
        ])
    func plain(text: String) {
        #expect(MarkdownText.inline(text) == text)
    }

    @Test(
        "What GitHub would act on stands in a code span",
        arguments: [
            ("@octocat", "`@octocat`"), ("see #12 now", "see `#12` now"), ("gh-12", "`gh-12`"),
            ("www.evil.example", "`www.evil.example`"), ("https://x", "`https://x`"), ("deadbee", "`deadbee`"),
            ("1234567", "`1234567`"), (":x:", "`:x:`"), ("a|b", "`a`&#124;`b`"), ("`", "`` ` ``"),
            ("<b>", "`<b>`"), ("\u{1B}[m", "`\\u{1b}[m`"), ("a\nb", "`a\\nb`"), ("- x", "`-` x"), ("1. x", "`1.` x"),
            ("\\|", "`\\`&#124;"), ("_x_", "`_x_`"), ("$a$", "`$a$`"), ("06:1:22", "`06:1:22`"), (":100:", "`:100:`"),
            ("(begins with {)", "(begins with `{`)"), ("<0.1 %, usually", "`<0.1` %, usually"),
            ("a_b, \"c_d\": e_f.", "`a_b`, \"`c_d`\": `e_f`."), ("f(x_y)", "`f(x_y)`"), ("(:x:)", "(`:x:`)"),
            ("(www.evil.example).", "(`www.evil.example`)."),
        ])
    func coded(text: String, markdown: String) {
        #expect(MarkdownText.inline(text) == markdown)
    }

    /// Takes code spans away as CommonMark finds them: a run of backticks up to the next run of the same length.
    private func withoutCode(_ text: String) -> String? {
        let scalars = Array(text.unicodeScalars)
        var result = ""
        var at = 0
        while at < scalars.count {
            guard scalars[at] == "`" else {
                result.unicodeScalars.append(scalars[at])
                at += 1
                continue
            }
            let length = scalars[at...].prefix { $0 == "`" }.count
            var end = at + length
            while end < scalars.count {
                let run = scalars[end...].prefix { $0 == "`" }.count
                if run == length { break }
                end += max(run, 1)
            }
            if end >= scalars.count { return nil }
            result += "\u{1}"
            at = end + length
        }
        return result
    }

    @Test("Outside code spans nothing is left that could be markup, a mention, a link or a reference")
    func law() throws {
        var generator = SeededGenerator(state: 7)
        for _ in 0..<5000 {
            let text = Hostile.text(&generator)
            let markdown = MarkdownText.inline(text)
            let rest = try #require(withoutCode(markdown), "an open code span from \(text.debugDescription)")
                .split(separator: "&#124;", omittingEmptySubsequences: false).joined(separator: "\u{1}")
            #expect(!markdown.contains("|"), "a pipe from \(text.debugDescription)")
            #expect(
                !markdown.unicodeScalars.contains { VisibleText.hides($0) }, "hidden text from \(text.debugDescription)"
            )
            let marks = rest.unicodeScalars.filter { "@#<>&\\*_~[]`$^{}|".unicodeScalars.contains($0) }
            #expect(marks.isEmpty, "\(marks) is left of \(text.debugDescription) in \(markdown)")
            let lower = rest.lowercased()
            #expect(!lower.contains("www.") && !lower.contains("://"), "a link from \(text.debugDescription)")
            #expect(!rest.contains(/\b[0-9a-fA-F]{7,40}\b/), "a commit from \(text.debugDescription)")
            #expect(!lower.contains(/gh-[0-9]/), "an issue from \(text.debugDescription)")
            #expect(!rest.contains(/:[a-z0-9+_-]+:/) || rest.contains(/\d\d:\d\d:\d\d/), "an emoji from \(text)")
        }
    }

    @Test("Long text is cut with an ellipsis")
    func long() {
        #expect(MarkdownText.inline(String(repeating: "x", count: 500), limit: 10) == "xxxxxxxxxx…")
    }
}
