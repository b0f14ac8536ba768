import EventModel
import Foundation
import LogReading
import Testing

/// Files that change while they are read, here between the look at the bundle and the reading: what is read is right, or it is said.
@Suite struct BundleChangeTests {
    private func bundle(_ place: Workplace) throws -> (LogReading.Bundle, text: [UInt8]) {
        let text = log(lines: 500)
        try place.write(text, to: "a.log")
        try place.write(log(lines: 20, seed: 7), to: "b.log")
        return (try place.open(), text)
    }

    @Test func aFileThatGrowsIsReadAsFarAsItWasThere() throws {
        let place = try Workplace()
        let (bundle, text) = try bundle(place)
        let file = try #require(FileHandle(forWritingAtPath: place.path + "/a.log"))
        try file.seekToEnd()
        try file.write(contentsOf: Data(log(lines: 30, seed: 9)))
        let (bytes, faults) = readAll(bundle.sources[0])
        #expect(bytes == text && faults.isEmpty, "\(faults)")
    }

    @Test func aFileThatShrinksIsDamage() throws {
        let place = try Workplace()
        let (bundle, text) = try bundle(place)
        let file = try #require(FileHandle(forWritingAtPath: place.path + "/a.log"))
        try file.truncate(atOffset: 1000)
        let (bytes, faults) = readAll(bundle.sources[0])
        #expect(bytes == Array(text[..<1000]))
        #expect(faults.map(\.message) == ["has become shorter while it was read"])
        #expect(faults.first?.byte == 1000 && faults.first?.path == "a.log")
    }

    /// In place and to the same length: what was read may be a mixture, though every line is whole.
    @Test(arguments: ["a.log", "a.log.gz", "a.tar", "a.zip"])
    func aFileThatIsOverwrittenIsDamage(_ name: String) throws {
        let place = try Workplace()
        let text = log(lines: 500)
        let file: [UInt8] =
            switch name {
            case "a.log.gz": try archive(.raw, .gzip, [("x", text)])
            case "a.tar": try archive(.tar, .none, [("x.log", text)])
            case "a.zip": ZipInput([ZipInput.Member(Array("x.log".utf8), text)]).bytes
            default: text
            }
        try place.write(file, to: name)
        try place.write(log(lines: 20, seed: 7), to: "b.log")
        let bundle = try place.open()
        let handle = try #require(FileHandle(forUpdatingAtPath: "\(place.path)/\(name)"))
        try handle.write(contentsOf: Data(file))
        try handle.synchronize()
        let source = try #require(bundle.sources.first { $0.path.hasPrefix("a.") })
        let (bytes, faults) = readAll(source)
        #expect(bytes == text)
        // A zip's members were copied when the bundle was opened.
        #expect(faults.map(\.message) == (name == "a.zip" ? [] : ["was overwritten while the bundle was read"]))
        #expect(readAll(bundle.sources[bundle.sources.count - 1]).faults.isEmpty, "another log suffers from it")
        // Once it is left alone, it is a log like any other.
        #expect(try place.open().damage.isEmpty && place.open().sources.allSatisfy { readAll($0).faults.isEmpty })
    }

    @Test func anotherNameIsNoChange() throws {
        let place = try Workplace()
        let (bundle, text) = try bundle(place)
        let reader = try bundle.sources[0].open()
        try FileManager.default.moveItem(atPath: place.path + "/a.log", toPath: place.path + "/a.log.1")
        var bytes = [UInt8](repeating: 0, count: 2 * text.count)
        var count = 0
        while true {
            let got = try bytes.withUnsafeMutableBytes {
                try reader.read(into: UnsafeMutableRawBufferPointer(rebasing: $0[count...]))
            }
            if got == 0 { break }
            count += got
        }
        #expect(Array(bytes[..<count]) == text)
    }

    @Test func aFileThatVanishesIsDamage() throws {
        let place = try Workplace()
        let (bundle, _) = try bundle(place)
        try FileManager.default.removeItem(atPath: place.path + "/a.log")
        let (bytes, faults) = readAll(bundle.sources[0])
        #expect(bytes.isEmpty && faults.map(\.message) == ["has vanished while the bundle was read"], "\(faults)")
        #expect(readAll(bundle.sources[1]).faults.isEmpty, "another log suffers from it")
    }

    /// As a rotation does it; the new file may be as long as the old, or a link, a folder or a pipe.
    @Test(arguments: [
        "mv b.log a.log", "rm a.log && ln -s b.log a.log", "rm a.log && mkdir a.log", "rm a.log && mkfifo a.log",
    ])
    func aFileThatIsReplacedIsDamage(_ change: String) throws {
        let place = try Workplace()
        let (bundle, _) = try bundle(place)
        let shell = Process()
        shell.executableURL = URL(fileURLWithPath: "/bin/sh")
        shell.arguments = ["-c", change]
        shell.currentDirectoryURL = URL(fileURLWithPath: place.path)
        try shell.run()
        shell.waitUntilExit()
        let (bytes, faults) = readAll(bundle.sources[0])
        #expect(bytes.isEmpty && faults.count == 1, "\(change): another file is read as if it were the log")
        let message = try #require(faults.first?.message)
        #expect(message.contains("has taken its place") || message.contains("cannot be opened"), "\(message)")
    }
}
