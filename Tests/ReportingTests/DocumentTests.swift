import EventModel
import Testing

@testable import Reporting

/// One document, the same in every form.
@Suite struct DocumentTests {
    private var sample: Document {
        var document = Document()
        document.heading("In short")
        document.paragraph(
            .text("Why: "), .strong("a stale check"), .text(", see "), .link("F1", .finding(0)), .text("."))
        document.list(["first", "second"], isNumbered: true)
        document.list([[.text("run "), .code("inquest explain BUNDLE F1")]])
        document.table([["safeguard", "would have"], ["compare-and-set", "yes"]])
        document.plot([" ▂█", "▁▂▃"])
        document.facts([("Trigger", ["an old plan", "over a newer one"]), ("Chain", [])])
        document.blocks.append(
            .graph(.init(nodes: ["a", "\"b`"], edges: [.init(from: 0, to: 1, isWeak: false)])))
        return document
    }

    @Test func asMarkdown() {
        let text = DocumentMarkdown { target in
            switch target {
            case .finding(let index): "#f\(index + 1)"
            case .record: nil
            }
        }.render(sample)
        #expect(
            text == """
                ## In short

                Why: **a stale check**, see [F1](#f1).

                1. first
                2. second

                - run inquest explain BUNDLE F1

                | safeguard | would have |
                | --- | --- |
                | compare-and-set | yes |

                ```text
                 ▂█
                ▁▂▃
                ```

                | | |
                | --- | --- |
                | **Trigger** | an old plan<br>over a newer one |

                ```mermaid
                flowchart LR
                  n0["a"]
                  n1["#34;b#96;"]
                  n0 --> n1
                ```

                """)
    }

    @Test func asText() {
        let text = DocumentText(width: 60).render(sample)
        #expect(
            text == """
                In short

                Why: a stale check, see F1.

                1. first
                2. second

                - run inquest explain BUNDLE F1

                safeguard        would have
                compare-and-set  yes

                 ▂█
                ▁▂▃

                Trigger  an old plan
                         over a newer one

                """)
    }

    @Test func asHTML() {
        let text = DocumentHTML(level: 2).render(sample)
        #expect(
            text == """
                <h3>In short</h3>
                <p>Why: <strong>a stale check</strong>, see <a href="#f1">F1</a>.</p>
                <ol><li>first</li><li>second</li></ol>
                <ul><li>run <code>inquest explain BUNDLE F1</code></li></ul>
                <table><thead><tr><th>safeguard</th><th>would have</th></tr></thead>\
                <tbody><tr><td>compare-and-set</td><td>yes</td></tr></tbody></table>
                <pre> ▂█
                ▁▂▃
                </pre>
                <dl><dt>Trigger</dt><dd>an old plan</dd><dd>over a newer one</dd></dl>

                """)
    }

    @Test func aListOfNothingIsNoBlock() {
        var document = Document()
        document.list([String]())
        document.table([])
        document.plot([])
        #expect(document.blocks.isEmpty)
    }

    /// Whatever a log says stays text in HTML: no tag but the renderer's own, no quote that could end an attribute.
    @Test func hostileTextStaysText() {
        var generator = SeededGenerator(state: 16)
        let own = [
            "<p>", "</p>", "<strong>", "</strong>", "<code>", "</code>", "<a href=\"#f1\">", "</a>", "<ul>", "</ul>",
            "<li>",
            "</li>", "<pre>", "</pre>",
        ]
        for _ in 0..<500 {
            let text = { () in Hostile.text(&generator) }
            var document = Document()
            document.paragraph(.text(text()), .strong(text()), .code(text()), .link(text(), .finding(0)))
            document.list([text(), text()])
            document.plot([text()])
            var html = DocumentHTML().render(document)
            for tag in own { html = html.split(separator: tag, omittingEmptySubsequences: false).joined() }
            #expect(!html.contains { "<>\"'".contains($0) }, "\(html)")
            let hides = html.unicodeScalars.contains { VisibleText.hides($0) && $0 != "\n" }
            #expect(!hides, "hidden characters are shown as they are: \(html.debugDescription)")
            for text in [DocumentMarkdown().render(document), DocumentText().render(document)] {
                let hides = text.unicodeScalars.contains { VisibleText.hides($0) && $0 != "\n" }
                #expect(!hides, "hidden characters are shown as they are: \(text.debugDescription)")
            }
        }
    }
}
