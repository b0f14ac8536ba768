import ArgumentParser

/// `inquest completions`: what a shell reads to complete commands, options, and the names in a bundle that has an index.
struct CompletionsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "completions",
        abstract: "Print the completion script of a shell: bash, zsh or fish.",
        discussion: """
            Endpoints, actors, events and findings are completed from the bundle's index (inquest index).

            EXAMPLES
              inquest completions bash > inquest.bash
              inquest completions fish > inquest.fish
            """)

    enum Shell: String, CaseIterable, ExpressibleByArgument {
        case bash, zsh, fish
    }

    @Argument(help: "The shell: bash, zsh or fish.")
    var shell: Shell

    func run() throws {
        let parser: CompletionShell =
            switch shell {
            case .bash: .bash
            case .zsh: .zsh
            case .fish: .fish
            }
        try Console.standard.output(Inquest.completionScript(for: parser) + "\n")
    }
}
