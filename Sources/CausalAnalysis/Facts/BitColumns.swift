import CBitColumns
import EventModel

/// Writes integers bit by bit into 64-bit words, lowest bits first.
///
/// A column is a row of blocks of 256 values. A block says how many bits each of its values takes and the smallest of them; each value is the
/// distance from that. Blocks of equal values take no bits besides; those of others begin with a whole word, and are packed in four lanes, as
/// CBitColumns.h says.
struct BitWriter: ~Copyable {
    /// The words written so far; `finish` completes the last one.
    private(set) var words = Column<UInt64>()
    private var pending: UInt64 = 0
    private var used: UInt64 = 0

    static let block = 256

    /// Begins anew.
    mutating func reset() {
        words.truncate(to: 0)
        pending = 0
        used = 0
    }

    /// Replaces a word that was written whole.
    mutating func set(_ word: Int, to value: UInt64) { words[word] = value }

    /// Writes the low `width` bits of a value, whose other bits are 0.
    @inline(__always)
    mutating func put(_ value: UInt64, _ width: UInt64) {
        pending |= value &<< used
        let end = used &+ width
        if end >= 64 {
            words.append(pending)
            pending = used == 0 ? 0 : value &>> (64 &- used)
            used = end &- 64
            if used == 0 { pending = 0 }
        } else {
            used = end
        }
    }

    /// Writes an integer in as many bits as it needs, and their number.
    mutating func put(signed value: Int64) {
        let folded = UInt64(bitPattern: (value &<< 1) ^ (value &>> 63))
        let width = UInt64(64 - folded.leadingZeroBitCount)
        put(width, 7)
        if width > 0 { put(folded, width) }
    }

    /// Writes a column, from a row on.
    mutating func put(_ values: borrowing Column<Int64>, from first: Int = 0) {
        var start = first
        while start < values.count {
            let end = min(start + Self.block, values.count)
            put(block: start..<end, of: values)
            start = end
        }
    }

    /// Writes one block, of 256 values at most.
    mutating func put(block: Range<Int>, of values: borrowing Column<Int64>) {
        precondition(!block.isEmpty && block.lowerBound >= 0 && block.upperBound <= values.count, "no such rows")
        values.withPointer { values in
            let values = values + block.lowerBound
            var (least, most) = (Int64(0), Int64(0))
            cbc_range(values, block.count, &least, &most)
            let width = 64 - UInt64(bitPattern: most &- least).leadingZeroBitCount
            put(UInt64(width), 7)
            put(signed: least)
            if width == 0 { return }
            finish()
            words.append(cbc_words(block.count, width)) { cbc_pack(values, block.count, least, width, $0) }
        }
    }

    /// Completes the last word.
    mutating func finish() {
        if used > 0 { words.append(pending) }
        pending = 0
        used = 0
    }
}

/// Reads what a `BitWriter` wrote.
struct BitReader: ~Copyable {
    /// The words; whoever fills them anew sets `position`.
    var words = Column<UInt64>()
    /// The next bit.
    var position = 0

    /// Reads `width` bits.
    @inline(__always)
    mutating func get(_ width: Int) -> UInt64 {
        if width == 0 { return 0 }
        let word = position &>> 6
        let shift = position & 63
        position &+= width
        var value = words[word] &>> UInt64(shift)
        if shift &+ width > 64 { value |= words[word &+ 1] &<< UInt64(64 &- shift) }
        return width == 64 ? value : value & (1 &<< UInt64(width) &- 1)
    }

    /// Goes on to the next whole word.
    mutating func finish() { position = (position + 63) & ~63 }

    mutating func getSigned() -> Int64 {
        let folded = get(Int(get(7)))
        return Int64(bitPattern: folded &>> 1) ^ (0 &- Int64(bitPattern: folded & 1))
    }

    /// Reads a column of so many values, replacing what `values` holds.
    mutating func get(_ count: Int, into values: inout Column<Int64>) {
        values.truncate(to: 0)
        get(count, behind: &values)
    }

    /// Reads a column of so many values, behind what `values` holds.
    mutating func get(_ count: Int, behind values: inout Column<Int64>) {
        values.reserve(values.count + count)
        var left = count
        while left > 0 {
            let block = min(BitWriter.block, left)
            left -= block
            let (width, least, first) = beginBlock(of: block)
            words.withPointer { words in
                values.append(block) { values in
                    if width > 0 {
                        cbc_unpack(words + first, block, least, width, values)
                    } else {
                        values.update(repeating: least, count: block)
                    }
                }
            }
        }
    }

    /// Reads the head of a block, and goes on to the block behind it: how many bits each value takes, the smallest, and the first word.
    private mutating func beginBlock(of count: Int) -> (width: Int, least: Int64, first: Int) {
        let width = Int(get(7))
        let least = getSigned()
        if width == 0 { return (0, least, 0) }
        finish()
        let first = position / 64
        position += 64 * cbc_words(count, width)
        precondition(width <= 64 && position <= 64 * words.count, "no such bits")
        return (width, least, first)
    }

    /// Passes over a column.
    mutating func skip(_ count: Int) {
        var left = count
        while left > 0 {
            let block = min(BitWriter.block, left)
            _ = beginBlock(of: block)
            left -= block
        }
    }
}

/// CRC-32C (Castagnoli) of words, eight tables deep.
enum Checksum {
    private static let tables: [UInt32] = {
        var tables = [UInt32](repeating: 0, count: 8 * 256)
        for byte in 0..<256 {
            var value = UInt32(byte)
            for _ in 0..<8 { value = value & 1 == 1 ? value >> 1 ^ 0x82F6_3B78 : value >> 1 }
            tables[byte] = value
        }
        for table in 1..<8 {
            for byte in 0..<256 {
                let before = tables[(table - 1) * 256 + byte]
                tables[table * 256 + byte] = before >> 8 ^ tables[Int(before & 0xFF)]
            }
        }
        return tables
    }()

    static func of(_ words: borrowing Column<UInt64>, from first: Int) -> UInt32 {
        tables.withUnsafeBufferPointer { tables in
            var sum = ~UInt32(0)
            for at in first..<words.count {
                let word = words[at] ^ UInt64(sum)
                var next: UInt32 = 0
                for byte in 0..<8 {
                    next ^= tables[(7 &- byte) &* 256 &+ Int(word &>> UInt64(8 &* byte) & 0xFF)]
                }
                sum = next
            }
            return ~sum
        }
    }
}
