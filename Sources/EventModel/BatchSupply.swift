import SharedWork

/// Where the causal order gets its events from: the logs of a bundle, each in its own order, whatever reads and decodes them.
package protocol BatchSupply {
    /// Where the batches are made, and whoever takes them may have work done. The taker is worker 0 there.
    var workshop: Workshop { get }

    /// The number of sources; their numbers run from 0.
    var sourceCount: Int { get }

    /// The names behind the symbols of all batches given out so far.
    var symbols: SymbolTable { get }

    /// The time of a source's first record; nil where it has none. May read the source's beginning.
    mutating func firstTime(of source: SourceID) -> Timestamp?

    /// The next batch of a source, never an empty one, with symbols of `symbols`; nil at the source's end.
    mutating func next(of source: SourceID) -> EventBatch?
}
