import ArgumentParser

/// `inquest manual`: the manual page.
struct ManualCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "manual",
        abstract: "Print the manual page, as man reads it.",
        discussion: """
            EXAMPLES
              inquest manual > inquest.1
              inquest manual | head -n 4
            """)

    func run() throws {
        var lines = [".TH INQUEST 1 \"\" \"inquest \(Inquest.configuration.version)\" \"User Commands\"", ".SH NAME"]
        lines.append("inquest \\- " + Self.escaped(Inquest.configuration.abstract))
        lines += Self.section("DESCRIPTION", Inquest.helpMessage(includeHidden: false, columns: Self.columns))
        for command in Inquest.configuration.subcommands {
            let name = command.configuration.commandName ?? ""
            lines += Self.section(
                "INQUEST " + name.uppercased(),
                Inquest.helpMessage(for: command, includeHidden: false, columns: Self.columns))
        }
        try Console.standard.output(lines.joined(separator: "\n") + "\n")
    }

    private static let columns = 76

    /// Text as it stands: help is laid out already.
    private static func section(_ title: String, _ text: String) -> [String] {
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false).map { escaped(String($0)) }
        return [".SH " + title, ".nf"] + lines + [".fi"]
    }

    /// What roff would take for a command or a sign of its own.
    private static func escaped(_ line: String) -> String {
        let text = line.replacing("\\", with: "\\e").replacing("-", with: "\\-").replacing("'", with: "\\(aq")
        return text.hasPrefix(".") ? "\\&" + text : text
    }
}
