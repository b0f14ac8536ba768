import ArgumentParser

/// What a run may take; none of it changes what is found.
struct LimitArguments: ParsableArguments {
    @Option(help: ArgumentHelp("The longest line that is read.", valueName: "bytes"))
    var maxLine = 1 << 20
    @Option(help: ArgumentHelp("The deepest nesting of a record.", valueName: "levels"))
    var maxDepth = 128
    @Option(help: ArgumentHelp("The largest zstd window that is allocated.", valueName: "bytes"))
    var maxWindow: UInt64 = 128 << 20
    @Option(help: ArgumentHelp("The most bytes that one log may inflate to.", valueName: "bytes"))
    var maxSize: UInt64 = .max
    @Option(
        help: ArgumentHelp("The most bytes of temporary files; default: a tenth of the free disk.", valueName: "bytes"))
    var spool: UInt64?
    @Option(
        help: ArgumentHelp(
            "The most memory to take (64M, 1G): a run that would need more ends with status 5.", valueName: "size"))
    var memory: MemoryCap?
    @Option(
        help: ArgumentHelp("Threads that read ahead; default: one less than there are processors.", valueName: "count"))
    var threads: Int?
    @Option(help: "Parts in which endpoints are judged, side by side; the output does not depend on them.")
    var shards = 64

    func validate() throws {
        guard (64...(1 << 30)).contains(maxLine) else {
            throw ValidationError("--max-line must lie between 64 and 1073741824")
        }
        guard (1...4096).contains(maxDepth) else { throw ValidationError("--max-depth must lie between 1 and 4096") }
        guard maxWindow >= 1024 else { throw ValidationError("--max-window must be at least 1024") }
        try memory?.validate()
        if let threads, !(0...256).contains(threads) { throw ValidationError("--threads must lie between 0 and 256") }
        guard (1...65_536).contains(shards) else { throw ValidationError("--shards must lie between 1 and 65536") }
    }
}
