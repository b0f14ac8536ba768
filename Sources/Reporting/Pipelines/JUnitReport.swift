import EventModel

/// Findings as a JUnit report: a test case for each kind, which fails where there is such a finding.
package enum JUnitReport {
    package static func text(_ pipeline: PipelineReport) -> String {
        let kinds = KindTraits.all.filter {
            $0.severity != .info || pipeline.groups.contains(ofKind: $0.kind, pipeline)
        }
        let failing = kinds.count { traits in pipeline.groups.contains(ofKind: traits.kind, pipeline) }
        let name = attribute(pipeline.report.bundle.name)
        let head = "tests=\"\(kinds.count)\" failures=\"\(failing)\" errors=\"0\""
        var lines = [
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>", "<testsuites \(head)>",
            "  <testsuite name=\"inquest \(name)\" \(head) skipped=\"0\">",
        ]
        for traits in kinds {
            let groups = pipeline.groups.filter { $0.kind == traits.kind }
            let failures = groups.filter(pipeline.fails)
            var content: [String] = []
            if !failures.isEmpty {
                let count = Figures.count(failures.count, "finding")
                content.append(
                    "      <failure type=\"\(traits.kind.rawValue)\" message=\"\(count)\">"
                        + text(failures.map { body($0, pipeline) }.joined(separator: "\n")) + "</failure>")
            }
            let others = groups.filter { !pipeline.fails($0) }
            if !others.isEmpty {
                content.append(
                    "      <system-out>" + text(others.map { body($0, pipeline) }.joined(separator: "\n"))
                        + "</system-out>")
            }
            let open = "    <testcase classname=\"inquest.\(name)\" name=\"\(traits.kind.rawValue)\""
            lines += content.isEmpty ? [open + "/>"] : [open + ">"] + content + ["    </testcase>"]
        }
        return (lines + ["  </testsuite>", "</testsuites>"]).joined(separator: "\n") + "\n"
    }

    private static func body(_ group: FindingGroup, _ pipeline: PipelineReport) -> String {
        let place = pipeline.place(group).map { " (\($0.file):\($0.line))" } ?? ""
        return "\(group.severity.name): " + pipeline.sentence(group) + VisibleText.cell(place)
    }

    private static func attribute(_ value: String) -> String { text(VisibleText.cell(value)) }

    /// Text in XML. What XML cannot hold was made visible before.
    private static func text(_ value: String) -> String {
        var result = ""
        for scalar in value.unicodeScalars {
            switch scalar {
            case "&": result += "&amp;"
            case "<": result += "&lt;"
            case ">": result += "&gt;"
            case "\"": result += "&quot;"
            case "\u{FFFE}", "\u{FFFF}": result += "\u{FFFD}"
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result
    }
}

extension [FindingGroup] {
    /// Whether one of a kind fails the pipeline.
    fileprivate func contains(ofKind kind: Finding.Kind, _ pipeline: PipelineReport) -> Bool {
        contains { $0.kind == kind && pipeline.fails($0) }
    }
}
