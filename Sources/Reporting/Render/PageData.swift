import CausalAnalysis
import EventModel

/// A report's page as the data that its script reads (`inquest.page/1`): columns of numbers that point into one table of
/// strings.
///
/// Times are whole milliseconds since 1970. A generation too large for a script's numbers stands as text.
struct PageData {
    private let page: ReportPage

    /// The bytes of the page's data.
    static func write(_ page: ReportPage) -> [UInt8] {
        let data = PageData(page: page)
        let (events, findings, curves) = (PageEventData(page), PageFindingData(page), PageCurveData(page))
        var strings = PageStrings(page.name)
        var json = CompactJSON()
        json.object { json in
            json.key("schema")
            json.value("inquest.page/1")
            data.head(to: &json)
            data.texts(to: &json)
            events.events(&strings, to: &json)
            events.marks(&strings, to: &json)
            findings.findings(&strings, to: &json)
            findings.cascade(&strings, to: &json)
            curves.diagrams(&strings, to: &json)
            curves.generations(&strings, to: &json)
            curves.queues(&strings, to: &json)
            curves.services(&strings, to: &json)
            json.key("strings")
            json.array { json in for text in strings.all { json.value(text) } }
        }
        return json.bytes
    }

    private var report: Report { page.report }

    // MARK: What was read

    private func head(to json: inout CompactJSON) {
        json.key("bundle")
        json.value(PageStrings.cut(report.bundle.name))
        json.key("head")
        json.array { json in
            json.value(SummaryHead.volume(report))
            let trust = SummaryHead.trust(report).joined(separator: " · ")
            json.value(SummaryHead.span(report, page.times) + " · " + trust)
        }
        json.key("span")
        json.span(report.span ?? Timestamp(nanoseconds: 0)...Timestamp(nanoseconds: 0))
        json.key("within")
        if let within = page.options.within { json.span(within) } else { json.value(nil as Int?) }
        json.key("total")
        json.value(report.counts.events)
        json.key("files")
        json.array { json in for source in report.bundle.sources { json.value(PageStrings.cut(source.path)) } }
        json.key("omitted")
        json.array { json in
            for omission in page.omissions {
                json.array { json in
                    json.value(omission.words)
                    json.value(omission.count)
                }
            }
        }
        json.key("command")
        json.value(page.command("query"))
        json.key("unaffected")
        json.array { json in for name in report.cascade?.unaffected ?? [] { json.value(PageStrings.cut(name)) } }
    }

    private func texts(to json: inout CompactJSON) {
        json.key("story")
        DocumentJSON.write(page.summary(), to: &json)
        json.key("quality")
        DocumentJSON.write(page.quality(), to: &json)
    }
}
