import CZlib
import EventModel
import Testing

@testable import Reporting

/// What a page is made with: digests, base64, compression, and the choice among very many.
@Suite struct PagePartsTests {
    @Test func digestsAreThoseOfTheStandard() {
        let hex = { (text: String) in
            SHA256.digest(Array(text.utf8)).map { String(Int($0) + 0x100, radix: 16).dropFirst() }.joined()
        }
        #expect(hex("") == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")
        #expect(hex("abc") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
        #expect(
            hex("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq")
                == "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1")
        #expect(
            hex(String(repeating: "a", count: 1_000_000))
                == "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0")
    }

    @Test func base64IsThatOfTheStandard() {
        let cases = ["": "", "f": "Zg==", "fo": "Zm8=", "foo": "Zm9v", "foob": "Zm9vYg==", "foobar": "Zm9vYmFy"]
        for (text, coded) in cases {
            #expect(String(decoding: Base64.encode(Array(text.utf8)), as: UTF8.self) == coded)
        }
        #expect(Base64.encode([0xFB, 0xFF]) == Array("+/8=".utf8))
    }

    @Test func whatWasDeflatedInflatesToTheSame() throws {
        var generator = SeededGenerator(state: 3)
        for size in [0, 1, 1_000, 300_000] {
            let bytes = (0..<size).map { _ in UInt8.random(in: 0...9, using: &generator) }
            let deflated = try Deflater.deflate(bytes)
            var length = uLong(size)
            var back = [UInt8](repeating: 0, count: size)
            let status = back.withUnsafeMutableBufferPointer { target in
                uncompress(target.baseAddress, &length, deflated, uLong(deflated.count))
            }
            #expect((status == Z_OK || size == 0) && back == bytes)
        }
    }

    /// Whatever comes in whatever order, the smallest keys stay.
    @Test func theBestAreKept() {
        var generator = SeededGenerator(state: 7)
        for _ in 0..<50 {
            let limit = Int.random(in: 1...20, using: &generator)
            let count = Int.random(in: 0...200, using: &generator)
            let ranks = (0..<count).map { _ in UInt64.random(in: 0...9, using: &generator) }
            var best = Best<Int>(limit: limit)
            for (index, rank) in ranks.enumerated() { best.add(.init(rank: rank, ordinal: UInt64(index)), index) }
            let wanted = ranks.indices.sorted { (ranks[$0], $0) < (ranks[$1], $1) }.prefix(limit).sorted()
            #expect(best.finish() == wanted)
        }
    }

    @Test func longTextsAreCutAndStayApart() {
        let long = String(repeating: "x", count: 1_000_000)
        let cut = PageStrings.cut(long + "a")
        #expect(cut.utf8.count < 5_000 && cut.contains("1,000,001 bytes"))
        #expect(cut != PageStrings.cut(long + "b"), "two long names became one")
        #expect(PageStrings.cut("short") == "short")
    }
}
