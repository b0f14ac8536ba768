import EventModel
@testable import LogReading
import Testing

/// No good line is ever lost: good and malformed lines, mixed at random, give exactly the good ones, however they are read.
@Suite struct RecordMixtureTests {
    private struct Mixture {
        var bytes: [UInt8] = []
        var good: [(line: UInt64, byte: UInt64, text: [UInt8])] = []
        var malformed: UInt64 = 0

        init(seed: UInt64, lines: Int) {
            var dice = Dice(state: seed)
            for line in 1...lines {
                let start = UInt64(bytes.count)
                switch dice.roll(0..<10) {
                case 0..<5:
                    let text = Mixture.record(&dice)
                    good.append((UInt64(line), start, text))
                    bytes += text
                case 5..<7:
                    bytes += RecordMalformedTests.cases[dice.roll(0..<RecordMalformedTests.cases.count)].line
                    malformed += 1
                case 7:
                    // A good line with one byte changed to what no place in a record can bear.
                    var text = Mixture.record(&dice)
                    text[dice.roll(0..<text.count)] = [0x00, 0xFF, 0x1F, 0x01][dice.roll(0..<4)]
                    bytes += text
                    malformed += 1
                case 8:
                    let text = Mixture.record(&dice)
                    bytes += text[..<dice.roll(1..<text.count)]
                    malformed += 1
                default:
                    bytes += Array(["", " ", "\t", "\r"][dice.roll(0..<4)].utf8)
                }
                if line < lines || dice.roll(0..<2) == 0 { bytes.append(0x0A) }
            }
        }

        private static func record(_ dice: inout Dice) -> [UInt8] {
            let times = [#""2025-10-20T06:47:58.113Z""#, #""2025-10-20T08:47:58+02:00""#, "1760942878113000001"]
            var text =
                #"{"ts":\#(times[dice.roll(0..<3)]),"actor":"a\#(dice.roll(0..<5))","event":"e\#(dice.roll(0..<9))""#
            let members = [
                #""endpoint":"db\#(dice.roll(0..<50)).example""#, #""plan":\#(dice.roll(0..<99))"#, #""plan":"x""#,
                #""vc":{"a\#(dice.roll(0..<5))":\#(dice.roll(0..<99)),"b":1}"#, #""m":[{"k":"}\n\"]"}]"#,
                #""ü":"\u00e9😀""#,
                #""big":123456789012345678901234567890"#, #""big":1e999,"latency_ms":0.5"#, #""causes":["x","y"]"#,
                "\"m\":\"" + String(repeating: "long ", count: dice.roll(0..<60)) + "\"", #""queue":null"#,
            ]
            for _ in 0..<dice.roll(0..<5) { text += "," + members[dice.roll(0..<members.count)] }
            return Array(
                ((dice.roll(0..<20) == 0 ? "\u{FEFF}" : "") + text + "}" + (dice.roll(0..<9) == 0 ? "\r" : "")).utf8)
        }
    }

    @Test(arguments: 1...12) func exactlyTheGoodLines(_ seed: UInt64) throws {
        let mixture = Mixture(seed: seed, lines: 400)
        var first: ReadLog?
        for (blockSize, threads) in [(1, 1), (33, 0), (100, 2), (777, 1), (4096, 3), (65_536, 0), (256 << 10, 1)] {
            let log = try ReadLog(mixture.bytes, threads: threads, blockSize: blockSize)
            let how = "in blocks of \(blockSize), \(threads) threads beside"
            #expect(log.events.map(\.line) == mixture.good.map(\.line), "a good line was lost \(how)")
            #expect(log.events.map(\.byte) == mixture.good.map(\.byte), "a record was misplaced \(how)")
            #expect(log.events.map { Array($0.text.utf8) } == mixture.good.map(\.text), "bytes were changed \(how)")
            #expect(log.counts.malformed == mixture.malformed, "malformed lines were miscounted \(how)")
            if let first {
                #expect(log.events == first.events, "the same log reads differently \(how)")
                #expect(log.names == first.names, "names are numbered differently \(how)")
                #expect(log.faults == first.faults, "the same faults are told differently \(how)")
                #expect(log.counts == first.counts, "the same log counts differently \(how)")
            } else {
                first = log
            }
        }
    }

    @Test("a decoder that forgets names calls everything by the same ones", arguments: [0, 1, 7, 40])
    func forgottenNames(_ remembered: Int) throws {
        let mixture = Mixture(seed: 5, lines: 900)
        let all = try ReadLog(mixture.bytes)
        var options = ReadingOptions()
        options.namesRemembered = remembered
        for (blockSize, threads) in [(100, 0), (777, 2), (4096, 1)] {
            let log = try ReadLog(mixture.bytes, options: options, threads: threads, blockSize: blockSize)
            #expect(log.names == all.names, "blocks of \(blockSize), \(threads) threads beside")
            #expect(log.events == all.events, "blocks of \(blockSize), \(threads) threads beside")
        }
    }

    @Test func theTextIsKeptOnlyWhereItIsAskedFor() throws {
        let mixture = Mixture(seed: 99, lines: 300)
        var kept = try ReadLog(mixture.bytes).events
        for index in kept.indices { kept[index].text = "" }
        #expect(try ReadLog(mixture.bytes, keepsText: false).events == kept)
    }
}
