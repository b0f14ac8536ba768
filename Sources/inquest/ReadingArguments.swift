import ArgumentParser

/// What is assumed of logs that do not tell.
struct ReadingArguments: ParsableArguments {
    @Option(
        parsing: .unconditional,
        help: ArgumentHelp(
            "The zone of times in the logs that have none; without it such lines are malformed.", valueName: "offset"))
    var assumeTz: String?
    @Option(
        help: ArgumentHelp(
            "How far clocks are assumed to stand apart where the records do not tell.", valueName: "seconds"))
    var maxSkew = 60
    @Option(
        help: ArgumentHelp(
            "The part of the log that was usual, as two times; default: each series' own quietest part.",
            valueName: "from..to"))
    var baseline: String?

    @Flag(help: "Malformed lines count as damage: they are always named, and make the exit status 3.")
    var strict = false

    func validate() throws {
        guard (0...86_400).contains(maxSkew) else {
            throw ValidationError("--max-skew must lie between 0 and 86400 seconds")
        }
    }
}
