import LogReading
import Testing

/// Whatever byte of a compressed log is damaged: what lies in other frames and blocks is read, and the damage is told.
@Suite struct CompressedDamageTests {
    static let compressions = Filter.allCases.filter { $0 != .none }
    static let withBlocks = [Filter.bzip2, .xz, .lz4]
    let parts = (0..<3).map { log(lines: 2, seed: UInt64($0) + 5) }

    private func read(_ file: [UInt8], _ name: String) throws -> (bytes: [UInt8], faults: [ReadFault]) {
        let place = try Workplace()
        try place.write(file, to: name)
        try place.write(log(lines: 1), to: "zzz.log")
        let bundle = try place.open()
        guard let source = bundle.sources.first(where: { $0.path == name }) else {
            Issue.record("\(name) is passed over: \(bundle.passedOver.map(\.reason))")
            return ([], [])
        }
        return readAll(source)
    }

    /// Reads a file, compares its lines with those that must be there, and tells whether damage was reported.
    private func check(
        _ file: [UInt8], _ name: String, _ parts: CompressedParts, lost: Set<Int>, _ what: @autoclosure () -> String
    ) throws {
        let (bytes, faults) = try read(file, name)
        // A line that damage cuts runs into the next one here; a reader of lines ends it.
        let missing = parts.lines(but: lost).count { !bytes.contains($0) }
        #expect(missing == 0, "\(what()): \(missing) lines of other parts are lost: \(faults.map(\.message))")
        let isWhole = bytes == parts.parts.flatMap { $0 }
        #expect(isWhole || !faults.isEmpty, "\(what()): altered, and nothing is said")
        #expect(faults.count <= 1, "\(what()): \(faults.map(\.message)) for one damaged byte")
    }

    @Test(arguments: compressions)
    func aFlippedByteCostsItsFrameAlone(_ filter: Filter) throws {
        let parts = try CompressedParts(parts, frames: filter)
        for at in sampled(parts.file.indices) {
            var file = parts.file
            file[at] ^= 1 << UInt8(at % 8)
            try check(file, "a.log.\(filter)", parts, lost: parts.parts(at: at), "byte \(at) of \(filter)")
        }
    }

    @Test(arguments: withBlocks)
    func aFlippedByteCostsItsBlockAlone(_ filter: Filter) throws {
        let parts = try CompressedParts(parts, blocks: filter)
        for at in sampled(parts.file.indices.dropFirst(filter == .bzip2 ? 0 : 16)) {
            var file = parts.file
            file[at] ^= 0x10
            var lost = parts.parts(at: at)
            // libbz2 keeps the last bits of a block, up to four bytes, and writes them with the next.
            if filter == .bzip2 { lost.formUnion(parts.parts(at: at - 4)) }
            try check(file, "a.log", parts, lost: lost, "byte \(at) of \(filter)")
        }
    }

    /// The first bytes name the format, the check or the level. No block needs them.
    @Test(arguments: [Filter.bzip2, .xz])
    func aLostHeadCostsNoBlock(_ filter: Filter) throws {
        let parts = try CompressedParts(parts, blocks: filter)
        let text = parts.parts.flatMap { $0 }
        let length = filter == .xz ? 12 : 4
        let name = filter == .xz ? "a.log.xz" : "a.log.bz2"
        for at in 0..<length {
            var file = parts.file
            // Of bzip2's level, one digit is as good as another.
            file[at] ^= 0x40
            let (bytes, faults) = try read(file, name)
            #expect(bytes == text, "byte \(at) of \(filter): \(faults.map(\.message))")
            #expect(faults.count == 1, "byte \(at) of \(filter): \(faults.map(\.message))")
        }
        for start in 1...length {
            let (bytes, faults) = try read(Array(parts.file[start...]), name)
            #expect(bytes == text, "\(filter) from \(start) on: \(faults.map(\.message))")
            #expect(faults.count == 1, "\(filter) from \(start) on: \(faults.map(\.message))")
        }
        let (bytes, faults) = try read(Array(parts.file[length..<parts.ranges[2].lowerBound + 20]), name)
        #expect(bytes.starts(with: parts.parts[0] + parts.parts[1]), "\(filter) without head and end")
        #expect(!faults.isEmpty, "\(filter) without head and end")
    }

