import Testing

/// Lines of a few shapes, with values that are ordinary or odd: whichever way a line goes, it is read as simdjson reads it.
@Suite struct LineShapeTests {
    private static let shapes = [
        #"{"ts":"T","actor":"a","event":"plan.applied","vc":{"b":N,"a":N},"plan":N,"endpoint":"S","outcome":"ok","latency_ms":D}"#,
        #"{"ts":"T","actor":"a","event":"plan.applied","vc":{"b":N,"a":N},"plan":N,"endpoint":"S","outcome":"odd"}"#,
        #"{"ts": "T", "actor": "b", "role": "operator", "event": "plan.applied", "reason": "R", "plan": N, "attempt": N}"#,
        #"{"ts":N,"actor":"b","event":"queue.sampled","queue":"q","depth":N,"oldest_ms":D,"x":D,"note":"S","ok":true}"#,
        #"{"vc":{"s":N},"event":"change.committed","actor":"s","by":"a","commit":N,"records":N,"endpoint":"S","ts":"T"}"#,
        #"{"ts":"T","actor":"s","event":"work.enqueued","id":"S","item":"S","queue":"q","state":"unhealthy","error":"S"}"#,
        #"{"ts":"T","actor":"s","event":"work.enqueued","vc":{"s":N,"s":N},"causes":["S"],"store":null}"#,
    ]
    private static let integers = [
        "0", "1", "7", "42", "1760942878", "1760942878123", "1760942878123456789", "1234567", "12345678", "123456789",
        "999999999999999999", "4611686018427387903", "4611686018427387904", "9223372036854775807",
        "9223372036854775808", "123456789012345678901", "01", "00000001", "-1", "1.0", "1e3", "", "null", "true",
    ]
    private static let numbers = [
        "0", "7.19", "0.5", "12345678.5", "1.2345678901234", "1.23456789012345678", "1e5", "-2.5", "007", "1.", ".5",
    ]
    private static let times = [
        "2025-10-20T06:47:58Z", "2025-10-20T06:47:58.1Z", "2025-10-20T06:47:59.622Z", "2025-10-20T06:47:00.123456Z",
        "2025-10-20T06:47:00.1234567Z", "2025-10-20T06:47:00.12345678Z", "2025-10-20T06:47:00.123456789Z",
        "2025-10-20T06:47:00.1234567890Z", "2025-10-20T06:48:01.5Z", "2025-10-20T06:47:60Z", "2025-10-20T06:47:61Z",
        "2025-10-20T06:47:58.Z", "2025-10-20T06:47:58+01:00", "2025-10-20T06:47:58", "2025-10-20T06:47", "",
        "1760942878", "9999-12-31T00:00:00Z", "1980-01-01T00:00:00Z", "2025-10-20T06:47:5 Z", "2025-10-20 06:47:58Z",
    ]
    private static let texts = [
        "", "x", "svc-1.example.com", "svc-1250.cell-0.us-east-1.example.com", "exactly-16-bytes", "a\\nb", "\\u0041",
        "é", "a\tb", "a\"b", "a\u{7F}b", "operator", "rollback", "a,b:{}[]",
    ]
    private static let reasons = ["rollback", "manual", "rollbac", "rollback ", "rollbac\\u006b", ""]

    @Test(arguments: UInt64(1)...4) func aLineOfAKnownShapeIsReadAsTheJudgeReadsIt(_ seed: UInt64) {
        var dice = Dice(state: seed)
        guard var both = ScannerAndJudge() else {
            Issue.record("no memory for a parser")
            return
        }
        var events = 0
        for block in 0..<80 {
            let lines = (0..<60).map { _ in Self.line(&dice) }
            let result = both.read(lines.map { Array($0.utf8) })
            events += result.scanned.events.count
            if result.scanned == result.judged { continue }
            let odd = lines.first { both.read([Array($0.utf8)]).isDifferent } ?? lines.joined(separator: "\n")
            Issue.record("seed \(seed), block \(block): not read as simdjson reads it: \(odd)")
            return
        }
        #expect(events > 80 * 60 / 2, "most lines are malformed: this tests little")
    }

    /// A line of some shape. Mostly one value of it is odd.
    private static func line(_ dice: inout Dice) -> String {
        var line = ""
        var oddAt = dice.roll(0..<14)
        for character in shapes[dice.roll(shapes.indices)] {
            guard let values = values(character) else {
                line.append(character)
                continue
            }
            oddAt -= 1
            line += values[oddAt == 0 ? dice.roll(values.indices) : min(3, values.count - 1)]
        }
        return line
    }

    private static func values(_ placeholder: Character) -> [String]? {
        switch placeholder {
        case "T": times
        case "N": integers
        case "D": numbers
        case "S": texts
        case "R": reasons
        default: nil
        }
    }
}
