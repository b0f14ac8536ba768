import EventModel
import Foundation
import LogReading
import Testing

@testable import EventIndex

/// An indexed query gives what a scan gives.
@Suite struct BundleIndexTests {
    static func filters() throws -> [(String, EventFilter)] {
        let middle = Timestamp(nanoseconds: 1_760_940_000_200_000_000)
        return [
            ("everything", EventFilter()),
            ("--endpoint e1", EventFilter(endpoints: [try Glob("e1")])),
            ("--endpoint b", EventFilter(endpoints: [try Glob("b")])),
            ("--endpoint é", EventFilter(endpoints: [try Glob("é")])),
            ("--endpoint e\"q", EventFilter(endpoints: [try Glob("e\"q")])),
            ("--endpoint 'e*'", EventFilter(endpoints: [try Glob("e*")])),
            ("--endpoint nothing", EventFilter(endpoints: [try Glob("nothing")])),
            ("--endpoint e1 --endpoint e3/x", EventFilter(endpoints: [try Glob("e1"), try Glob("e3/x")])),
            ("--actor c", EventFilter(actors: [try Glob("c")])),
            ("--event x --actor '[ab]'", EventFilter(actors: [try Glob("[ab]")], events: [try Glob("x")])),
            ("--endpoint e2 --plan 3..5", EventFilter(endpoints: [try Glob("e2")], plans: try PlanRange("3..5"))),
            ("--since", EventFilter(window: try TimeWindow(since: middle, until: nil))),
            ("--until", EventFilter(endpoints: [try Glob("e1")], window: try TimeWindow(since: nil, until: middle))),
        ]
    }

    @Test("the index gives what a scan gives, in the same order", arguments: Array(UInt64(1)...24))
    func identity(seed: UInt64) throws {
        let bundle = try IndexedBundle()
        for log in randomLogs(seed: seed, events: 300) { try bundle.write(log.name, log.text) }
        try bundle.index()
        let index = try #require(try bundle.open())
        let temporary = try bundle.temporaryIndex()
        for (name, filter) in try BundleIndexTests.filters() {
            let scanned = try bundle.scan(filter)
            let indexed = try bundle.query(index, filter)
            #expect(indexed == scanned, "seed \(seed), \(name)")
            #expect(try bundle.query(temporary, filter) == scanned, "seed \(seed), \(name), in a temporary index")
        }
        for criterion in EventFilter.Criterion.allCases {
            let counted = try index.names(criterion).map(\.count).reduce(0, +)
            #expect(counted <= 330)
        }
    }

    @Test("the re-framed logs are ordinary zstd files of the same lines")
    func reframed() throws {
        let bundle = try IndexedBundle()
        let logs = randomLogs(seed: 7, events: 200)
        for log in logs { try bundle.write(log.name, log.text) }
        try bundle.index()
        for (at, log) in logs.enumerated() {
            let copy = try Bundle.open(
                paths: [bundle.indexFolder + "/log-\(at + 1).ndjson.zst"], options: ReadingOptions())
            let reader = try copy.sources[0].open()
            var text: [UInt8] = []
            var buffer = [UInt8](repeating: 0, count: 4096)
            while true {
                let got = try buffer.withUnsafeMutableBytes { bytes in try reader.read(into: bytes) }
                if got == 0 { break }
                text += buffer[..<got]
            }
            #expect(String(decoding: text, as: UTF8.self) == log.text)
        }
    }

    @Test("changed, added and removed files are noticed")
    func freshness() throws {
        let bundle = try IndexedBundle()
        for log in randomLogs(seed: 3, events: 50) { try bundle.write(log.name, log.text) }
        try bundle.index()
        #expect(try bundle.open() != nil)
        func refusal() throws -> String? {
            let location = try bundle.location()
            do throws(BundleIndex.Refusal) {
                _ = try BundleIndex.open(location, reading: ReadingOptions(), options: bundle.options)
                return nil
            } catch {
                guard case .stale(let how) = error else { return "another reason" }
                return how
            }
        }
        try bundle.write("9.log", "{}")
        #expect(try refusal() == "added: 9.log")
        try FileManager.default.removeItem(atPath: bundle.folder + "/9.log")
        #expect(try refusal() == nil)
        let text = try String(contentsOfFile: bundle.folder + "/2.log", encoding: .utf8)
        try bundle.write("2.log", text.replacingOccurrences(of: "x", with: "y"))
        #expect(try refusal() == "changed: 2.log")
        try FileManager.default.removeItem(atPath: bundle.folder + "/2.log")
        #expect(try refusal() == "removed: 2.log")
    }

    @Test("an index that was not finished is none")
    func interruption() throws {
        let bundle = try IndexedBundle()
        for log in randomLogs(seed: 4, events: 50) { try bundle.write(log.name, log.text) }
        try bundle.index(finishes: false)
        #expect(try bundle.open() == nil)
        #expect(try FileManager.default.contentsOfDirectory(atPath: bundle.root) == ["logs"])
        // One of a process that is gone is removed by the next.
        try FileManager.default.createDirectory(
            atPath: bundle.root + "/.logs.inquest.tmp-0", withIntermediateDirectories: true)
        try bundle.index()
        #expect(try FileManager.default.contentsOfDirectory(atPath: bundle.root).sorted() == ["logs", "logs.inquest"])
    }

    @Test("a damaged index is never a crash nor a wrong answer", arguments: ["index", "log-1.ndjson.zst"])
    func damage(file: String) throws {
        let bundle = try IndexedBundle()
        for log in randomLogs(seed: 5, events: 30) { try bundle.write(log.name, log.text) }
        try bundle.index()
        let path = bundle.indexFolder + "/" + file
        let whole = try Data(contentsOf: URL(fileURLWithPath: path))
        let filters = [EventFilter(), EventFilter(endpoints: [try Glob("e1")])]
        let answers = try filters.map { try bundle.scan($0) }
        var refused = 0
        func check(_ bytes: Data, _ what: String) throws {
            try bytes.write(to: URL(fileURLWithPath: path))
            do {
                let index = try #require(try bundle.open())
                for (filter, answer) in zip(filters, answers) {
                    #expect(try bundle.query(index, filter) == answer, "\(what) of \(file)")
                }
            } catch is IndexFault {
                refused += 1
            } catch is BundleIndex.Refusal {
                refused += 1
            }
        }
        for at in whole.indices {
            var bytes = whole
            bytes[at] ^= 1 << UInt8(at % 8)
            try check(bytes, "byte \(at)")
        }
        for length in stride(from: 0, to: whole.count, by: 7) {
            try check(whole.prefix(length), "the first \(length) bytes")
        }
        #expect(refused > whole.count / 2)
    }

    @Test("numbers come back from their bits", arguments: Array(UInt64(1)...50))
    func rice(seed: UInt64) throws {
        var random = Seeded(state: seed)
        let values = (0..<Int.random(in: 0...200, using: &random)).map { _ in
            UInt64.random(in: 0...UInt64.max, using: &random) >> UInt64.random(in: 0...63, using: &random)
        }
        #expect(try RiceCode.decode(RiceCode.encode(values), count: values.count) == values)
    }
}
