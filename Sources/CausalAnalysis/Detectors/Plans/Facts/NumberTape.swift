/// Groups of numbers as bytes, small where the numbers are: ahead of each group two bits a number say whether it takes no byte (it is zero),
/// one, two or eight; its bytes follow, the lowest first. Written and read without a branch for each byte.
///
/// The one unsafe place of the plan facts: a group is written into room that was made for the largest one, and read only from a place that
/// the tape has, with as much room behind the last group as a number takes.
struct NumberTape: ~Copyable, @unchecked Sendable {
    // Unchecked: the memory has one owner, since a tape cannot be copied.
    private var memory: UnsafeMutableRawPointer
    private var capacity: Int
    /// How many bytes are written.
    private(set) var count = 0

    /// The most numbers of a group, and the bytes that say how long they are.
    static let groupSize = 20
    private static let headSize = groupSize / 4
    /// What the largest group takes, and one number more, which a reader may load without using it.
    private static let room = headSize + 8 * (groupSize + 1)
    /// By code, four bits each: how many bytes a number takes.
    private static let sizes = 0x8210

    init() {
        capacity = 256
        memory = .allocate(byteCount: capacity, alignment: 16)
    }

    deinit {
        memory.deallocate()
    }

    /// Writes one group.
    struct Writer: ~Copyable {
        private var at: UnsafeMutableRawPointer
        private let start: UnsafeMutableRawPointer
        private var head: UInt64 = 0
        private var written = 0

        fileprivate init(at start: UnsafeMutableRawPointer) {
            self.start = start
            at = start + NumberTape.headSize
        }

        @inline(__always)
        mutating func put(_ number: UInt64) {
            let code = number == 0 ? 0 : number < 1 << 8 ? 1 : number < 1 << 16 ? 2 : 3
            at.storeBytes(of: number.littleEndian, as: UInt64.self)
            at += (NumberTape.sizes &>> (4 * code)) & 15
            head |= UInt64(code) &<< UInt64(2 * written)
            written += 1
        }

        @inline(__always)
        mutating func put(signed number: Int64) { put(UInt64(bitPattern: number << 1 ^ number >> 63)) }

        /// The bytes of the group.
        fileprivate consuming func end() -> Int {
            precondition(written <= NumberTape.groupSize, "too many numbers in a group")
            start.storeBytes(of: UInt32(truncatingIfNeeded: head).littleEndian, as: UInt32.self)
            start.storeBytes(of: UInt8(truncatingIfNeeded: head >> 32), toByteOffset: 4, as: UInt8.self)
            return at - start
        }
    }

    /// Reads one group: as many numbers as were put, in their order.
    struct Reader: ~Copyable {
        private var at: UnsafeRawPointer
        private let start: UnsafeRawPointer
        private var head: UInt64

        fileprivate init(at start: UnsafeRawPointer) {
            self.start = start
            head = UInt64(littleEndian: start.loadUnaligned(as: UInt64.self))
            at = start + NumberTape.headSize
        }

        @inline(__always)
        mutating func next() -> UInt64 {
            let size = (NumberTape.sizes &>> Int(4 * (head & 3))) & 15
            head >>= 2
            let number = UInt64(littleEndian: at.loadUnaligned(as: UInt64.self))
            at += size
            return size == 8 ? number : number & ((1 &<< UInt64(8 * size)) - 1)
        }

        @inline(__always)
        mutating func signed() -> Int64 {
            let number = next()
            return Int64(bitPattern: number >> 1) ^ -Int64(bitPattern: number & 1)
        }

        fileprivate consuming func end() -> Int { at - start }
    }

    /// Adds a group.
    @inline(__always)
    mutating func append(_ body: (inout Writer) -> Void) {
        if capacity - count < Self.room { grow() }
        var writer = Writer(at: memory + count)
        body(&writer)
        count += writer.end()
    }

    /// Reads the group at a place, and moves the place behind it.
    @inline(__always)
    func read<Result>(at place: inout Int, _ body: (inout Reader) -> Result) -> Result {
        precondition(place >= 0 && place < count, "no group is there")
        var reader = Reader(at: UnsafeRawPointer(memory + place))
        let result = body(&reader)
        place += reader.end()
        return result
    }

    private mutating func grow() {
        capacity = max(capacity + capacity / 2, count + Self.room)
        let larger = UnsafeMutableRawPointer.allocate(byteCount: capacity, alignment: 16)
        larger.copyMemory(from: memory, byteCount: count)
        memory.deallocate()
        memory = larger
    }
}
