import CPrefetch
import EventModel

/// How the ordinary lines of a log look: constants, such as keys and names that recur, with variables in between.
///
/// A log has some twenty shapes of lines. They make a trie: a node is a constant and what stands behind it, and the child is the one whose
/// constant follows. Its leaves know actor, event, fields and whose entries a clock has, so that a line of a known shape costs a comparison of
/// its constants and the reading of its variables. Shapes are learned from lines that `FastScanner` has read, and a line of a known shape means
/// what that would make of it; every other is left to it.
struct LineShapes: ~Copyable {
    /// What stands behind a constant.
    enum Slot: UInt8, BitwiseCopyable {
        case end
        /// `ts` as text, and as a number.
        case time, count
        /// An entry of a clock.
        case entry
        /// Of a field: an integer, one above 0, a number, a name that is digested.
        case integer, ordinal, number, digest
        case endpoint, reason
        /// Values that mean nothing: text, and a number without its sign.
        case text, anyNumber
    }

    struct Node: BitwiseCopyable {
        /// Where its constant stands, and how long it is.
        var start: Int32 = 0
        var length: Int32 = 0
        var slot = Slot.end
        var child: Int32 = -1
        var sibling: Int32 = -1
        var leaf: Int32 = -1
    }

    /// What all lines of a shape have in common.
    struct Leaf: BitwiseCopyable {
        var actor = Symbol.none
        var event = Symbol.none
        var kind = EventKind.other
        var outcome = Outcome.ok
        var fields: FieldSet = []
        var hasEndpoint = false
        /// Which entry of the clock is the actor's own; −1 without a clock.
        var own: Int32 = -1
        /// Whose entries a clock has, and where the values of the fields come from.
        fileprivate(set) var entries = Stretch()
        fileprivate(set) var sources = Stretch()
    }

    /// Elements next to one another, from one up to another.
    struct Stretch: BitwiseCopyable {
        var first = 0
        var end = 0
    }

    /// Where a field's value comes from: a variable of the line, by number, or −1 and the value of all.
    struct Source: BitwiseCopyable {
        var variable: Int32
        var constant: Int64 = 0
    }

    private var nodes = Column<Node>()
    private var constants = Column<UInt8>()
    private(set) var leaves = Column<Leaf>()
    private(set) var sources = Column<Source>()
    private(set) var actors = Column<Symbol>()
    /// How many lines were learned from that taught nothing.
    private var vain = 0

    /// Of the line that was matched last.
    private(set) var variables = Column<Int64>()
    private(set) var counts = Column<Int64>()
    private(set) var time: Int64 = 0
    /// The unit of a time that is a number.
    private(set) var unit: UnixTime.Unit?
    /// Where the endpoint's name begins in the line, and how long it is.
    private(set) var endpoint = (start: 0, count: 0)
    private(set) var isRollback = false

    /// So many shapes are learned, with so many nodes, and so many branches of a node.
    private static let most = 512
    private static let mostNodes = 8192
    private static let mostChildren = 64
    private static let mostInVain = 64

    init() { forget() }

    /// Forgets all shapes, since symbols are given out anew.
    mutating func forget() {
        nodes.truncate(to: 0)
        constants.truncate(to: 0)
        leaves.truncate(to: 0)
        sources.truncate(to: 0)
        actors.truncate(to: 0)
        nodes.append(Node())
        vain = 0
    }

    /// Whether it is worth while to learn another shape.
    var learnsMore: Bool {
        leaves.count < Self.most && nodes.count < Self.mostNodes && vain < Self.mostInVain
    }

    // MARK: Matching

    /// Reads a line of a known shape: its leaf, and how long it is without its end; nil for one of another.
    @inline(__always)
    mutating func match(_ line: UnsafePointer<UInt8>, _ times: inout TimeReader) -> (leaf: Int, length: Int)? {
        variables.truncate(to: 0)
        counts.truncate(to: 0)
        unit = nil
        isRollback = false
        var at = 0
        var node = 0
        while true {
            node = child(of: node, at: line + at)
            if node < 0 { return nil }
            at &+= Int(nodes[node].length)
            switch nodes[node].slot {
            case .entry:
                guard let (count, end) = FastNumber.integer(line, at) else { return nil }
                counts.append(count)
                at = end
            case .integer, .ordinal:
                // A large generation needs a symbol.
                guard let (value, end) = FastNumber.integer(line, at), value < Generation.firstLarge,
                    value > 0 || nodes[node].slot == .integer
                else { return nil }
                variables.append(value)
                at = end
            case .number:
                guard let (value, end) = FastNumber.decimal(line, at) else { return nil }
                variables.append(Int64(bitPattern: value.bitPattern))
                at = end
            case .anyNumber:
                guard let (_, end) = FastNumber.decimal(line, at) else { return nil }
                at = end
            case .time:
                guard let end = takeTime(line, at, &times) else { return nil }
                at = end
            case .endpoint:
                endpoint = (at, plain_length(line + at))
                at &+= endpoint.count
            case .text: at &+= plain_length(line + at)
            case .digest:
                let length = plain_length(line + at)
                variables.append(Int64(bitPattern: Digest.of(UnsafeRawBufferPointer(start: line + at, count: length))))
                at &+= length
            case .reason:
                let length = plain_length(line + at)
                isRollback = UnsafeRawBufferPointer(start: line + at, count: length).equals("rollback")
                at &+= length
            case .count:
                guard let (given, end) = FastNumber.integer(line, at), let count = UnixTime(plausible: given) else {
                    return nil
                }
                time = count.time.nanoseconds
                unit = count.unit
                at = end
            case .end: return (Int(nodes[node].leaf), at &- 1)
            }
        }
    }

