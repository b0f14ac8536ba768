import EventModel

/// Writes integers bit by bit into 64-bit words, lowest bits first.
///
/// A column is a row of blocks of 256 values. A block says how many bits each of its values takes and the smallest of them; each value is the
/// distance from that. Blocks of equal values take no bits besides.
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

    /// Writes a column.
    mutating func put(_ values: borrowing Column<Int64>) {
        var start = 0
        while start < values.count {
            let end = min(start + Self.block, values.count)
            put(block: start..<end, of: values)
            start = end
        }
    }

    /// Writes one block, of 256 values at most.
    mutating func put(block: Range<Int>, of values: borrowing Column<Int64>) {
        precondition(block.lowerBound >= 0 && block.upperBound <= values.count, "no such rows")
        let (least, width) = values.withPointer { values in
            var least = values[block.lowerBound]
            var most = least
            for at in block {
                least = min(least, values[at])
                most = max(most, values[at])
            }
            return (least, UInt64(64 - UInt64(bitPattern: most &- least).leadingZeroBitCount))
        }
        put(width, 7)
        put(signed: least)
        if width == 0 { return }
        var (pending, used) = (pending, used)
        let whole = (Int(used) + block.count * Int(width)) / 64
        values.withPointer { values in
            words.append(whole) { words in
                var next = 0
                for at in block {
                    let value = UInt64(bitPattern: values[at] &- least)
                    pending |= value &<< used
                    used &+= width
                    if used < 64 { continue }
                    words[next] = pending
                    next &+= 1
                    used &-= 64
                    pending = used == 0 ? 0 : value &>> (width &- used)
                }
            }
        }
        (self.pending, self.used) = (pending, used)
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
            let width = Int(get(7))
            let least = getSigned()
            getBlock(block, width, least, behind: &values)
            left -= block
        }
    }

    private mutating func getBlock(_ count: Int, _ width: Int, _ least: Int64, behind values: inout Column<Int64>) {
        // A value of so many bits lies in the eight bytes from its first byte on.
        if width > 56 {
            for _ in 0..<count { values.append(least &+ Int64(bitPattern: get(width))) }
            return
        }
        precondition(position + count * width <= 64 * words.count, "no such bits")
        // Beyond this bit those eight bytes are not all there.
        let last = 64 &* words.count &- 64
        let mask: UInt64 = 1 &<< UInt64(width) &- 1
        var position = position
        words.withPointer { words in
            let bytes = UnsafeRawPointer(words)
            values.append(count) { values in
                for at in 0..<count {
                    var value: UInt64
                    if position <= last {
                        value = UInt64(
                            littleEndian: bytes.loadUnaligned(fromByteOffset: position &>> 3, as: UInt64.self))
                        value &>>= UInt64(position & 7)
                    } else {
                        value = words[last &>> 6] &>> UInt64(position & 63)
                    }
                    values[at] = least &+ Int64(bitPattern: value & mask)
                    position &+= width
                }
            }
        }
        self.position = position
    }

    /// Passes over a column.
    mutating func skip(_ count: Int) {
        var left = count
        while left > 0 {
            let block = min(BitWriter.block, left)
            let width = Int(get(7))
            _ = getSigned()
            position += block * width
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
