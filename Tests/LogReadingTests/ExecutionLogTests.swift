@testable import LogReading
import Testing

/// Logs in the manner of ShiViz: which events are found, and what their clocks say of every pair.
@Suite struct ExecutionLogTests {
    private func executions(
        _ text: String, pattern: String? = nil, delimiter: String? = nil
    ) throws -> [ExecutionLog.Execution] {
        var options = ReadingOptions()
        options.opensUnknown = true
        let place = try Workplace()
        try place.write(Array(text.utf8), to: "a.log")
        let source = try #require(place.open("a.log", options: options).sources.first)
        guard let pattern else { return try ExecutionLog.read(source, options) }
        return try ExecutionLog(pattern: pattern, delimiter: delimiter).read(source, options)
    }

    private static let goVector = """
        a {"a":1}
        Initialization Complete
        a {"a":2}
        sends
        b {"b":1}
        Initialization Complete
        b {"b":2,"a":2}
        receives
        a {"a":3}
        goes on

        """

    @Test func goVectorNeedsNoExpression() throws {
        let execution = try #require(try executions(Self.goVector).first)
        #expect(execution.hosts == ["a", "b"] && execution.events.count == 5)
        #expect(execution.events.map(\.line) == [1, 3, 5, 7, 9])
        #expect(execution.unmatched == 0)
        let order = ExecutionOrder(execution)
        // a1 a2 a3 and b1 b2 are chains; a1 and a2 are ahead of b2.
        #expect(order.ordered == 3 + 1 + 2 && order.concurrent == 4 && order.contradictory == 0)
        #expect(order.directEdges == 1, "the message is the one edge between the hosts")
    }

    @Test func aFileMayCarryItsExpressions() throws {
        let text =
            #"(?<host>\w+) (?<clock>\{.*\}) (?<event>.*)"# + "\n"
            + "^== (?<trace>.*) ==$\n== one ==\na {\"a\":1} x\n== two ==\na {\"a\":1} y\nb {\"b\":1} z\n"
        let found = try executions(text)
        #expect(found.map(\.label) == ["one", "two"])
        #expect(found.map(\.events.count) == [1, 2])
    }

    @Test func whatIsNoEventIsCountedAndNoFaultHides() throws {
        let text = "a {\"a\":1} x\nnoise\n\na {\"b\":1} y\na {\"a\":-1} z\na {\"a\":2} w\n"
        let execution = try #require(
            try executions(text, pattern: #"^(?<host>\w+) (?<clock>\{.*\}) (?<event>.*)$"#).first)
        #expect(execution.events.count == 2)
        #expect(execution.unmatched == 1 && execution.firstUnmatched == 2)
        #expect(execution.faults == 2 && execution.firstFault == 4)
    }

    @Test func clocksThatContradictEachOtherAreCounted() throws {
        let text = "a {\"a\":1,\"b\":1} x\nb {\"b\":1,\"a\":1} y\n"
        let execution = try #require(
            try executions(text, pattern: #"^(?<host>\w+) (?<clock>\{.*\}) (?<event>.*)$"#).first)
        #expect(ExecutionOrder(execution).contradictory == 1)
    }

    @Test func anExpressionWithoutItsGroupsIsRefused() {
        do throws(ExecutionLog.Failure) {
            _ = try ExecutionLog(pattern: "(?<host>a)", delimiter: nil)
            Issue.record("an expression without a clock is taken")
        } catch {
            #expect(error.message.contains("no group 'clock'"))
        }
    }
}
