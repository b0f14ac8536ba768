import SharedWork

/// Where the settled order gets its events from: the logs of a bundle, each in its own order, whatever reads and decodes them.
package protocol BatchSupply {
    /// Where the batches are made, and whoever takes them may have work done. The taker is worker 0 there.
    var workshop: Workshop { get }

    /// The number of sources; their numbers run from 0.
    var sourceCount: Int { get }

    /// The names behind the symbols of all batches given out so far.
    var symbols: SymbolTable { get }

    /// Whether batches have the bytes of their lines.
    var keepsText: Bool { get }

    /// The path of a source below the bundle, which tells rotated files from others.
    func path(of source: SourceID) -> String

    /// Whether all actors of a source took their times from one clock.
    func sharesClock(_ source: SourceID) -> Bool

    /// How the records of a source stand, where that is said.
    func declaredOrder(of source: SourceID) -> DeclaredOrder

    /// The next batch of a source, never an empty one, with symbols of `symbols`; nil at the source's end. Sources are read one after the other.
    mutating func next(of source: SourceID) -> EventBatch?

    /// Makes a place for what does not fit into memory.
    func makeSpill() throws(SpillFailure) -> any SpillStorage
}

extension BatchSupply {
    package func sharesClock(_ source: SourceID) -> Bool { false }
    package func declaredOrder(of source: SourceID) -> DeclaredOrder { .found }
}

/// A place outside memory, written by appending and read at any offset.
package protocol SpillStorage: AnyObject, Sendable {
    /// Appends bytes; returns where they begin.
    func write(_ bytes: UnsafeRawBufferPointer) throws(SpillFailure) -> UInt64

    /// Reads bytes that were written at an offset.
    func read(_ offset: UInt64, into buffer: UnsafeMutableRawBufferPointer) throws(SpillFailure)

    /// Appends text, compressed.
    func write(text: [UInt8]) throws(SpillFailure) -> SpilledText

    /// The text that was written.
    func read(_ text: SpilledText) throws(SpillFailure) -> [UInt8]
}

/// Where a spilled text lies.
package struct SpilledText: BitwiseCopyable, Sendable {
    package let offset: UInt64
    package let stored: UInt32
    package let count: UInt32

    package init(offset: UInt64, stored: UInt32, count: UInt32) {
        self.offset = offset
        self.stored = stored
        self.count = count
    }
}

/// Why what does not fit into memory could not be kept elsewhere.
package struct SpillFailure: Error {
    package let message: String
    package let hint: String?

    package init(_ message: String, hint: String? = nil) {
        self.message = message
        self.hint = hint
    }
}
