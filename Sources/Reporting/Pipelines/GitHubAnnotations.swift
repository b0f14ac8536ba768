import EventModel

/// Findings as GitHub's workflow commands, which become annotations of the run.
package enum GitHubAnnotations {
    package static func text(_ pipeline: PipelineReport) -> String {
        pipeline.groups.map { group in
            var properties = ["title=" + property("\(group.label) \(group.kind.rawValue)")]
            if let place = pipeline.place(group) {
                properties += ["file=" + property(VisibleText.cell(place.file)), "line=\(place.line)"]
            }
            return "::\(level(group)) \(properties.joined(separator: ","))::\(message(pipeline.sentence(group)))\n"
        }.joined()
    }

    private static func level(_ group: FindingGroup) -> String {
        switch group.severity {
        case .critical, .high: "error"
        case .medium: "warning"
        case .info: "notice"
        }
    }

    private static func message(_ text: String) -> String {
        text.replacing("%", with: "%25").replacing("\r", with: "%0D").replacing("\n", with: "%0A")
    }

    private static func property(_ text: String) -> String {
        message(text).replacing(":", with: "%3A").replacing(",", with: "%2C")
    }
}
