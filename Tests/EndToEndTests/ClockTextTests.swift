import Testing

/// Text with vector clocks, as GoVector writes it and ShiViz draws it, in all commands: ordered by the clocks, since there are no times.
@Suite struct ClockTextTests {
    /// The receiver's log stands ahead of the sender's.
    private static let log = """
        b {"b":1, "a":2}
        receives 7
        b {"b":2, "a":2}
        answers 7
        a {"a":1}
        starts
        a {"a":2}
        sends 7
        a {"a":3, "b":2}
        is answered

        """

    private static let executions = """
        === first ===
        [x] node0 {"node0":1} begins
        [x] node1 {"node1":1,"node0":1} hears of it
        nothing of this kind
        === second ===
        [x] node0 {"node0":1} begins
        [x] node1 {"node1":1} does not

        """

    private static let expression = [
        "--pattern", #"\[(?<tag>\w+)\] (?<host>\w+) (?<clock>\{.*\}) (?<event>.*)"#, "--delimiter",
        "^=== (?<trace>.*) ===$",
    ]

    private func folder() throws -> Folder {
        let folder = try Folder()
        try folder.write(Self.log, to: "run.log")
        try folder.write(Self.executions, to: "many.log")
        return folder
    }

    @Test func eventsStandInTheOrderOfTheirClocks() throws {
        let folder = try folder()
        let run = try Program.run(
            ["query", "run.log", "--event", "*", "--format", "jsonl", "--quiet"], in: folder.path)
        #expect(run.status == 0, "\(run.errors)")
        let order = ["starts", "sends 7", "receives 7", "answers 7", "is answered"]
        let lines = run.lines
        #expect(lines.count == order.count, "\(run.text)\(run.errors)")
        for (line, event) in zip(lines, order) {
            #expect(line.contains(#""message":"\#(event)""#), "\(event) does not stand where its clock has it: \(line)")
        }
    }

    @Test func theReportSaysThatThereAreNoTimesAndNothingIsMalformed() throws {
        let folder = try folder()
        let run = try Program.run(["analyze", "run.log"], in: folder.path)
        #expect(run.status == 0, "\(run.errors)")
        #expect(run.text.contains("no times") && run.text.contains("clocks: all given"), "\(run.text)")
        #expect(run.text.contains("profile govector: 5 events of 5 records"), "\(run.text)")
        #expect(!run.errors.contains("warning"), "a log that has no times is blamed for it: \(run.errors)")
    }

    @Test func actorsOfTwoExecutionsAreDifferentOnes() throws {
        let folder = try folder()
        let all = try Program.run(["convert", "many.log", "--quiet"] + Self.expression, in: folder.path)
        #expect(all.status == 0 && all.lines.count == 4, "\(all.text)\(all.errors)")
        #expect(all.lines[1].contains(#""actor":"first/node1""#) && all.lines[1].contains(#""first/node0":1"#))
        let one = try Program.run(
            ["convert", "many.log", "--quiet", "--execution", "second"] + Self.expression, in: folder.path)
        #expect(one.lines.count == 2 && one.lines[0].contains(#""actor":"node0""#), "\(one.text)")
        let told = try Program.run(
            ["analyze", "many.log", "--execution", "second"] + Self.expression, in: folder.path)
        let text = told.text.split(whereSeparator: \.isWhitespace).joined(separator: " ")
        #expect(text.contains("2 left: of another execution"), "what was left is not said: \(told.text)")
    }

    @Test func theExpressionInALogsFirstLineReadsIt() throws {
        let folder = try folder()
        try folder.write(Self.expression[1] + "\n" + Self.expression[3] + "\n" + Self.executions, to: "own.log")
        let run = try Program.run(["convert", "own.log", "--quiet"], in: folder.path)
        #expect(run.lines.count == 4 && run.text.contains(#""tag":"x""#), "\(run.text)\(run.errors)")
    }

    @Test func aWrongExpressionIsNamedWithItsPlace() throws {
        let folder = try folder()
        let run = try Program.run(["analyze", "run.log", "--pattern", "(?<host>a"], in: folder.path)
        #expect(run.status == 2 && run.errors.contains("no group 'clock'"), "\(run.errors)")
        let open = try Program.run(
            ["analyze", "run.log", "--pattern", "(?<host>a) (?<clock>b"], in: folder.path)
        #expect(open.status == 2 && open.errors.contains("wrong at character"), "\(open.errors)")
    }
}
