import Foundation
import Testing

/// `report.html`, as a browser shows it. `make test` installs Debian's Chromium; where it is missing these tests are not run.
@Suite(.serialized) struct ReportPageTests {
    private static let hasBrowser = ["/usr/bin/chromium", "/usr/bin/chromedriver"].allSatisfy {
        FileManager.default.isExecutableFile(atPath: $0)
    }

    /// What the browser's test says of a report's folder.
    private func look(_ folder: String, _ options: String = "") throws -> CommandRun {
        let script = "/usr/bin/python3 Tests/Browser/report_page.py '\(folder)' \(options)"
        return try Program.shell(script)
    }

    @Test(.enabled(if: hasBrowser)) func thePageOfTheSampleShowsItsFindings() throws {
        let out = try Folder()
        let run = try Program.run(["analyze", "SampleLogs/us-east-1-2025-10-20", "-o", out.path + "/report"])
        #expect(run.status == 0, "\(run.errors)")
        let seen = try look(out.path + "/report")
        #expect(seen.status == 0, "\(seen.text)\(seen.errors)")
    }

    /// Nothing of a log becomes an element, an attribute, a link or a request, whatever stands in its fields.
    @Test(.enabled(if: hasBrowser)) func hostileLogsStayText() throws {
        let folder = try Folder()
        try folder.write(hostileLog(), to: "bundle/h0stile\"'><svg onload=pwned=1>.log")
        let run = try Program.run(["analyze", "bundle", "-o", "report", "--max-line", "4000000"], in: folder.path)
        #expect(run.status == 0, "\(run.errors)")
        let seen = try look(folder.path + "/report", "--marker h0stile")
        #expect(seen.status == 0, "\(seen.text)\(seen.errors)")
    }

    @Test func twoRunsGiveTheSamePage() throws {
        let folder = try SampleLogs.small()
        for (name, threads) in [("one", "1"), ("two", "3")] {
            let run = try Program.run(["analyze", "bundle", "-o", name, "--threads", threads], in: folder.path)
            #expect(run.status == 0, "\(run.errors)")
        }
        #expect(try folder.read("one/report.html") == folder.read("two/report.html"))
    }

    /// The race of the format's small log and a service and a queue, with something hostile in every field.
    private func hostileLog() -> String {
        let attacks = [
            "<script>window.pwned=1</script>", "</script><script>window.pwned=1</script>",
            "\\\"><img src=x onerror=window.pwned=1>",
            "' onmouseover='window.pwned=1", "javascript:window.pwned=1", "<a href=https://evil.example/>",
            "\\u202E\\u0000\\u200B",
            "<svg/onload=window.pwned=1>", "{{constructor}}", "--><iframe src=//evil.example>",
            "<style>*{display:none}</style>",
            "]]>&lt;b&gt;", "<base href=//evil.example>", "\\u2028\\u0007",
        ]
        var number = 0
        func hostile(_ word: String) -> String {
            number += 1
            return "h0stile " + word + attacks[number % attacks.count]
        }
        let (a, b, store, endpoint) = (hostile("a"), hostile("b"), hostile("s"), hostile("endpoint"))
        let (queue, service) = (hostile("queue"), hostile("service"))
        var lines: [String] = []
        func record(_ second: Int, _ actor: String, _ event: String, _ fields: String) {
            let clock = String(format: "%02d:%02d:%02d", 6 + second / 3600, second / 60 % 60, second % 60)
            lines.append(
                "{\"ts\":\"2025-10-20T\(clock).000Z\",\"actor\":\"\(actor)\",\"event\":\"\(event)\",\(fields)"
                    + ",\"\(hostile("key"))\":\"\(hostile("value"))\"}")
        }
        let write = "\"endpoint\":\"\(endpoint)\",\"error\":\"\(hostile("error"))\",\"store\":\"\(store)\""
        record(1, b, "plan.checked", "\"plan\":9,\"active\":3")
        record(2, a, "plan.checked", "\"plan\":4,\"active\":3")
        record(10, b, "plan.applied", "\"plan\":9,\"replaces\":3,\"records\":6," + write)
        record(12, a, "plan.applied", "\"plan\":4,\"replaces\":9,\"records\":5," + write)
        record(14, b, "plan.deleted", "\"plan\":4,\"reason\":\"\(hostile("reason"))\"")
        record(15, b, "plan.applied", "\"plan\":9,\"outcome\":\"refused\"," + write)
        record(16, hostile("c"), hostile("event"), "\"outcome\":\"\(hostile("outcome"))\"," + write)
        for minute in 1..<180 {
            let isBad = (60..<120).contains(minute)
            record(
                minute * 60, store, "queue.sampled",
                "\"queue\":\"\(queue)\",\"depth\":\(isBad ? (minute - 59) * 500 : minute % 3),\"arrived\":600,\"completed\":\(isBad ? 100 : 600)"
            )
            record(
                minute * 60 + 1, store, "service.sampled",
                "\"service\":\"\(service)\",\"requests\":1000,\"errors\":\(isBad ? 900 : minute % 2)")
        }
        record(10_900, hostile("operator"), "throttle.set", "\"role\":\"operator\",\"reason\":\"\(hostile("reason"))\"")
        record(10_901, "h0stile" + String(repeating: "x", count: 1_000_000), "resolve.failed", write)
        return lines.map { $0 + "\n" }.joined()
    }
}