    /// The last few bytes of a file may all be letters, as far as ASCII goes.
    @Test(arguments: ["zst", "gz", "bz2", "xz", "lz4", "zip", "tar"])
    func whateverIsLeftOfItsEndIsNoText(_ ending: String) throws {
        let place = try Workplace()
        try place.write(log(lines: 1), to: "zzz.log")
        for rest: [UInt8] in [
            Array("x\u{4C}_>".utf8) + [0xE3, 0x4C, 0xE7, 0x3E, 0xAD, 0x89], Array("xyzäöü".utf8.dropLast()),
        ] {
            try place.write(rest, to: "a.log.\(ending)")
            let bundle = try place.open()
            let faults = bundle.sources.filter { $0.path != "zzz.log" }.flatMap { readAll($0).faults }
            #expect(bundle.damage.count + faults.count == 1, "\(ending): \(bundle.passedOver)")
        }
    }

    /// In the frames of lz4 only a block's size leads to the next: where that is damaged, what follows is searched for.
    @Test(arguments: [true, false]) func aDamagedSizeCostsItsBlockAlone(_ hasChecksums: Bool) throws {
        let large = (0..<4).map { log(lines: 300, seed: UInt64($0) + 20) }
        let parts = CompressedParts(large, lz4Checksums: hasChecksums)
        for part in large.indices {
            let place = parts.ranges[part].lowerBound
            // The last bit says that a block is stored as it is: without checksums nobody can tell.
            for bit in 0..<(hasChecksums ? 32 : 31) {
                var file = parts.file
                file[place + bit / 8] ^= 1 << UInt8(bit % 8)
                let (bytes, faults) = try read(file, "a.log")
                let lost = large.indices.filter { $0 != part && !bytes.contains(large[$0]) }
                #expect(lost.isEmpty, "bit \(bit) of the size of block \(part): \(lost): \(faults.map(\.message))")
                #expect(!faults.isEmpty, "bit \(bit) of the size of block \(part)")
            }
        }
    }

    @Test(arguments: compressions)
    func whatLiesAheadOfACutIsRead(_ filter: Filter) throws {
        let parts = try CompressedParts(parts, frames: filter)
        for end in sampled(parts.file.indices.dropFirst(parts.ranges[0].upperBound)) + parts.ranges.map(\.upperBound) {
            let (bytes, faults) = try read(Array(parts.file[..<end]), "a.log")
            let whole = parts.ranges.count { $0.upperBound <= end }
            let ahead = parts.parts[..<whole].flatMap { $0 }
            #expect(bytes.starts(with: ahead), "\(filter) cut at \(end)")
            #expect(parts.parts.flatMap { $0 }.starts(with: bytes), "\(filter) cut at \(end)")
            let isClean = parts.ranges.contains { $0.upperBound == end }
            #expect(faults.map(\.code) == (isClean ? [] : [.truncated]), "\(filter) cut at \(end)")
        }
    }

    @Test(arguments: compressions)
    func aLostByteCostsItsFrameAlone(_ filter: Filter) throws {
        let parts = try CompressedParts(parts, frames: filter)
        for at in sampled(parts.file.indices) {
            var file = parts.file
            file.remove(at: at)
            try check(file, "a.log.\(filter)", parts, lost: parts.parts(at: at), "byte \(at) of \(filter) is missing")
        }
    }

