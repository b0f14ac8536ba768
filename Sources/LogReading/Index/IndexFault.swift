/// Why an index cannot be written or read. Paths stand in it as they were given: sanitise before printing.
package enum IndexFault: Error, Hashable, Sendable {
    /// Its bytes contradict their checksums, or each other.
    case damaged(String)
    /// A file of it cannot be read or written.
    case system(path: String, reason: String)
    /// zstd found no memory.
    case noMemory

    /// What is wrong.
    package var message: String {
        switch self {
        case .damaged(let what): "the index is damaged: \(what)"
        case .system(let path, let reason): "\(path): \(reason)"
        case .noMemory: "no memory to compress"
        }
    }

    /// What to do about it.
    package var hint: String {
        switch self {
        case .damaged: "run inquest index again"
        case .system: "is there room, and may you write there? --index-dir names another folder"
        case .noMemory: "the logs can be queried without an index"
        }
    }
}
