/// Writes a document as the page's script reads it: blocks as `[kind, …]`, runs as text or `[kind, text, …]`.
enum DocumentJSON {
    static func write(_ document: Document, to json: inout CompactJSON) {
        // What led to what, and pictures, the page draws itself.
        let shown = document.blocks.filter { block in
            switch block {
            case .graph, .figure: false
            default: true
            }
        }
        json.array { json in for block in shown { json.array { write(block, to: &$0) } } }
    }

    private static func write(_ block: Document.Block, to json: inout CompactJSON) {
        switch block {
        case .heading(let text, let level, _):
            json.value("heading")
            json.value(text)
            json.value(level)
        case .paragraph(let runs):
            json.value("paragraph")
            write(runs, to: &json)
        case .list(let items, let isNumbered):
            json.value("list")
            json.value(isNumbered)
            json.array { json in for item in items { write(item, to: &json) } }
        case .table(let head, let rows):
            json.value("table")
            json.array { json in for cell in head { write(cell, to: &json) } }
            json.array { json in
                for row in rows { json.array { json in for cell in row { write(cell, to: &json) } } }
            }
        case .facts(let facts):
            json.value("facts")
            json.array { json in
                for fact in facts {
                    json.array { json in
                        json.value(fact.term)
                        json.array { json in for line in fact.lines { write(line, to: &json) } }
                    }
                }
            }
        case .graph, .figure: break
        case .plot(let lines):
            json.value("plot")
            json.array { json in for line in lines { json.value(line) } }
        }
    }

    private static func write(_ runs: [Document.Run], to json: inout CompactJSON) {
        json.array { json in
            for run in runs {
                switch run {
                case .text(let text): json.value(text)
                case .strong(let text): write("strong", text, to: &json)
                case .code(let text): write("code", text, to: &json)
                case .link(let text, .record): json.value(text)
                case .link(let text, .finding(let index)):
                    json.array { json in
                        json.value("link")
                        json.value(text)
                        json.value("finding")
                        json.value(index)
                    }
                }
            }
        }
    }

    private static func write(_ kind: String, _ text: String, to json: inout CompactJSON) {
        json.array { json in
            json.value(kind)
            json.value(text)
        }
    }
}
