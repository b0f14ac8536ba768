import EventModel
import Foundation
@testable import LogReading
import Testing

/// How a log is cut into lines: ends, marks, blanks, and lines that are too long.
@Suite struct RecordLineTests {
    private let good = ReadLog.good

    @Test func lineEnds() throws {
        for (text, lines) in [
            ("\(good)\n\(good)\n", [1, 2]), ("\(good)\n\(good)", [1, 2]), ("\(good)\r\n\(good)\r\n", [1, 2]),
            ("\(good)\r\n\n \t \n\r\n\(good)\n\n", [1, 5]), ("\n\n\(good)", [3]),
            ("  \(good)\t \n", [1]), ("\u{FEFF}\(good)\n\u{FEFF}\(good)\n", [1, 2]), ("\u{FEFF}\r\n\(good)", [2]),
        ] as [(String, [UInt64])] {
            for blockSize in [1, 7, 64, 4096] {
                let log = try ReadLog(Array(text.utf8), blockSize: blockSize)
                #expect(log.events.map(\.line) == lines, "\(text.debugDescription) in blocks of \(blockSize)")
                #expect(log.counts.malformed == 0 && log.counts.lines == UInt64(lines.count))
            }
        }
    }

    @Test func aRecordStandsWhereItIsSaidToStand() throws {
        let text = Array("\u{FEFF}\(good)\r\n\n  \(good)\nbad\n\(good)".utf8)
        let log = try ReadLog(text, blockSize: 16)
        for event in log.events {
            let start = Int(event.byte)
            #expect(text[start...].starts(with: Array(event.text.utf8)))
            #expect(start == 0 || text[start - 1] == 0x0A, "byte \(start) is no beginning of a line")
        }
        #expect(log.events.map(\.line) == [1, 3, 5])
    }

    @Test func theLimitOfALineIsTheSameInBlocksOfAllSizes() throws {
        var options = ReadingOptions()
        options.maxLineLength = 300
        func line(_ length: Int) -> String {
            let head = #"{"ts":1,"actor":"a","event":"e","m":""#
            return head + String(repeating: "x", count: length - head.count - 2) + "\"}"
        }
        let lines = [
            line(299), line(300), line(301), line(299) + "\r", line(300) + "\r", line(5000), "\u{FEFF}" + line(297),
            "\u{FEFF}" + line(298), String(repeating: " ", count: 300), String(repeating: " ", count: 301),
            String(repeating: "\t", count: 9000), line(100),
        ]
        for blockSize in [1, 50, 128, 299, 300, 301, 512, 100_000] {
            for end in ["", "\n"] {
                let log = try ReadLog(
                    Array((lines.joined(separator: "\n") + end).utf8), options: options, blockSize: blockSize)
                #expect(log.events.map(\.line) == [1, 2, 4, 7, 12], "in blocks of \(blockSize)")
                #expect(log.faults.map(\.kind) == [.lineTooLong] && log.faults.first?.count == 6)
                #expect(log.faults.first?.first.line == 3 && log.faults.first?.first.byte == 601)
                #expect(log.faults.first?.first.detail == "a line of 301 bytes, longer than the 300 allowed")
            }
        }
    }

    @Test func aLineOfTwoGibibytesIsPassedOver() throws {
        let place = try Workplace()
        let path = try place.write(Array("\(good)\n".utf8), to: "a.log")
        let file = try FileHandle(forWritingTo: URL(fileURLWithPath: path))
        // A hole in the file: two gibibytes of NUL bytes that take no disk.
        try file.truncate(atOffset: 2 << 30)
        try file.seekToEnd()
        try file.write(contentsOf: Data("\n\(good)\n".utf8))
        try file.close()
        let log = try ReadLog(place.open("a.log"), ReadingOptions(), 1)
        #expect(log.events.map(\.line) == [1, 3])
        #expect(log.faults.map(\.kind) == [.lineTooLong])
        #expect(log.faults.first?.first.detail.contains("2147483608 bytes") == true, "\(log.faults)")
    }
}
