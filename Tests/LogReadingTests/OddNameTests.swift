import CArchive
import LogReading
import Testing

/// Whatever members are called, an undamaged archive is no damage, and no two names look alike.
@Suite struct OddNameTests {
    private static let formats = ["v7tar", "ustar", "pax", "gnutar", "zip"]

    @Test(arguments: formats)
    func anUndamagedArchiveHasNoDamage(_ format: String) throws {
        var dice = Dice(state: UInt64(format.utf8.count))
        let text = log(lines: 2)
        let place = try Workplace()
        for round in 0..<200 {
            // libarchive writes no empty name.
            let empty: [[UInt8]] = format == "zip" && round % 4 == 0 ? [[]] : []
            let names =
                empty
                + (0..<dice.roll(1..<6)).map { _ in
                    Self.name(&dice, longest: format == "v7tar" || format == "ustar" ? 90 : 300)
                }
            let file = format == "zip" ? Self.zip(names, text, &dice) : try Self.tar(format, names, text)
            try place.write(file, to: "x")
            try place.write(text, to: "y.log")
            let bundle = try place.open()
            #expect(bundle.damage.isEmpty, "round \(round), \(names.map { String(decoding: $0, as: UTF8.self) })")
            #expect(Set(bundle.sources.map(\.path)).count == bundle.sources.count)
            for source in bundle.sources { #expect(inflated(source) == text, "round \(round): \(source.path)") }
            // Hidden ones aside, each name is a log.
            let shown = names.filter { !Self.isHidden($0) && $0.last != UInt8(ascii: "/") }
            #expect(bundle.sources.count == shown.count + 1, "round \(round): \(names)")
        }
    }

    @Test func namesThatAreNoUTF8AreToldApart() throws {
        let place = try Workplace()
        let text = log(lines: 2)
        let names: [[UInt8]] = [[0x61, 0xFF], [0x61, 0xFE], Array("aä".utf8)]
        try place.write(try Self.tar("ustar", names, text), to: "x.tar")
        try place.write(ZipInput(names.map { ZipInput.Member($0, text) }).bytes, to: "x.zip")
        #expect(
            try place.open().sources.map(\.path)
                == ["x.tar", "x.zip"].flatMap { file in
                    [#"\xfe"#, #"\xff"#, "ä"].map { "\(file)!/a\($0)" }
                })
    }

    private static func name(_ dice: inout Dice, longest: Int) -> [UInt8] {
        let part = { (dice: inout Dice) -> [UInt8] in
            switch dice.roll(0..<8) {
            case 0: return Array("..".utf8)
            case 1: return (0..<dice.roll(1..<20)).map { _ in UInt8(dice.roll(1..<256)) }.filter { $0 != 0x2F }
            case 2: return [0x1B] + Array("[31m\r\n\t".utf8)
            case 3: return Array("ünïcode ☃ \u{202E}".utf8)
            case 4: return Array(repeating: UInt8(ascii: "n"), count: dice.roll(1..<longest))
            case 5: return Array(". -rf $(x) `y` %s \\".utf8.dropFirst(2))
            default: return Array("a\(dice.roll(0..<3)).log".utf8)
            }
        }
        var name = dice.roll(0..<6) == 0 ? [UInt8(ascii: "/")] : []
        for _ in 0..<dice.roll(0..<3) { name += part(&dice) + [UInt8(ascii: "/")] }
        return Array((name + part(&dice)).suffix(longest)) + Array("\(dice.roll(0..<3))".utf8)
    }

    private static func isHidden(_ name: [UInt8]) -> Bool {
        name.split(separator: UInt8(ascii: "/")).contains { part in
            part.first == UInt8(ascii: ".") && !part.elementsEqual("..".utf8) && !part.elementsEqual(".".utf8)
        }
    }

    private static func zip(_ names: [[UInt8]], _ text: [UInt8], _ dice: inout Dice) -> [UInt8] {
        ZipInput(
            names.map { name in
                var member = ZipInput.Member(name, text)
                member.isDeflated = dice.roll(0..<2) == 0
                member.hasDescriptor = dice.roll(0..<2) == 0
                member.usesZip64 = dice.roll(0..<2) == 0
                member.flags = dice.roll(0..<2) == 0 ? 0x800 : 0
                return member
            }
        ).bytes
    }

    private static func tar(_ format: String, _ names: [[UInt8]], _ text: [UInt8]) throws -> [UInt8] {
        let writer = archive_write_new()
        defer { archive_write_free(writer) }
        try #require(archive_write_set_format_by_name(writer, format) == ARCHIVE_OK)
        archive_write_set_options(writer, "hdrcharset=BINARY")
        var result = [UInt8](repeating: 0, count: 1 << 20)
        var used = 0
        try result.withUnsafeMutableBytes { target in
            try #require(archive_write_open_memory(writer, target.baseAddress, target.count, &used) == ARCHIVE_OK)
            for name in names {
                let entry = archive_entry_new()
                defer { archive_entry_free(entry) }
                (name + [0]).withUnsafeBytes {
                    archive_entry_set_pathname(entry, $0.bindMemory(to: CChar.self).baseAddress)
                }
                archive_entry_set_filetype(entry, 0o100000)
                archive_entry_set_perm(entry, 0o644)
                archive_entry_set_size(entry, la_int64_t(text.count))
                try #require(archive_write_header(writer, entry) >= ARCHIVE_WARN)
                try #require(archive_write_data(writer, text, text.count) == text.count)
            }
            try #require(archive_write_close(writer) == ARCHIVE_OK)
        }
        return Array(result[..<used])
    }
}

extension ZipInput.Member {
    init(_ name: [UInt8], _ bytes: [UInt8]) {
        self.init("", bytes)
        self.name = name
    }
}
