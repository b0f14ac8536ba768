import ArgumentParser
import EventModel
import Reporting

/// Which findings are shown; all are analyzed.
struct SelectionArguments: ParsableArguments {
    @Flag(help: "Show every finding, those for information too; without it the twelve most severe.")
    var all = false
    @Option(
        help: ArgumentHelp("Only findings of this kind, such as backlog-onset; a glob, repeatable.", valueName: "kind"))
    var kind: [String] = []
    @Option(help: "Only findings of this severity: critical, high, medium, info; repeatable.")
    var severity: [Finding.Severity] = []

    func validate() throws {
        for text in kind {
            let glob: Glob
            do { glob = try Glob(text) } catch { throw Failure("--kind: \(error.message)", hint: error.hint) }
            if Finding.Kind.allCases.contains(where: { glob.matches($0.rawValue) }) { continue }
            throw NameCheck.unknown("--kind", text, "kind of finding", among: Finding.Kind.allCases.map(\.rawValue))
        }
    }

    /// Tells whether findings of a kind and severity are shown.
    var selects: @Sendable (Finding.Kind, Finding.Severity) -> Bool {
        let globs = kind.compactMap { try? Glob($0) }
        let severities = severity
        return { kind, severity in
            (globs.isEmpty || globs.contains { $0.matches(kind.rawValue) })
                && (severities.isEmpty || severities.contains(severity))
        }
    }

    /// Whether only some are shown.
    var isNarrow: Bool { !kind.isEmpty || !severity.isEmpty }
}

extension Finding.Severity: ExpressibleByArgument {
    /// A severity by its name.
    public init?(argument: String) {
        guard let severity = Finding.Severity.allCases.first(where: { $0.name == argument }) else { return nil }
        self = severity
    }

    /// As help shows it.
    public var defaultValueDescription: String { name }
    /// The names that are taken.
    public static var allValueStrings: [String] { allCases.map(\.name) }
}
