/// The saved queries that are part of the program; each file's comment says what it answers.
package enum BuiltInQueries {
    private static let all: [(name: String, text: [UInt8])] = [
        ("deepest-backlogs", PackageResources.deepest_backlogs_sql),
        ("events-a-minute", PackageResources.events_a_minute_sql),
        ("events-of-endpoint", PackageResources.events_of_endpoint_sql),
        ("evidence-of-finding", PackageResources.evidence_of_finding_sql),
        ("last-writer", PackageResources.last_writer_sql),
        ("plans-behind", PackageResources.plans_behind_sql),
        ("refusals-by-actor", PackageResources.refusals_by_actor_sql),
        ("silent-actors", PackageResources.silent_actors_sql),
        ("slowest-applies", PackageResources.slowest_applies_sql),
        ("who-waited-on-whom", PackageResources.who_waited_on_whom_sql),
        ("writes-over-newer", PackageResources.writes_over_newer_sql),
    ]

    /// Their names, sorted.
    package static var names: [String] { all.map(\.name) }

    /// A query's file; nil where none has the name.
    package static func text(of name: String) -> String? {
        all.first { $0.name == name }.map { String(decoding: $0.text, as: UTF8.self) }
    }
}
