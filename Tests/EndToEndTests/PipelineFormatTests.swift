import Foundation
import Testing

/// `inquest analyze` for pipelines: junit, sarif and github.
@Suite struct PipelineFormatTests {
    typealias Object = [String: Any]

    private func analyze(_ folder: Folder, _ options: String...) throws -> CommandRun {
        try Program.run(["analyze", "bundle", "--quiet"] + options, in: folder.path)
    }

    /// What SARIF 2.1.0 demands of the objects that are used, and what GitHub's code scanning reads.
    @Test func sarif() throws {
        let folder = try SampleLogs.small()
        let run = try analyze(folder, "--format", "sarif", "--fail-on", "critical")
        #expect(run.status == 1, "\(run.errors)")
        let document = try #require(try JSONSerialization.jsonObject(with: Data(run.bytes)) as? Object)
        #expect(document["version"] as? String == "2.1.0")
        #expect((document["$schema"] as? String)?.hasSuffix("sarif-2.1.0.json") == true)
        let log = try #require((document["runs"] as? [Object])?.first)
        let driver = try #require((log["tool"] as? Object)?["driver"] as? Object)
        #expect(driver["name"] as? String == "inquest" && driver["version"] is String)
        let rules = try #require(driver["rules"] as? [Object])
        #expect(rules.allSatisfy { $0["id"] is String && ($0["shortDescription"] as? Object)?["text"] is String })
        let invocation = try #require((log["invocations"] as? [Object])?.first)
        #expect(invocation["executionSuccessful"] as? Bool == true && invocation["exitCode"] as? Int == 1)
        let results = try #require(log["results"] as? [Object])
        #expect(results.count > 3)
        for result in results {
            let rule = try #require(result["ruleIndex"] as? Int)
            #expect(result["ruleId"] as? String == rules[rule]["id"] as? String)
            #expect(["error", "warning", "note"].contains(result["level"] as? String))
            let message = try #require((result["message"] as? Object)?["text"] as? String)
            #expect(!message.isEmpty)
            #expect((result["partialFingerprints"] as? Object)?.count == 1)
            for location in try #require(result["locations"] as? [Object]) {
                let place = try #require(location["physicalLocation"] as? Object)
                let uri = try #require((place["artifactLocation"] as? Object)?["uri"] as? String)
                #expect(FileManager.default.fileExists(atPath: folder.path + "/bundle/" + uri), "\(uri)")
                let line = try #require((place["region"] as? Object)?["startLine"] as? Int)
                #expect(line >= 1)
            }
        }
        let overwrite = try #require(results.first { $0["ruleId"] as? String == "stale-plan-overwrite" })
        #expect("\(overwrite)".contains("enactor-a.log") && "\(overwrite)".contains("\"startLine\": 3"), "\(overwrite)")
    }

    @Test func junit() throws {
        let folder = try SampleLogs.small()
        for (options, failing) in [
            (["--fail-on", "stale-plan-overwrite"], ["stale-plan-overwrite"]),
            ([], ["active-plan-deleted", "automation-wedged", "endpoint-emptied", "stale-plan-overwrite"]),
        ] {
            let run = try Program.run(["analyze", "bundle", "--quiet", "--format", "junit"] + options, in: folder.path)
            try folder.write(run.bytes, to: "report.xml")
            let script = """
                import xml.etree.ElementTree as tree
                suites = tree.parse("report.xml").getroot()
                cases = suites.findall("testsuite/testcase")
                print(suites.get("tests") == str(len(cases)), suites.get("failures"))
                print(*sorted(case.get("name") for case in cases if case.find("failure") is not None))
                """
            try folder.write(script, to: "read.py")
            let read = try Program.shell("python3 read.py", in: folder.path)
            #expect(
                read.lines == ["True \(failing.count)", failing.joined(separator: " ")], "\(run.text)\(read.errors)")
        }
    }

    @Test func github() throws {
        let folder = try SampleLogs.small()
        let run = try analyze(folder, "--format", "github", "--severity", "critical")
        let first = try #require(run.lines.first)
        #expect(
            first.hasPrefix("::error title=F1 stale-plan-overwrite,file=enactor-a.log,line=3::F1 db.example at "),
            "\(first)")
        #expect(run.lines.allSatisfy { $0.hasPrefix("::error title=F") }, "\(run.text)")
    }

    /// What a log holds becomes neither markup nor a command.
    @Test func hostileNames() throws {
        let folder = try SampleLogs.small()
        let hostile = "x\\n::error::y\\u0001,line=9]]><&\\\"%0A"
        for name in ["enactor-a.log", "enactor-b.log"] {
            let log = try folder.text("bundle/" + name)
            try folder.write(log.replacing("db.example", with: hostile), to: "bundle/" + name)
        }
        let github = try analyze(folder, "--format", "github")
        #expect(github.lines.allSatisfy { $0.hasPrefix("::") && !$0.hasPrefix("::error::y") }, "\(github.text)")
        try folder.write(try analyze(folder, "--format", "junit").bytes, to: "report.xml")
        let read = try Program.shell(
            "python3 -c 'import xml.dom.minidom; xml.dom.minidom.parse(\"report.xml\")'", in: folder.path)
        #expect(read.status == 0, "\(read.errors)")
        let sarif = try analyze(folder, "--format", "sarif")
        #expect(try JSONSerialization.jsonObject(with: Data(sarif.bytes)) is Object)
    }

    @Test func whatIsShown() throws {
        let folder = try SampleLogs.small()
        let some = try analyze(folder, "--kind", "active-*")
        #expect(some.text.contains("active-plan-deleted") && !some.text.contains("CRITICAL  F1"), "\(some.text)")
        #expect(some.text.contains("not asked for: "), "\(some.text)")
        let info = try analyze(folder, "--severity", "info")
        #expect(info.text.contains("INFO") && info.text.contains("missing-log"), "\(info.text)")
        #expect(try analyze(folder, "--all").text.contains("missing-log"))
        let wrong = try analyze(folder, "--kind", "stale-plan-overwrit")
        #expect(wrong.status == 2 && wrong.errors.contains("Did you mean stale-plan-overwrite?"), "\(wrong.errors)")
        let json = try FindingsFile(try analyze(folder, "--kind", "active-*", "--format", "json").bytes)
        #expect(Set(json.kinds) == ["active-plan-deleted"])
    }
}
