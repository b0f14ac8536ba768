@testable import Reporting
import EventModel

/// A log's text as Markdown shows just that text: outside code spans nothing is left that means something, and what hides is shown.
func fuzzMarkdown(_ input: UnsafeRawBufferPointer) {
    let text = String(decoding: input.prefix(2000), as: UTF8.self)
    let markdown = MarkdownText.inline(text, limit: 100_000)
    check(!markdown.unicodeScalars.contains(where: VisibleText.hides), "something hidden is left: \(markdown)")
    let (outside, shown) = split(Array(markdown.unicodeScalars))
    for mark in outside where "<>*_[]@#`~\\&|$".unicodeScalars.contains(mark) {
        check(false, "\(mark) stands outside code in \(markdown)")
    }
    let outsideText = String(String.UnicodeScalarView(outside)).lowercased()
    for link in ["://", "www."] { check(!outsideText.contains(link), "a link stands outside code in \(markdown)") }
    let words = { (text: String) in text.split(separator: " ").joined(separator: " ") }
    check(
        words(shown) == words(VisibleText.cell(text)),
        "shown is \(shown.debugDescription), not \(VisibleText.cell(text).debugDescription)")
}

/// Markdown taken apart as CommonMark does: what stands outside code spans, and the text that is shown.
private func split(_ markdown: [Unicode.Scalar]) -> (outside: [Unicode.Scalar], shown: String) {
    var outside: [Unicode.Scalar] = []
    var shown = String.UnicodeScalarView()
    let pipe = Array("&#124;".unicodeScalars)
    var at = 0
    func run(_ start: Int) -> Int { markdown[start...].prefix { $0 == "`" }.count }
    while at < markdown.count {
        if markdown[at...].starts(with: pipe) {
            shown.append("|")
            at += pipe.count
            continue
        }
        guard markdown[at] == "`" else {
            outside.append(markdown[at])
            shown.append(markdown[at])
            at += 1
            continue
        }
        let length = run(at)
        var end = at + length
        while end < markdown.count, markdown[end] != "`" || run(end) != length {
            end += markdown[end] == "`" ? run(end) : 1
        }
        guard end < markdown.count else {
            outside += markdown[at..<at + length]
            at += length
            continue
        }
        var content = markdown[(at + length)..<end]
        // One blank on each side is taken off, unless there is nothing else.
        if content.first == " ", content.last == " ", content.contains(where: { $0 != " " }) {
            content = content.dropFirst().dropLast()
        }
        shown.append(contentsOf: content)
        outside.append(" ")
        at = end + length
    }
    return (outside, String(shown))
}