    /// Its length leads into the middle of what follows, or beyond the end.
    @Test func aDamagedSkippableFrameCostsNoOther() throws {
        let frames = parts.map { zstdFrame($0) }
        let skippable = skippableFrame(Array("between".utf8))
        for at in 4..<skippable.count {
            for bit in 0..<8 {
                var damaged = skippable
                damaged[at] ^= 1 << UInt8(bit)
                let (bytes, faults) = try read(frames[0] + damaged + frames[1] + skippable + frames[2], "a.log")
                #expect(bytes == parts.flatMap { $0 }, "bit \(bit) of byte \(at): \(faults.map(\.message))")
                #expect(faults.count == (at < 8 ? 1 : 0), "bit \(bit) of byte \(at): \(faults.map(\.message))")
            }
        }
        let (bytes, faults) = try read(frames[0] + skippable.dropLast() + frames[1] + frames[2], "a.log")
        #expect(bytes == parts.flatMap { $0 } && faults.count == 1)
    }

    @Test func allKindsOneAfterTheOtherAreOneLog() throws {
        var file: [UInt8] = []
        var text: [UInt8] = []
        for (index, filter) in (Self.compressions + Self.compressions.reversed()).enumerated() {
            let part = log(lines: 3, seed: UInt64(index))
            file += try archive(.raw, filter, [("x", part)])
            text += part
        }
        let (bytes, faults) = try read(file, "a.log")
        #expect(bytes == text)
        #expect(faults.isEmpty)
    }

    @Test(arguments: compressions)
    func zerosBehindAreDamageWhereTheFormatHasNone(_ filter: Filter) throws {
        let parts = try CompressedParts(parts, frames: filter)
        let text = parts.parts.flatMap { $0 }
        let padding = [UInt8](repeating: 0, count: 512)
        let (bytes, faults) = try read(parts.file + padding, "a.log")
        #expect(bytes == text)
        #expect(faults.isEmpty == (filter == .gzip || filter == .xz))
        let (more, moreFaults) = try read(parts.file + padding + parts.file, "a.log")
        #expect(more == text + text)
        #expect(moreFaults.isEmpty == (filter == .gzip || filter == .xz))
    }

