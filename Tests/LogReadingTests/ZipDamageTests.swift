import Foundation
import LogReading
import Testing

/// A damaged zip gives all that holds, and says what does not.
@Suite struct ZipDamageTests {
    private static let logs = (0..<3).map { log(lines: 2, seed: UInt64($0)) }

    /// The lines of all logs in a file, and whether damage is told.
    private func read(_ file: [UInt8]) throws -> (lines: [[UInt8]], damage: [String]) {
        let place = try Workplace()
        try place.write(file, to: "logs.zip")
        try place.write([], to: "beside")
        let bundle: LogReading.Bundle
        do {
            bundle = try place.open("logs.zip")
        } catch let error as BundleError {
            return ([], ["\(error.message): \(error.hint ?? "")"])
        }
        var damage = bundle.damage.map { "\($0.path): \($0.message)" }
        var lines: [[UInt8]] = []
        for source in bundle.sources {
            let (bytes, faults) = readAll(source)
            lines += bytes.split(separator: 0x0A).map(Array.init)
            damage += faults.map(\.message)
        }
        // A damaged name changes the order of the logs.
        return (lines.sorted { $0.lexicographicallyPrecedes($1) }, damage)
    }

    private static func zip(isDeflated: Bool, hasDescriptor: Bool) -> ZipInput {
        ZipInput(
            logs.enumerated().map { index, log in
                ZipInput.Member("\(index).log", log, isDeflated: isDeflated, hasDescriptor: hasDescriptor)
            })
    }

    private static let lines = logs.joined().split(separator: 0x0A).map(Array.init).sorted {
        $0.lexicographicallyPrecedes($1)
    }

    @Test(arguments: [(true, false), (true, true), (false, false), (false, true)])
    func everyFlippedBitIsToldOrDoesNotMatter(isDeflated: Bool, hasDescriptor: Bool) throws {
        let zip = Self.zip(isDeflated: isDeflated, hasDescriptor: hasDescriptor)
        let whole = try read(zip.bytes)
        #expect(whole.lines == Self.lines && whole.damage.isEmpty, "\(whole.damage)")
        for place in sampled(0..<zip.bytes.count * 8, 150) {
            let (at, bit) = (place / 8, place % 8)
            var file = zip.bytes
            file[at] ^= 1 << UInt8(bit)
            let (lines, damage) = try read(file)
            #expect(!damage.isEmpty || lines == Self.lines, "bit \(bit) of byte \(at): damage goes unseen")
            // Only one member can be damaged.
            #expect(wholeLogs(lines) >= 2, "bit \(bit) of byte \(at) costs other members: \(damage)")
            if at >= zip.directory {
                #expect(lines == Self.lines, "bit \(bit) of byte \(at), in the directory, costs records: \(damage)")
            }
        }
    }

    /// How many of the logs are whole.
    private func wholeLogs(_ lines: [[UInt8]]) -> Int {
        Self.logs.count { log in log.split(separator: 0x0A).allSatisfy { lines.contains(Array($0)) } }
    }

    /// The sizes of the member reach into the next, and all places that the directory states behind it are wrong.
    @Test(arguments: [(true, false), (true, true), (false, false), (false, true)])
    func aLostByteCostsItsMemberAlone(isDeflated: Bool, hasDescriptor: Bool) throws {
        let zip = Self.zip(isDeflated: isDeflated, hasDescriptor: hasDescriptor)
        for at in sampled(zip.bytes.indices) {
            var file = zip.bytes
            file.remove(at: at)
            let (lines, damage) = try read(file)
            #expect(!damage.isEmpty, "byte \(at) is missing, and nothing is said")
            #expect(wholeLogs(lines) >= (at < zip.directory ? 2 : 3), "byte \(at) costs other members: \(damage)")
        }
    }

    @Test(arguments: [(true, false), (true, true), (false, false), (false, true)])
    func anEmptyMemberIsNoDamage(isDeflated: Bool, hasDescriptor: Bool) throws {
        let members = ([[]] + Self.logs).enumerated().map { index, log in
            ZipInput.Member("\(index).log", log, isDeflated: isDeflated, hasDescriptor: hasDescriptor)
        }
        let (lines, damage) = try read(ZipInput(members).bytes)
        #expect(lines == Self.lines)
        #expect(damage.isEmpty, "\(damage)")
    }

