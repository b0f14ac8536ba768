import LogReading
import Testing

/// A damaged header costs its member alone; what was passed over is told.
@Suite struct TarDamageTests {
    private static let logs = (0..<4).map { log(lines: 20, seed: UInt64($0)) }
    private let tar: [UInt8]

    init() throws {
        tar = try archive(.tar, .none, Self.logs.enumerated().map { ("\($0.offset).log", $0.element) })
    }

    /// Where a member's header is.
    private func header(_ index: Int) -> Int {
        (0..<tar.count / 512).map { $0 * 512 }.first { tar[$0...].starts(with: Array("\(index).log\0".utf8)) } ?? 0
    }

    private func read(_ file: [UInt8], _ name: String = "logs.tar") throws -> (
        logs: [String: [UInt8]], damage: [String]
    ) {
        let place = try Workplace()
        try place.write(file, to: name)
        let bundle = try place.open()
        var logs: [String: [UInt8]] = [:]
        var damage = bundle.damage.map { "\($0.path): \($0.message)" }
        for source in bundle.sources {
            let (bytes, faults) = readAll(source)
            logs[String(source.path.split(separator: "/").last ?? "")] = bytes
            damage += faults.map(\.message)
        }
        return (logs, damage)
    }

    @Test(arguments: [Filter.none, .gzip, .zstd])
    func aDamagedHeaderCostsNoRecord(_ filter: Filter) throws {
        for index in 0..<4 {
            for at in [0, 124, 150, 156, 257, 300] {
                var tar = self.tar
                tar[header(index) + at] ^= 0x04
                let (logs, damage) = try read(try archive(.raw, filter, [("x", tar)]))
                for other in 0..<4 where other != index {
                    #expect(logs["\(other).log"] == Self.logs[other], "header \(index), byte \(at): \(other) is lost")
                }
                #expect(logs.values.contains(Self.logs[index]), "header \(index), byte \(at): its records are lost")
                let range = "bytes \(grouped(header(index))) to \(grouped(index < 3 ? header(index + 1) : tar.count))"
                #expect(damage.count == 1 && damage[0].contains(range), "header \(index), byte \(at): \(damage)")
            }
        }
    }

    @Test func everyFlippedBitOfAHeaderIsTold() throws {
        let start = header(1)
        for at in sampled(start..<start + 512, 128) {
            var tar = self.tar
            tar[at] ^= 1 << UInt8(at % 8)
            let (logs, damage) = try read(tar)
            #expect(
                Set(logs.values).isSuperset(of: Self.logs), "bit \(at % 8) of byte \(at - start): records are lost")
            let isSame = damage.isEmpty && logs["1.log"] == Self.logs[1]
            #expect(damage.count == 1 || isSame, "bit \(at % 8) of byte \(at - start) goes unseen: \(damage)")
        }
    }

    /// Blanks fill up the last block of a member, so that a header behind it may stand off its place without anything else.
    @Test func aBytePutInIsTold() throws {
        for index in 0..<3 {
            for at in [header(index) + 600, header(index + 1) - 1] {
                var tar = self.tar
                tar.insert(0x20, at: at)
                let (logs, damage) = try read(tar)
                for other in 0..<4 where other != index {
                    #expect(logs["\(other).log"] == Self.logs[other], "a byte put in at \(at) costs \(other).log")
                }
                #expect(damage.count == 1, "a byte put in at \(at): \(damage)")
            }
        }
    }

    @Test func aTarThatBeginsInARecordIsRead() throws {
        let start = header(0) + 512 + Self.logs[0].lastIndex(of: UInt8(ascii: "{"))!
        let (logs, damage) = try read(Array(tar[start...]))
        for index in 1..<4 { #expect(logs["\(index).log"] == Self.logs[index]) }
        #expect(!damage.isEmpty)
        // The rest of the last member, and the end.
        let last = header(3) + 512 + Self.logs[3].lastIndex(of: UInt8(ascii: "{"))!
        let rest = try read(Array(tar[last...]))
        #expect(rest.logs.values.contains { $0.starts(with: Self.logs[3][(last - header(3) - 512)...]) })
        #expect(!rest.damage.isEmpty)
    }

    @Test func everyCutIsToldAndLeavesWhatCameBefore() throws {
        let end = (header(3) + 512 + Self.logs[3].count + 511) / 512 * 512
        for cut in stride(from: 513, to: end + 1, by: 37) {
            let (logs, damage) = try read(Array(tar[..<cut]))
            #expect(damage.count == 1, "cut at \(cut): \(damage)")
            for index in 0..<4 {
                let start = header(index) + 512
                let left = Self.logs[index].prefix(max(0, cut - start))
                #expect(logs["\(index).log"] ?? [] == Array(left), "cut at \(cut): of \(index).log")
            }
        }
    }

    /// A hole in a compressed tar: the records behind it are read, up to the next header as the rest of the member at hand.
    @Test func aHoleInACompressedTarCostsWhatItHeld() throws {
        let parts = stride(from: 0, to: tar.count, by: 700).map { tar[$0..<min($0 + 700, tar.count)] }
        let frames = parts.map { zstdFrame($0, checksum: false) }
        let all = Set(Self.logs.joined().split(separator: 0x0A).map(Array.init))
        for hole in 1..<frames.count {
            var broken = frames
            broken[hole].removeLast(broken[hole].count / 2)
            let (logs, damage) = try read(broken.flatMap { $0 }, "logs.tar.zst")
            let lines = Set(logs.values.joined(separator: [0x0A]).split(separator: 0x0A).map(Array.init))
            // Lines that stand neither in the frame, nor are cut by its ends.
            let kept = parts[..<hole].joined().count..<parts[...hole].joined().count
            for line in all where !lines.contains(line) {
                let start = place(of: line)
                let isHeld = start < kept.upperBound + 700 && start + line.count > kept.lowerBound
                #expect(isHeld, "frame \(hole) is broken: a line at \(start) is lost that it does not hold")
            }
            #expect(!damage.isEmpty)
        }
    }

    private func place(of line: [UInt8]) -> Int {
        (0..<tar.count).first { tar[$0] == line[0] && tar[$0...].starts(with: line) } ?? 0
    }

    @Test func tarsOfEveryKindWithGarbageBetweenAreRead() throws {
        let other = try archive(.tar, .none, [("other.log", log(lines: 2, seed: 8))])
        let (logs, damage) = try read(tar + Array("what is this?\n".utf8) + other)
        #expect(logs.count == 5)
        #expect(damage.count == 1 && damage[0].contains("have no header that holds"), "\(damage)")
        #expect(try read(other + tar).damage.isEmpty)
    }

    private func grouped(_ number: Int) -> String {
        number < 1000 ? "\(number)" : "\(number / 1000)," + String(String(1000 + number % 1000).dropFirst())
    }
}
