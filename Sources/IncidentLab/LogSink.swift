/// Where one actor's log goes: a file, compressed or not. Whoever runs the simulation hands it in.
package protocol LogSink: AnyObject {
    /// Takes the next bytes of the log: whole lines.
    func write(_ bytes: borrowing Span<UInt8>) throws
    /// The log is complete.
    func finish() throws
}

/// Where a bundle's logs go.
package protocol BundleSink: AnyObject {
    /// Opens a log: an actor's, or one of several exports of it.
    ///
    /// - Parameters:
    ///   - name: without an extension.
    ///   - rotation: bytes after which a new file is begun; nil for the sink's own choice.
    func open(log name: String, rotation: Int?) throws -> any LogSink
}