    @Test(arguments: compressions)
    func plainTextBehindIsNamed(_ filter: Filter) throws {
        let parts = try CompressedParts(parts, frames: filter)
        let (bytes, faults) = try read(parts.file + log(lines: 2), "a.log")
        #expect(bytes == parts.parts.flatMap { $0 })
        let names: [Filter: String] = [.gzip: "gzip member", .zstd: "zstd frame", .lz4: "lz4 frame"]
        let frame = names[filter] ?? "\(filter) stream"
        #expect(
            faults.map(\.message) == [
                "what follows the last whole \(frame) is damaged, or does not belong there"
            ])
    }

    @Test func whatADamagedBeginningShouldBeIsNamed() throws {
        let parts = try CompressedParts(parts, frames: .zstd)
        var file = parts.file
        file[1] ^= 4
        // By the name; by a later frame.
        for name in ["a.log.zst", "a.log"] {
            let (bytes, faults) = try read(file, name)
            #expect(bytes == parts.parts[1...].flatMap { $0 }, "\(name)")
            #expect(faults.map(\.message) == ["the beginning is damaged: it should be a zstd frame"], "\(name)")
            #expect(faults.map(\.byte) == [0], "\(name)")
        }
    }

    /// Noise ahead may begin with any byte, and half a record of another log with a brace.
    @Test(arguments: compressions)
    func aBraceAheadDoesNotMakeItPlain(_ filter: Filter) throws {
        let parts = try CompressedParts(parts, frames: filter)
        let name: [Filter: String] = [.gzip: "gz", .bzip2: "bz2", .zstd: "zst", .xz: "xz", .lz4: "lz4"]
        for ahead in ["{\u{1}\u{2}noise", #"{"ts":1,"actor":"a","ev"#] {
            let (bytes, faults) = try read(Array(ahead.utf8) + parts.file, "a.log.\(name[filter] ?? "")")
            #expect(bytes == parts.parts.flatMap { $0 }, "\(filter) behind \(ahead)")
            #expect(faults.count == 1, "\(filter) behind \(ahead): \(faults.map(\.message))")
        }
        // With nothing behind it that could still be read.
        let noise = Array("{\u{1}\u{2}".utf8) + parts.file.suffix(9)
        #expect(try read(noise, "a.log.\(name[filter] ?? "")").faults.count == 1, "\(filter): noise is passed over")
        // A plain log with a wrong name stays one.
        let plain = log(lines: 3) + [0, 1, 2, 0x0A]
        #expect(try read(plain, "a.log.\(name[filter] ?? "")").bytes == plain)
    }

    @Test(arguments: ["gz", "bz2", "xz", "lz4", "zst", "tar", "zip"])
    func aRestOfAFewBytesIsDamage(_ ending: String) throws {
        for rest in ["", "x", "BZ", "PK3", "letters"] {
            let place = try Workplace()
            try place.write(Array(rest.utf8), to: "a.log.\(ending)")
            try place.write(log(lines: 1), to: "zzz.log")
            let bundle = try place.open()
            let damage = bundle.damage.map(\.message) + bundle.sources.flatMap { readAll($0).faults.map(\.message) }
            #expect(damage.count == 1, "'\(rest)' in a file named .\(ending): \(damage)")
        }
    }

    @Test func aNameAloneMakesNoDamage() throws {
        let place = try Workplace()
        try place.write(log(lines: 3), to: "a.log.gz")
        try place.write([0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A, 0, 1], to: "photo.zip")
        try place.write(Array("See {below}.\n".utf8), to: "README.xz")
        try place.write([1, 0, 2, 3], to: "blob")
        try place.write(zstdFrame(log(lines: 3)), to: "b.lz4")
        let bundle = try place.open()
        #expect(bundle.sources.map(\.path) == ["a.log.gz", "b.lz4"])
        #expect(bundle.damage.isEmpty)
        for source in bundle.sources { #expect(inflated(source) == log(lines: 3)) }
    }

    @Test func textOfTwoBytesACharacterIsNamed() throws {
        let place = try Workplace()
        let text = String(decoding: log(lines: 20), as: UTF8.self)
        let little = text.utf16.flatMap { [UInt8($0 & 0xFF), UInt8($0 >> 8)] }
        let big = text.utf16.flatMap { [UInt8($0 >> 8), UInt8($0 & 0xFF)] }
        try place.write(log(lines: 1), to: "real.log")
        for (index, bytes) in [little, big, [0xFF, 0xFE] + little, [0xFE, 0xFF] + big].enumerated() {
            try place.write(bytes, to: "\(index).log")
        }
        let bundle = try place.open()
        #expect(bundle.sources.map(\.path) == ["real.log"])
        #expect(
            bundle.passedOver.map(\.reason)
                == Array(repeating: "UTF-16 text, which is not read: convert it to UTF-8", count: 4))
    }

    /// Nothing but heads that lead nowhere, and blocks that do not decode.
    @Test(.timeLimit(.minutes(5)))
    func aFileOfNothingButMagicNumbersEnds() throws {
        let good = try CompressedParts(parts, frames: .gzip)
        let heads: [[UInt8]] = [
            [0x1F, 0x8B, 8, 8, 0, 0, 0, 0, 0, 3], [0x28, 0xB5, 0x2F, 0xFD, 0, 0x58, 0, 0, 0],
            [0x31, 0x41, 0x59, 0x26, 0x53, 0x59], Array("BZh91AY&SY".utf8),
            [0x04, 0x22, 0x4D, 0x18, 0x64, 0x40, 0xA7], [0x02, 0x21, 0x4C, 0x18, 0xFF, 0, 0, 0],
            Array(try archive(.raw, .xz, [("x", parts[0])]).prefix(24)),
        ]
        for head in heads {
            let file = good.file + (0..<(1 << 20) / head.count).flatMap { _ in head }
            let (bytes, faults) = try read(file, "a.log")
            #expect(bytes.starts(with: good.parts.flatMap { $0 }))
            #expect((1...1000).contains(faults.count), "\(head)")
        }
    }
}
