import EventModel
import LogReading
import Testing

/// Every container gives the bytes that went into it, whatever it is called.
@Suite struct BundleContainerTests {
    let text = log(lines: 3000)

    @Test(arguments: Filter.allCases)
    func aCompressedFileGivesItsBytes(_ filter: Filter) throws {
        let place = try Workplace()
        try place.write(try archive(.raw, filter, [("x", text)]), to: "enactor.log")
        let bundle = try place.open()
        #expect(bundle.sources.map(\.path) == ["enactor.log"])
        #expect(bundle.sources[0].encoding == (filter == .none ? "plain" : "\(filter)"))
        for size in [1000, 65536, 1 << 20] { #expect(inflated(bundle.sources[0], by: size) == text) }
    }

    @Test(arguments: Filter.allCases)
    func manyMembersOfOneCompressionAreOneLog(_ filter: Filter) throws {
        let place = try Workplace()
        let parts = [text[..<1000], text[1000..<100_000], text[100_000...]]
        try place.write(try parts.flatMap { try archive(.raw, filter, [("x", Array($0))]) }, to: "a.log")
        #expect(inflated(try place.open().sources[0]) == text)
    }

    @Test(arguments: Filter.allCases)
    func aTarGivesItsMembers(_ filter: Filter) throws {
        let place = try Workplace()
        let other = log(lines: 9, seed: 2)
        let members = [
            ("./logs/b.log", text), ("a.log.zst", zstdFrame(other)), ("README.md", Array("Logs.\n".utf8)),
            ("empty", []),
            ("logs/.hidden", other), ("inner.tar", try archive(.tar, .none, [("c.log", other)])),
        ]
        try place.write(try archive(.tar, filter, members), to: "logs.tar.what")
        let bundle = try place.open()
        #expect(bundle.sources.map(\.path) == ["logs.tar.what!/a.log.zst", "logs.tar.what!/logs/b.log"])
        #expect(inflated(bundle.sources[0]) == other)
        #expect(inflated(bundle.sources[1]) == text)
        #expect(bundle.sources.map(\.encoding) == ["zstd", filter == .none ? "plain" : "\(filter)"])
        #expect(
            bundle.passedOver.map { "\($0.path): \($0.reason)" } == [
                "logs.tar.what!/README.md: text of a form that no profile knows", "logs.tar.what!/empty: empty",
                "logs.tar.what!/inner.tar: an archive inside an archive",
            ])
        #expect(bundle.damage.isEmpty)
    }

