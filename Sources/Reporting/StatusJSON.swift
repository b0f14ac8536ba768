/// What the exit status of a run rests on: a status tells one fact, the most important, and JSON tells all.
package struct RunStatus: Sendable {
    /// The exit status.
    package var exit: Int32
    /// Whether a container was damaged or unreadable, or what `--strict` counts as damage was found.
    package var isDamaged: Bool
    /// The kinds and severities named by `--fail-on`.
    package var failOn: [String]
    /// The ids of the findings of such a kind or severity, among all findings, whatever is shown.
    package var matched: [String]

    /// Makes a status.
    package init(exit: Int32, isDamaged: Bool, failOn: [String] = [], matched: [String] = []) {
        self.exit = exit
        self.isDamaged = isDamaged
        self.failOn = failOn
        self.matched = matched
    }

    /// Writes the field `status` of a report.
    func write(to json: inout JSONWriter) {
        json.key("status")
        json.object { json in
            json.field("exit", Int(exit))
            json.field("damaged", isDamaged)
            json.key("fail_on")
            json.array { json in for name in failOn { json.value(name) } }
            json.key("matched")
            json.array { json in for id in matched { json.value(id) } }
        }
    }
}
