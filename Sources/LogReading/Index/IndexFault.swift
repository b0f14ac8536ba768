/// Why an index cannot be written or read. Paths stand in it as they were given: sanitise before printing.
package enum IndexFault: Error, Hashable, Sendable {
    /// Its bytes contradict their checksums, or each other.
    case damaged(String)
    /// A file of it cannot be read or written.
    case system(path: String, reason: String)
    /// A temporary file for it cannot be made, written or read.
    case temporary(folder: String, reason: String)
    /// A temporary file for it would take more bytes than it may.
    case full(limit: UInt64)
    /// zstd found no memory.
    case noMemory

    /// What is wrong.
    package var message: String {
        switch self {
        case .damaged(let what): "the index is damaged: \(what)"
        case .system(let path, let reason): "\(path): \(reason)"
        case .temporary(let folder, let reason): "\(folder): the temporary file of a query in SQL failed: \(reason)"
        case .full(let limit): "more than \(limit.grouped) bytes of temporary files would be needed"
        case .noMemory: "no memory to compress"
        }
    }

    /// What to do about it.
    package var hint: String {
        switch self {
        case .damaged: "run inquest index again"
        case .system: "is there room, and may you write there? --index-dir names another folder"
        case .temporary: "TMPDIR names another folder"
        case .full: "about as much as the logs take compressed is needed: allow more with --spool"
        case .noMemory: "the logs can be queried without an index"
        }
    }
}
