import Testing

/// What a profile says of the order of a log's lines goes ahead of what times and counters would say.
@Suite struct DeclaredOrderTests {
    /// Three records of one second: only their order in the file, or their counters, can tell.
    private static let lines = """
        2025-07-02T09:00:00Z 1 one
        2025-07-02T09:00:02Z 3 two
        2025-07-02T09:00:01Z 2 three

        """

    private static func profile(_ order: String) -> String {
        """
        profile: p
        codec: {delimited: " ", names: [time, seq, event]}
        order: \(order)
        fields: {ts: time, actor: {const: a}, event: event\(order == "counter" ? ", vc: {counter: seq}" : "")}
        samples: [{lines: "", events: []}]

        """
    }

    @Test(arguments: [
        ("file", ["one", "two", "three"]), ("time", ["one", "three", "two"]), ("reversed", ["three", "two", "one"]),
        ("counter", ["one", "three", "two"]),
    ])
    func recordsStandAsTheProfileSays(order: String, events: [String]) throws {
        let folder = try Folder()
        try folder.write(Self.lines, to: "a.log")
        try folder.write(Self.profile(order), to: "p.yaml")
        let run = try Program.run(
            ["query", "a.log", "--profile", "p.yaml", "--event", "*", "--format", "jsonl", "--quiet"], in: folder.path)
        let found = run.lines.map { line in events.first { line.contains("\"event\":\"\($0)\"") } ?? line }
        #expect(found == events, "with 'order: \(order)' the records stand as \(found)")
    }
}