    @Test func aZipGivesItsMembers() throws {
        let place = try Workplace()
        let members = [("b.log", text), ("a.log.gz", try archive(.raw, .gzip, [("x", text)]))]
        try place.write(try archive(.zip, .none, members), to: "logs.zip")
        let bundle = try place.open()
        #expect(bundle.sources.map(\.path) == ["logs.zip!/a.log.gz", "logs.zip!/b.log"])
        for source in bundle.sources { #expect(inflated(source) == text) }
    }

    @Test func twoTarsOneAfterTheOtherAreRead() throws {
        let place = try Workplace()
        let tars = try ["a.log", "b.log"].map { try archive(.tar, .none, [($0, text)]) }
        try place.write(tars[0] + tars[1], to: "logs.tar")
        let bundle = try place.open()
        #expect(bundle.sources.map(\.path) == ["logs.tar!/a.log", "logs.tar!/b.log"])
        for source in bundle.sources { #expect(inflated(source) == text) }
        #expect(bundle.damage.isEmpty)
    }

    @Test func noiseIsNoLog() throws {
        let place = try Workplace()
        var dice = Dice(state: 1)
        for name in 0..<20 { try place.write((0..<70_000).map { _ in UInt8(dice.roll(0..<256)) }, to: "\(name)") }
        try place.write(text, to: "real.log")
        #expect(try place.open().sources.map(\.path) == ["real.log"])
    }

    @Test func namesInAnArchiveAreOnlyLabels() throws {
        let place = try Workplace()
        let names = ["../../escaped.log", "/etc/inquest-test.log", "ünïcode/☃.log", "a.log", "a.log"]
        try place.write(try archive(.tar, .none, names.map { ($0, text) }), to: "logs.tar")
        try place.write(try archive(.tar, .gzip, names.map { ($0, text) }), to: "logs.tgz")
        let bundle = try place.open()
        let labels = ["../../escaped.log", "/etc/inquest-test.log", "a.log", "a.log (2)", "ünïcode/☃.log"]
        #expect(
            bundle.sources.map(\.path) == ["logs.tar", "logs.tgz"].flatMap { file in labels.map { "\(file)!/\($0)" } })
        for source in bundle.sources { #expect(inflated(source) == text) }
    }

    @Test func framesCutAnywhereAreOneLog() throws {
        let place = try Workplace()
        var dice = Dice(state: 7)
        for round in 0..<20 {
            var file: [UInt8] = []
            var rest = text[...]
            while !rest.isEmpty {
                let part = rest.prefix(dice.roll(0..<40_000))
                rest = rest.dropFirst(part.count)
                file += zstdFrame(part, checksum: dice.roll(0..<2) == 0)
                if dice.roll(0..<3) == 0 {
                    file += skippableFrame(Array(text.prefix(dice.roll(0..<5000))), variant: UInt8(dice.roll(0..<16)))
                }
            }
            if round.isMultiple(of: 2) { file = skippableFrame([]) + file }
            try place.write(file, to: "a.log")
            #expect(inflated(try place.open().sources[0], by: dice.roll(1..<200_000)) == text, "round \(round)")
        }
    }

    @Test(arguments: [Filter.none, .zstd, .gzip])
    func theSizeOfReadsChangesNothing(_ filter: Filter) throws {
        let place = try Workplace()
        let text = log(lines: 300)
        try place.write(try archive(.raw, filter, [("x", text)]), to: "a.log")
        let source = try place.open().sources[0]
        for size in [1, 2, 3, 7, 255, 4096, 131_071, 131_072] {
            #expect(inflated(source, by: size) == text, "read by \(size)")
        }
    }

    @Test func aSourceIsReadByManyAtOnce() async throws {
        let place = try Workplace()
        try place.write(try archive(.tar, .xz, [("a.log", text), ("b.log", text)]), to: "logs")
        let sources = try place.open().sources
        let all = await withTaskGroup(of: [UInt8].self) { group in
            for index in 0..<8 { group.addTask { inflated(sources[index % 2], by: 1000 + index) } }
            return await group.reduce(into: []) { $0.append($1) }
        }
        #expect(all.count == 8 && all.allSatisfy { $0 == text })
    }

    @Test func offsetsTellHowFarAReaderIs() throws {
        let place = try Workplace()
        let file = zstdFrame(text)
        try place.write(file, to: "a.log")
        let source = try place.open().sources[0]
        #expect(source.storedSize == UInt64(file.count))
        let reader = try source.open()
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 5000, alignment: 1)
        defer { buffer.deallocate() }
        var sum: UInt64 = 0
        while true {
            let count = try reader.read(into: buffer)
            if count == 0 { break }
            sum += UInt64(count)
            #expect(reader.inflatedOffset == sum)
            #expect(reader.storedOffset <= source.storedSize)
        }
        #expect(reader.storedOffset == source.storedSize)
    }

    @Test func whatIsNoLogIsNamedWithTheReason() throws {
        let place = try Workplace()
        try place.write(text, to: "real.log")
        try place.write([], to: "empty.log")
        try place.write(Array(" \n\n".utf8), to: "blank.log")
        try place.write([0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A], to: "graph.log")
        try place.write([0xFF, 0xD8, 0xFF, 0xE0], to: "photo")
        try place.write([0x7F, 0x45, 0x4C, 0x46], to: "tool")
        try place.write(Array("SQLite format 3\0".utf8), to: "db")
        try place.write(Array("# About\nSee {below}.\n".utf8), to: "README")
        try place.write(zstdFrame(Array("%PDF-1.7".utf8)), to: "paper.zst")
        try place.write(zstdFrame(zstdFrame(text)), to: "twice.zst")
        try place.write([1, 0, 2, 3], to: "blob")
        let bundle = try place.open()
        #expect(bundle.sources.map(\.path) == ["real.log"])
        #expect(
            bundle.passedOver.map { "\($0.path): \($0.reason)" } == [
                "README: text of a form that no profile knows", "blank.log: empty but for blanks",
                "blob: binary, and no line of it begins with {", "db: a database (SQLite)", "empty.log: empty",
                "graph.log: an image (PNG)", "paper.zst: a document (PDF)", "photo: an image (JPEG)",
                "tool: a program (ELF)", "twice.zst: compressed twice",
            ])
    }

    @Test(arguments: [
        "garbage\n\u{0}\u{1}\n  {\"ts\":1}\n", "\u{FEFF}{\"ts\":1}", "\n\n\t{",
        String(repeating: "x", count: 70_000) + "\n{}\n",
    ])
    func aLogMayBeginBadly(_ text: String) throws {
        let place = try Workplace()
        try place.write(Array(text.utf8), to: "a.log")
        let bundle = try place.open()
        #expect(bundle.sources.count == 1)
        #expect(inflated(bundle.sources[0]) == Array(text.utf8))
    }
}
