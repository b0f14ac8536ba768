/// Where one actor's log goes: a file, compressed or not. Whoever runs the simulation hands it in.
package protocol LogSink: AnyObject {
    /// Takes the next bytes of the log: whole lines.
    func write(_ bytes: borrowing Span<UInt8>) throws
    /// The log is complete.
    func finish() throws
}

/// Where a bundle's logs go.
package protocol BundleSink: AnyObject {
    /// Opens the log of one actor; `name` is the actor's, without an extension.
    func open(log name: String) throws -> any LogSink
}
