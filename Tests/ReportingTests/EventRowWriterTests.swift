import EventModel
import Foundation
import Testing

@testable import Reporting

@Suite("Events as query gives them out")
struct EventRowWriterTests {
    private let line = #"""
        {"ts":"2025-10-20T06:47:58.113Z","actor":"enactor-az1","event":"plan.applied","plan":110,"endpoint":"db.example","outcome":"ok","replaces":145,"commit":20417,"latency_ms":4.0,"extra":{"a":[1,"x,\"y"]},"nul":null,"big":123456789012345678901234567890}
        """#

    private func row(_ line: String, actor: String = "enactor-az1", findings: [String] = ["F1"]) -> EventRow {
        EventRow(
            Array(line.utf8), time: Sample.write, actor: actor, event: "plan.applied", stamp: Stamp(counter: 7),
            hasClock: true, file: "a.log", number: 3, findings: findings)
    }

    private func text(_ format: EventTableFormat, _ rows: [EventRow], note: String? = nil) -> String {
        let writer = EventRowWriter(format, csv: .exact)
        var bytes: [UInt8] = []
        writer.begin(&bytes)
        for row in rows { writer.row(row, &bytes) }
        writer.end(note: note, &bytes)
        return String(decoding: bytes, as: UTF8.self)
    }

    @Test("Fields are found in the record, unknown ones kept as they stand")
    func fields() {
        let event = row(line)
        #expect(event.endpoint == "db.example")
        #expect(event.plan == 110)
        #expect(event.outcome == "ok")
        #expect(event.fields.map { "\($0.key)=\($0.value)" } == ["replaces=145", "commit=20417", "latency_ms=4.0"])
        #expect(event.rest == #"{"extra":{"a":[1,"x,\"y"]},"nul":null,"big":123456789012345678901234567890}"#)
    }

    @Test("A line of the table")
    func table() throws {
        let shown = text(.table, [row(line)], note: "1 of 2 events")
        #expect(try shown == fixture("events.txt"), "\(shown)")
    }

    @Test("JSON lines are the records' own bytes, invalid ones too")
    func jsonl() {
        var event = row(line)
        event.raw = [0x7B, 0xFF, 0x00, 0x7D]
        var bytes: [UInt8] = []
        EventRowWriter(.jsonl).row(event, &bytes)
        #expect(bytes == [0x7B, 0xFF, 0x00, 0x7D, 0x0A])
    }

    @Test("CSV comes back exactly, whatever the text")
    func csv() throws {
        var generator = SeededGenerator(state: 9)
        for _ in 0..<500 {
            let actor = Hostile.text(&generator)
            let text = text(.csv, [row(line, actor: actor)])
            let records = parse(text)
            #expect(records.count == 2)
            #expect(records[0].count == records[1].count)
            #expect(records[1][1].unicodeScalars.elementsEqual(actor.unicodeScalars))
            #expect(records[1].last == row(line).rest)
        }
    }

    @Test("In the table and in Markdown no text leaves its line or cell")
    func hostile() {
        var generator = SeededGenerator(state: 13)
        for _ in 0..<500 {
            let actor = Hostile.text(&generator)
            let record =
                "{\"endpoint\":" + JSONWriter.text(Hostile.text(&generator)) + ",\"reason\":" + JSONWriter.text(actor)
                + "}"
            let event = row(record, actor: actor)
            let table = text(.table, [event])
            #expect(table.unicodeScalars.count { $0 == "\n" } == 1)
            #expect(!table.unicodeScalars.contains { $0 != "\n" && VisibleText.hides($0) })
            let lines = text(.markdown, [event]).split(separator: "\n", omittingEmptySubsequences: false)
            #expect(lines.count == 4)
            #expect(lines[2].split(separator: "|", omittingEmptySubsequences: false).count == 11)
        }
    }

    @Test(
        "Broken records are cut without harm",
        arguments: ["", "{", "{\"a", "{\"a\":", "[1]", "{\"a\":\"\\u12", "{\"a\":[[[", "{\"\\"])
    func broken(line: String) {
        #expect(row(line).raw == Array(line.utf8))
    }

    /// RFC 4180, the plain way.
    private func parse(_ text: String) -> [[String]] {
        var records: [[String]] = [[]]
        var value = String.UnicodeScalarView()
        var isQuoted = false
        let scalars = Array(text.unicodeScalars)
        var at = 0
        while at < scalars.count {
            let scalar = scalars[at]
            at += 1
            if isQuoted {
                if scalar != "\"" {
                    value.append(scalar)
                } else if at < scalars.count, scalars[at] == "\"" {
                    value.append(scalar)
                    at += 1
                } else {
                    isQuoted = false
                }
            } else if scalar == "\"" {
                isQuoted = true
            } else if scalar == "," || scalar == "\n" {
                records[records.count - 1].append(String(value))
                value = .init()
                if scalar == "\n" { records.append([]) }
            } else if scalar != "\r" {
                value.append(scalar)
            }
        }
        return records.dropLast()
    }
}
