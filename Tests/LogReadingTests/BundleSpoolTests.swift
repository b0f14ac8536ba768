import Foundation
@testable import LogReading
import Testing

/// What can be read only once, and the spool that it goes to.
@Suite struct BundleSpoolTests {
    /// Opens `-` with bytes on the other end of a pipe.
    private func piped(_ bytes: [UInt8], _ options: ReadingOptions = ReadingOptions()) throws -> LogReading.Bundle {
        // Where opening fails, the other end is told so by a failed write and no signal.
        signal(SIGPIPE, SIG_IGN)
        let pipe = Pipe()
        let writer = Thread {
            try? pipe.fileHandleForWriting.write(contentsOf: Data(bytes))
            try? pipe.fileHandleForWriting.close()
        }
        writer.start()
        var options = options
        options.standardInput = pipe.fileHandleForReading.fileDescriptor
        defer { try? pipe.fileHandleForReading.close() }
        return try LogReading.Bundle.open(paths: ["-"], options: options)
    }

    @Test(arguments: Filter.allCases)
    func standardInputIsReadAgainAndAgain(_ filter: Filter) throws {
        let text = log(lines: 20_000)
        let bundle = try piped(try archive(.raw, filter, [("x", text)]))
        #expect(bundle.sources.map(\.path) == ["stdin"])
        #expect(bundle.sources[0].encoding == (filter == .none ? "plain" : "\(filter)"))
        #expect(inflated(bundle.sources[0]) == text)
        #expect(inflated(bundle.sources[0], by: 777) == text)
    }

    @Test(arguments: Filter.allCases)
    func standardInputMayBeAnArchive(_ filter: Filter) throws {
        let text = log(lines: 20_000)
        let bundle = try piped(try archive(.tar, filter, [("a.log", text), ("b.log.zst", zstdFrame(text))]))
        #expect(bundle.sources.map(\.path) == ["stdin!/a.log", "stdin!/b.log.zst"])
        for source in bundle.sources { #expect(inflated(source) == text) }
    }

    @Test func standardInputThatIsAFileIsReadInPlace() throws {
        let place = try Workplace()
        let text = log(lines: 20_000)
        let path = try place.write(Array("skipped".utf8) + text, to: "a.log")
        let file = try #require(FileHandle(forReadingAtPath: path))
        try file.seek(toOffset: 7)
        var options = ReadingOptions()
        options.standardInput = file.fileDescriptor
        options.spoolLimit = 0
        let bundle = try LogReading.Bundle.open(paths: ["-"], options: options)
        #expect(bundle.sources.map(\.path) == ["stdin"])
        #expect(inflated(bundle.sources[0]) == text)
        #expect(inflated(bundle.sources[0]) == text)
    }

    @Test func emptyStandardInputIsNothing() throws {
        #expect { try piped([]) } throws: { ($0 as? BundleError)?.code == .nothingToRead }
        #expect { try piped(Array("no log\n".utf8)) } throws: { ($0 as? BundleError)?.code == .nothingToRead }
    }

    @Test func theSpoolLeavesNoNameBehind() throws {
        let place = try Workplace()
        var options = ReadingOptions()
        options.temporaryFolder = place.path
        let bundle = try piped(log(lines: 2000), options)
        #expect(try FileManager.default.contentsOfDirectory(atPath: place.path).isEmpty)
        #expect(inflated(bundle.sources[0]) == log(lines: 2000))
    }

    @Test func theSpoolHasALimitThatNamesItsOption() throws {
        var options = ReadingOptions()
        options.spoolLimit = 20_000
        let tar = try archive(.tar, .xz, [("a.log", log(lines: 20_000))])
        for bytes in [log(lines: 20_000), tar] {
            #expect { try piped(bytes, options) } throws: { error in
                let error = error as? BundleError
                return error?.code == .spoolFull && error?.hint?.contains("--spool") == true
            }
        }
        options.temporaryFolder = "/nonexistent"
        #expect { try piped(log(lines: 5), options) } throws: { ($0 as? BundleError)?.code == .spoolFailed }
    }

    @Test func writersInTurnsEachGetTheirOwnBack() throws {
        let spool = try Spool(ReadingOptions())
        var dice = Dice(state: 5)
        let writers = (0..<50).map { spool.newStream(label: "actor \($0)") }
        var written = [[UInt8]](repeating: [], count: writers.count)
        let text = log(lines: 20_000)
        for _ in 0..<3000 {
            let index = dice.roll(0..<writers.count)
            let start = dice.roll(0..<text.count)
            let piece = text[start..<min(text.count, start + dice.roll(0..<20_000))]
            try piece.withUnsafeBytes { try writers[index].write($0) }
            written[index] += piece
        }
        let sources = try writers.map { try $0.finish() }
        for (index, source) in sources.enumerated() {
            #expect(source.path == "actor \(index)")
            #expect(inflated(source, by: dice.roll(1..<500_000)) == written[index])
        }
    }

    @Test func oneGreatWriteIsKept() throws {
        let spool = try Spool(ReadingOptions())
        let writer = spool.newStream(label: "a")
        let text = log(lines: 50_000)
        try text.withUnsafeBytes { try writer.write($0) }
        #expect(inflated(try writer.finish()) == text)
        #expect(inflated(try spool.newStream(label: "nothing").finish()).isEmpty)
    }
}
