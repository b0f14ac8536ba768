import LogReading
import Testing

/// What came before the damage counts, the damage is told, and reading goes on where it can.
@Suite struct BundleDamageTests {
    /// A source over bytes that need not look like a log.
    private func read(_ file: [UInt8], options: ReadingOptions = ReadingOptions()) throws -> (
        bytes: [UInt8], faults: [ReadFault]
    ) {
        let place = try Workplace()
        try place.write(file, to: "a.log")
        let bundle = try place.open(options: options)
        return readAll(try #require(bundle.sources.first))
    }

    @Test func aFrameTruncatedAtAnyByteGivesWhatCameBefore() throws {
        let first = log(lines: 20)
        let second = log(lines: 30, seed: 2)
        let head = zstdFrame(first)
        let file = head + zstdFrame(second)
        for end in head.count..<file.count {
            let (bytes, faults) = try read(Array(file[..<end]))
            #expect(bytes.starts(with: first), "cut at \(end)")
            #expect((first + second).starts(with: bytes), "cut at \(end)")
            #expect(faults.count == (end == head.count ? 0 : 1), "cut at \(end)")
            #expect(faults.allSatisfy { $0.code == .truncated && $0.path == "a.log" }, "cut at \(end)")
        }
    }

    @Test func aLargeTruncatedFrameGivesAllItsWholeBlocks() throws {
        let text = log(lines: 20_000)
        let file = zstdFrame(text)
        let (bytes, faults) = try read(Array(file[..<(file.count - 10)]))
        #expect(text.starts(with: bytes))
        #expect(text.count - bytes.count <= 128 << 10)
        #expect(faults.map(\.code) == [.truncated])
        #expect(faults.first?.message == "the last frame is truncated after \(grouped(bytes.count)) bytes")
    }

    private func grouped(_ number: Int) -> String {
        var text = String(number)
        var index = text.count - 3
        while index > 0 {
            text.insert(",", at: text.index(text.startIndex, offsetBy: index))
            index -= 3
        }
        return text
    }

    @Test func aFlippedBitSpoilsItsFrameOnly() throws {
        let parts = (0..<3).map { log(lines: 40, seed: UInt64($0)) }
        let frames = parts.map { zstdFrame($0) }
        var dice = Dice(state: 3)
        for round in 0..<400 {
            var file = frames.flatMap { $0 }
            let at = dice.roll(frames[0].count..<(frames[0].count + frames[1].count))
            file[at] ^= 1 << UInt8(dice.roll(0..<8))
            let (bytes, faults) = try read(file)
            #expect(bytes.starts(with: parts[0]), "round \(round): what came before byte \(at) is lost")
            #expect(
                bytes.suffix(parts[2].count).elementsEqual(parts[2]), "round \(round): the frame behind \(at) is lost")
            #expect(!faults.isEmpty || bytes == parts.flatMap { $0 }, "round \(round): damage at \(at) goes unseen")
        }
    }

    @Test(arguments: Filter.allCases)
    func damageAnywhereNeverStopsTheProgram(_ filter: Filter) throws {
        var dice = Dice(state: 11)
        let text = log(lines: 200)
        for container in [Container.raw, .tar, .zip] where container != .zip || filter == .none {
            let whole = try archive(
                container, filter, [("a.log", text), ("b.log", text)].prefix(container == .raw ? 1 : 2).map { $0 })
            for _ in 0..<150 {
                var file = whole
                for _ in 0..<dice.roll(1..<4) { file[dice.roll(0..<file.count)] ^= UInt8(1 << dice.roll(0..<8)) }
                if dice.roll(0..<3) == 0 { file = Array(file[..<dice.roll(0..<file.count)]) }
                let place = try Workplace()
                try place.write(file, to: "x")
                try place.write(text, to: "y")
                let bundle = try place.open()
                for source in bundle.sources { _ = readAll(source) }
                #expect(bundle.sources.last.map { inflated($0) } == text)
            }
        }
    }

    @Test func aProcessThatWasStoppedAndStartedAgainLosesOneBlock() throws {
        let first = log(lines: 10_000)
        let second = log(lines: 10_000, seed: 2)
        let frame = zstdFrame(first, checksum: false)
        for cut in [frame.count - 1, frame.count - 100, frame.count / 2, 30] {
            let (bytes, faults) = try read(Array(frame[..<cut]) + zstdFrame(second))
            #expect(bytes.suffix(second.count).elementsEqual(second), "cut at \(cut)")
            #expect(!faults.isEmpty, "cut at \(cut)")
        }
    }

    @Test func whatFollowsTheFramesIsTold() throws {
        let text = log(lines: 20)
        let tails: [[UInt8]] = [
            [0x28], [0x28, 0xB5, 0x2F], [0, 0, 0, 0, 0], Array("plain text".utf8), skippableFrame(text).dropLast(1),
        ]
        for tail in tails {
            let (bytes, faults) = try read(zstdFrame(text) + tail)
            #expect(bytes == text)
            #expect(faults.count == 1, "\(tail)")
        }
    }