    @Test func bytesPutBetweenMembersAreTold() throws {
        let zip = Self.zip(isDeflated: true, hasDescriptor: false)
        for at in zip.headers[1...] + [zip.directory] {
            for count in [1, 4, 512] {
                let noise = [UInt8](repeating: 0xA5, count: count)
                let (lines, damage) = try read(Array(zip.bytes[..<at] + noise + zip.bytes[at...]))
                #expect(lines == Self.lines, "\(count) bytes at \(at)")
                #expect(damage.count == 1, "\(count) bytes at \(at): \(damage)")
            }
        }
    }

    /// All records are there, but other programs refuse such a member.
    @Test func aDirectoryThatContradictsAMemberIsTold() throws {
        let zip = Self.zip(isDeflated: true, hasDescriptor: false)
        // The version needed, the flag of encryption, the method (twice), the checksum and both sizes.
        let fields = [(6, 0x40), (8, 1), (10, 1), (11, 2), (16, 1), (20, 1), (24, 1)]
        for (at, bit) in fields {
            var file = zip.bytes
            file[zip.directory + at] ^= UInt8(bit)
            let (lines, damage) = try read(file)
            #expect(lines == Self.lines, "byte \(at) of an entry")
            #expect(
                damage == ["logs.zip!/0.log: the central directory contradicts the member, which is whole"],
                "byte \(at) of an entry: \(damage)")
        }
        var file = zip.bytes
        file[zip.bytes.count - 10] ^= 1
        let (lines, damage) = try read(file)
        #expect(lines == Self.lines)
        #expect(damage == ["logs.zip: the size of the central directory is wrong"])
    }

    @Test(arguments: [(true, false), (true, true), (false, false), (false, true)])
    func whatACutLeavesIsRead(isDeflated: Bool, hasDescriptor: Bool) throws {
        let zip = Self.zip(isDeflated: isDeflated, hasDescriptor: hasDescriptor)
        for end in stride(from: 40, to: zip.bytes.count, by: 7) {
            let (lines, damage) = try read(Array(zip.bytes[..<end]))
            #expect(!damage.isEmpty, "cut at \(end): damage goes unseen")
            let whole = (0..<3).filter { ($0 < 2 ? zip.headers[$0 + 1] : zip.directory) <= end }
            for line in whole.flatMap({ Self.logs[$0].split(separator: 0x0A) }) {
                #expect(lines.contains(Array(line)), "cut at \(end): a whole member is lost")
            }
        }
    }

    @Test func aMemberIsNamedWithWhatIsWrongWithIt() throws {
        let zip = Self.zip(isDeflated: false, hasDescriptor: false)
        var file = zip.bytes
        file[zip.data[1] + 30] ^= 1
        #expect(
            try read(file).damage == [
                "logs.zip!/1.log: the checksum of the member's \(Self.logs[1].count) bytes is wrong"
            ])
        file = zip.bytes
        file[zip.directory] ^= 1
        let (lines, damage) = try read(file)
        #expect(lines == Self.lines)
        #expect(damage.count == 1 && damage[0].contains("logs.zip: the central directory"), "\(damage)")
    }

    @Test func whatStandsAroundAZipIsTold() throws {
        let zip = Self.zip(isDeflated: true, hasDescriptor: false).bytes
        let other = ZipInput([ZipInput.Member("other.log", log(lines: 2, seed: 9))]).bytes
        let noise = Array("what is this?\n".utf8)
        #expect(try read(noise + zip).lines == Self.lines)
        let behind = try read(zip + noise)
        #expect(behind.lines == Self.lines && behind.damage.count == 1)
        let both = try read(other + zip)
        #expect(Set(both.lines).isSuperset(of: Self.lines) && both.lines.count == 8)
        #expect(!both.damage.isEmpty)
    }

    /// Members that are stored in rarer ways are libarchive's to read.
    @Test(arguments: ["bzip2", "lzma", "xz", "zstd"])
    func aRareWayToStoreIsReadAndChecked(_ method: String) throws {
        let text = log(lines: 500)
        guard let zip = try archive(.zip, .none, [("a.log", text)], option: ("zip", "compression", method)) else {
            return
        }
        let whole = Set(text.split(separator: 0x0A).map(Array.init))
        #expect(
            try read(zip).lines
                == text.split(separator: 0x0A).map(Array.init).sorted {
                    $0.lexicographicallyPrecedes($1)
                })
        var unseen = 0
        var dice = Dice(state: 5)
        for _ in 0..<50 {
            var file = zip
            file[dice.roll(60..<zip.count / 2)] ^= 1 << UInt8(dice.roll(0..<8))
            let (lines, damage) = try read(file)
            if damage.isEmpty, lines.count != 500 || Set(lines) != whole { unseen += 1 }
        }
        #expect(unseen == 0, "damage goes unseen")
    }
}