    @inline(__always)
    private mutating func takeTime(_ line: UnsafePointer<UInt8>, _ at: Int, _ times: inout TimeReader) -> Int? {
        if let (read, length) = times.sameMinute(line + at) {
            time = read
            return time < UnixTime.plausible.nanoseconds ? nil : at &+ length
        }
        let length = plain_length(line + at)
        guard case .time(let read) = times.read(UnsafeRawBufferPointer(start: line + at, count: length)),
            read >= UnixTime.plausible.nanoseconds
        else { return nil }
        time = read
        return at &+ length
    }

    /// The child of a node whose constant stands here, which is looked at first the next time; −1 without one.
    @inline(__always)
    private mutating func child(of parent: Int, at text: UnsafePointer<UInt8>) -> Int {
        let first = Int(nodes[parent].child)
        if first >= 0, stands(first, at: text) { return first }
        return otherChild(of: parent, at: text)
    }

    private mutating func otherChild(of parent: Int, at text: UnsafePointer<UInt8>) -> Int {
        let first = nodes[parent].child
        if first < 0 { return -1 }
        var before = Int(first)
        var node = Int(nodes[before].sibling)
        while node >= 0 {
            if stands(node, at: text) {
                nodes[before].sibling = nodes[node].sibling
                nodes[node].sibling = first
                nodes[parent].child = Int32(truncatingIfNeeded: node)
                return node
            }
            before = node
            node = Int(nodes[node].sibling)
        }
        return -1
    }

    @inline(__always)
    private func stands(_ node: Int, at text: UnsafePointer<UInt8>) -> Bool {
        let (start, length) = (Int(nodes[node].start), Int(nodes[node].length))
        return constants.withPointer { begins_with(text, $0 + start, length) != 0 }
    }

    // MARK: Learning

    /// A constant, and what stands behind it.
    struct Token {
        var constant: Range<Int>
        var slot: Slot
    }

    /// Adds a shape: its tokens, as they stand in a line, and what its lines have in common.
    mutating func add(
        _ tokens: [Token], of line: UnsafeRawBufferPointer, _ leaf: Leaf, entries: [Symbol], sources: [Source]
    ) {
        var node = 0
        for token in tokens {
            guard let next = self.node(for: token, of: line, below: node) else { return }
            node = next
        }
        if nodes[node].leaf >= 0 {
            vain += 1
            return
        }
        var leaf = leaf
        leaf.entries = Stretch(first: actors.count, end: actors.count + entries.count)
        leaf.sources = Stretch(first: self.sources.count, end: self.sources.count + sources.count)
        for actor in entries { actors.append(actor) }
        for source in sources { self.sources.append(source) }
        nodes[node].leaf = Int32(leaves.count)
        leaves.append(leaf)
    }

    /// The child of a node for a token, a new one where there is none; nil where there are too many.
    private mutating func node(for token: Token, of line: UnsafeRawBufferPointer, below parent: Int) -> Int? {
        let constant = UnsafeRawBufferPointer(rebasing: line[token.constant])
        var count = 0
        var child = Int(nodes[parent].child)
        while child >= 0 {
            if nodes[child].slot == token.slot, Int(nodes[child].length) == constant.count,
                (0..<constant.count).allSatisfy({ constants[Int(nodes[child].start) + $0] == constant[$0] })
            {
                return child
            }
            count += 1
            child = Int(nodes[child].sibling)
        }
        if count == Self.mostChildren {
            vain += 1
            return nil
        }
        let node = Node(
            start: Int32(constants.count), length: Int32(constant.count), slot: token.slot,
            sibling: nodes[parent].child)
        for byte in constant { constants.append(byte) }
        // Zeros up to a multiple of 16 bytes, and room to be compared sixteen at a time.
        constants.grow(toHold: (constants.count + 31) & ~15, with: 0)
        nodes.append(node)
        nodes[parent].child = Int32(nodes.count - 1)
        return nodes.count - 1
    }
}
