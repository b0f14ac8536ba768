import Foundation
import Testing

/// The scanner of ordinary lines and simdjson, the judge, see the same in every line: the same events and the same faults.
///
/// INQUEST_DIFFERENTIAL sets how many lines; `make differential` takes LINES.
@Suite struct ScannerDifferentialTests {
    private static let lines =
        ProcessInfo.processInfo.environment["INQUEST_DIFFERENTIAL"].flatMap { Int($0) } ?? 100_000
    private static let parts = 8
    private static let linesOfBlock = 100

    @Test(arguments: 1...parts) func scannerAndJudgeSeeTheSame(_ part: Int) {
        var source = OddLines(seed: UInt64(part))
        guard var both = ScannerAndJudge() else {
            Issue.record("no memory for a parser")
            return
        }
        var scanned = 0
        for block in 0..<max(1, Self.lines / Self.parts / Self.linesOfBlock) {
            let lines = (0..<Self.linesOfBlock).map { _ in source.next() }
            let result = both.read(lines)
            scanned += result.scanned.events.count
            if result.scanned == result.judged { continue }
            // One by one, to name the line.
            let odd = lines.first { both.read([$0]).isDifferent } ?? Array(lines.joined(separator: [0x0A]))
            let alone = both.read([odd])
            Issue.record(
                """
                part \(part), block \(block): not read as simdjson reads it: \(String(decoding: odd, as: UTF8.self))
                scanned \(alone.scanned)
                judged  \(alone.judged)
                """)
            return
        }
        #expect(scanned > Self.lines / Self.parts / 4, "most lines are malformed: this tests little")
    }
}