    @Test(arguments: [Filter.gzip, .bzip2, .xz, .lz4])
    func whatFollowsACompressedStreamIsTold(_ filter: Filter) throws {
        let text = log(lines: 3000)
        let file = try archive(.raw, filter, [("x", text)])
        let (bytes, faults) = try read(file + Array("plain text, and no little of it".utf8))
        #expect(bytes == text)
        #expect(faults.count == 1)
    }

    @Test(arguments: [Filter.gzip, .bzip2, .xz, .lz4])
    func aTruncatedStreamIsTold(_ filter: Filter) throws {
        let text = log(lines: 30_000)
        let file = try archive(.raw, filter, [("x", text)])
        let (bytes, faults) = try read(Array(file[..<(file.count * 3 / 4)]))
        #expect(text.starts(with: bytes))
        #expect(bytes.count > text.count / 3)
        #expect(faults.count == 1)
        #expect(faults.first?.byte != nil)
    }

    @Test func gzipTruncatedAtAnyByteGivesWhatCameBefore() throws {
        let first = log(lines: 20)
        let second = log(lines: 30, seed: 2)
        let head = try archive(.raw, .gzip, [("x", first)])
        let file = try head + archive(.raw, .gzip, [("x", second)])
        for end in head.count..<file.count {
            let (bytes, faults) = try read(Array(file[..<end]))
            #expect(bytes.starts(with: first) && (first + second).starts(with: bytes), "cut at \(end)")
            #expect(bytes.count - first.count >= (end - head.count) - 100, "cut at \(end)")
            #expect(faults.count == (end == head.count ? 0 : 1), "cut at \(end)")
        }
    }

    @Test(arguments: [Filter.gzip, .bzip2, .xz])
    func aFlippedBitInACompressedStreamIsSeen(_ filter: Filter) throws {
        let text = log(lines: 300)
        let whole = try archive(.raw, filter, [("x", text)])
        var dice = Dice(state: 19)
        for _ in 0..<200 {
            var file = whole
            let at = dice.roll(20..<file.count)
            file[at] ^= 1 << UInt8(dice.roll(0..<8))
            let place = try Workplace()
            try place.write(file, to: "a.log")
            try place.write(text, to: "b.log")
            let bundle = try place.open()
            let (bytes, faults) = readAll(bundle.sources[0])
            #expect(!faults.isEmpty || bytes == text, "damage at \(at) goes unseen")
        }
    }

    @Test func aWindowLargerThanAllowedNamesItsOption() throws {
        var options = ReadingOptions()
        let text = log(lines: 40_000)
        let file = zstdFrame(text, windowLog: 21)
        options.maxWindow = 1 << 20
        let (bytes, faults) = try read(file, options: options)
        #expect(bytes.isEmpty)
        #expect(faults.map(\.code) == [.windowTooLarge])
        #expect(faults.first?.hint == "allow it with --max-window 2097152")
        options.maxWindow = 1 << 21
        #expect(try read(file, options: options).bytes == text)
    }

    @Test func aFileOfBrokenHeadsEnds() throws {
        let head = Array(zstdFrame(log(lines: 10)).prefix(20))
        let (_, faults) = try read((0..<20_000).flatMap { _ in head })
        #expect(faults.count <= 1000)
    }

    @Test func aSourceMayNotInflateWithoutEnd() throws {
        var options = ReadingOptions()
        options.maxInflatedSize = 100_000
        for filter in Filter.allCases {
            let (bytes, faults) = try read(try archive(.raw, filter, [("x", log(lines: 3000))]), options: options)
            #expect(bytes.count <= 100_000)
            #expect(faults.map(\.code) == [.tooLarge])
        }
    }

    @Test(arguments: [Filter.none, .gzip, .zstd])
    func aTruncatedTarGivesItsFirstMembers(_ filter: Filter) throws {
        let text = log(lines: 3000)
        let whole = try archive(.tar, .none, [("a.log", text), ("b.log", text)])
        let cut = Array(whole[..<(text.count + 100_000)])
        let place = try Workplace()
        try place.write(try archive(.raw, filter, [("x", cut)]), to: "logs.tar")
        let bundle = try place.open()
        #expect(bundle.sources.map(\.path) == ["logs.tar!/a.log", "logs.tar!/b.log"])
        #expect(inflated(bundle.sources[0]) == text)
        let second = inflated(bundle.sources[1])
        #expect(text.starts(with: second) && second.count > 90_000)
        #expect(!bundle.damage.isEmpty)
    }

    @Test func aFileThatIsGoneOrShorterIsTold() throws {
        let place = try Workplace()
        try place.write(log(lines: 100), to: "a.log")
        let source = try place.open().sources[0]
        try place.write(log(lines: 50), to: "a.log")
        let (bytes, faults) = readAll(source)
        #expect(bytes == log(lines: 50))
        #expect(faults.map(\.code) == [.truncated])
    }
}
