import CSimdjson
import EventModel
import Foundation
import Testing

@testable import LogReading

/// A line cut anywhere is read from what it holds, never from what lies behind it in memory.
///
/// INQUEST_PREFIXES=all takes every line of the corpus and of the sample logs, not some of each file.
@Suite struct PoisonedBufferTests {
    @Test func aLineCutAnywhereIsReadAsSimdjsonReadsIt() throws {
        guard var both = ScannerAndJudge() else {
            Issue.record("no memory for a parser")
            return
        }
        for line in try Self.lines() {
            for end in 0...line.count {
                let result = both.read([Array(line[..<end])])
                if result.isDifferent {
                    Issue.record("cut behind \(end) bytes, not read as simdjson reads it: \(line.text)")
                    return
                }
            }
        }
    }

    /// Behind the sentinels, and behind the block's padding, lies a page that ends whoever reads it.
    @Test func aLineCutAnywhereIsReadWithoutAByteFromBehindItsBuffers() throws {
        guard let bytes = GuardedBytes(capacity: 1 << 16), let places = GuardedBytes(capacity: 1 << 18),
            let parser = csj_create(1 << 16, 8)
        else {
            Issue.record("no memory")
            return
        }
        var decoder = LineDecoder(parser, ReadingOptions())
        var scanner = FastScanner()
        for line in try Self.lines() where line.count < 16_000 {
            for end in 0...line.count {
                // As `RecordDecoder` does with a last line without its end.
                let block = bytes.fill(line[..<end] + [0x0A], padding: RawBlock.padding - 1)
                var index = [UInt32](repeating: 0, count: end + 1 + CBI_OFFSETS_BEYOND)
                let count = cbi_index(block.assumingMemoryBound(to: UInt8.self), end + 1, &index) + CBI_SENTINELS
                let filled = index.withUnsafeBytes { places.fill($0.prefix(count * 4), padding: 0) }
                _ = scanner.scan(
                    block.assumingMemoryBound(to: UInt8.self), from: 0, filled.assumingMemoryBound(to: UInt32.self), 0)
                var batch = EventBatch()
                decoder.decode(UnsafeRawBufferPointer(start: block, count: end + 1), ofLength: end, into: &batch)
            }
        }
    }

    /// A block whose last line is cut behind `{` or a comma, where the index ends with the entry that a key would begin at.
    @Test(arguments: ["{", #"{"ts":1,"#, #"{"ts":1, "#, #"{"vc":{"#, #"{"vc":{"a":1,"#, #"{"ts":1,"vc":{"a":1},"#])
    func aLastLineCutWhereAKeyShouldBeginIsMalformed(_ text: String) throws {
        let decoder = try #require(RecordDecoder(ReadingOptions()))
        for ahead in ["", ReadLog.good + "\n"] {
            for end in ["", "\n"] {
                var block = decoder.poisonedBlock(Array((ahead + text + end).utf8))
                var batch = EventBatch()
                decoder.decode(&block, into: &batch, keepingText: true)
                #expect(batch.count == (ahead.isEmpty ? 0 : 1), "of '\(ahead + text)'")
                let lost = batch.faultCounts.filter { $0.key.effect != .kept }
                #expect(lost == [.notJSON: 1], "of '\(ahead + text)'")
            }
        }
    }

    /// Lines of the fuzzers' corpus and of the sample logs.
    private static func lines() throws -> [[UInt8]] {
        let takesAll = ProcessInfo.processInfo.environment["INQUEST_PREFIXES"] == "all"
        let package = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        var lines: [[UInt8]] = []
        for folder in ["Tests/Fuzz/Corpus/records", "Tests/Fuzz/Corpus/scanner"] {
            let url = package.appendingPathComponent(folder)
            for name in try FileManager.default.contentsOfDirectory(atPath: url.path).sorted() {
                let found = [UInt8](try Data(contentsOf: url.appendingPathComponent(name))).split(separator: 0x0A).map(
                    Array.init)
                lines += takesAll ? found : Array(found.filter { $0.count < 500 }.prefix(20))
            }
        }
        let sample = try LogReading.Bundle.open(
            paths: [package.path + "/SampleLogs/us-east-1-2025-10-20"], options: ReadingOptions())
        for source in sample.sources {
            let found = inflated(source).split(separator: 0x0A).map(Array.init)
            lines += takesAll ? found : Array(found.suffix(2))
        }
        try #require(lines.count > 50, "there are no lines to cut")
        return lines
    }
}

/// Bytes that end where a page begins that nobody may read.
private final class GuardedBytes {
    private let start: UnsafeMutableRawPointer
    private let capacity: Int
    private let page = sysconf(Int32(_SC_PAGESIZE))

    init?(capacity: Int) {
        self.capacity = (capacity + page - 1) / page * page
        guard
            let start = mmap(
                nil, self.capacity + page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0),
            start != MAP_FAILED, mprotect(start + self.capacity, page, PROT_NONE) == 0
        else { return nil }
        self.start = start
    }

    deinit { munmap(start, capacity + page) }

    /// Places bytes, and noise behind them, so that the noise ends with the last byte that may be read.
    func fill(_ bytes: some Collection<UInt8>, padding: Int) -> UnsafeRawPointer {
        let begin = start + (capacity - padding - bytes.count)
        UnsafeMutableRawBufferPointer(start: begin, count: bytes.count).copyBytes(from: bytes)
        memset(begin + bytes.count, Int32(Poison.byte), padding)
        return UnsafeRawPointer(begin)
    }
}

extension [UInt8] {
    fileprivate var text: String { String(decoding: self, as: UTF8.self) }
}
