import EventModel

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// A failed system call's reason.
struct SystemError: Error {
    let number: Int32

    /// The reason of the call that has just failed.
    static var last: SystemError { SystemError(number: errno) }

    /// Its words, in lower case to stand in a sentence.
    var text: String {
        let words = String(cString: strerror(number))
        return words.prefix(1).lowercased() + words.dropFirst()
    }

    var isMissing: Bool { number == ENOENT || number == ENOTDIR }
    /// Whether a link stands where none may be followed.
    var isLink: Bool { number == ELOOP }
    var isRefused: Bool { number == EACCES || number == EPERM }
}

/// Repeats a system call as long as a signal interrupts it, which any call may be that waits for a slow disk.
///
/// - Returns: what the call returns; −1 leaves its reason in `errno`.
package func repeatingInterrupted(_ call: () -> Int32) -> Int32 {
    while true {
        let result = call()
        if result != -1 || errno != EINTR { return result }
    }
}

/// What a path leads to.
struct FileStatus: Sendable {
    enum Kind: Sendable { case file, folder, link, other }

    /// What makes two paths the same file.
    struct Identity: Hashable, Sendable {
        let device: UInt64
        let node: UInt64
    }

    let kind: Kind
    let size: UInt64
    /// When it was last written to, in nanoseconds since 1970.
    let modified: Int64
    let identity: Identity

    /// The status of what stands at a path: of a link itself, unless `following` it.
    init(path: FilePath, following: Bool) throws(SystemError) {
        var raw = stat()
        let result = path.withCString { following ? stat($0, &raw) : lstat($0, &raw) }
        guard result == 0 else { throw .last }
        self.init(raw)
    }

    init(_ raw: stat) {
        switch raw.st_mode & S_IFMT {
        case S_IFREG: kind = .file
        case S_IFDIR: kind = .folder
        case S_IFLNK: kind = .link
        default: kind = .other
        }
        size = UInt64(clamping: raw.st_size)
        modified = Int64(raw.st_mtim.tv_sec) &* 1_000_000_000 &+ Int64(raw.st_mtim.tv_nsec)
        identity = Identity(
            device: UInt64(truncatingIfNeeded: raw.st_dev), node: UInt64(truncatingIfNeeded: raw.st_ino))
    }
}

/// A path as the system has it: bytes, which need not be UTF-8.
struct FilePath: Hashable, Sendable {
    var bytes: [UInt8]

    init(bytes: [UInt8]) { self.bytes = bytes }
    init(_ text: String) { bytes = Array(text.utf8) }

    /// For people: bytes that are no UTF-8 are spelled out.
    var text: String { VisibleText.decoded(bytes) }

    /// The last component.
    var name: [UInt8] {
        var end = bytes.count
        while end > 1, bytes[end - 1] == UInt8(ascii: "/") { end -= 1 }
        let start = bytes[..<end].lastIndex(of: UInt8(ascii: "/")).map { $0 + 1 } ?? 0
        return start < end ? Array(bytes[start..<end]) : Array(bytes[..<end])
    }

    func appending(_ name: [UInt8]) -> FilePath {
        FilePath(bytes: bytes.last == UInt8(ascii: "/") ? bytes + name : bytes + [UInt8(ascii: "/")] + name)
    }

    /// The path without links, `.` and `..`; nil where it leads to nothing.
    var resolved: FilePath? {
        guard let real = withCString({ realpath($0, nil) }) else { return nil }
        defer { free(real) }
        return FilePath(bytes: Array(UnsafeRawBufferPointer(start: real, count: strlen(real))))
    }

    /// Whether the path lies in a folder; both resolved.
    func lies(inside folder: FilePath) -> Bool {
        let prefix = folder.bytes.last == UInt8(ascii: "/") ? folder.bytes : folder.bytes + [UInt8(ascii: "/")]
        return bytes == folder.bytes || bytes.starts(with: prefix)
    }

    /// The names in a folder, without `.` and `..`, sorted bytewise.
    func entries() throws(SystemError) -> [[UInt8]] {
        guard let stream = withCString({ opendir($0) }) else { throw .last }
        defer { closedir(stream) }
        var names: [[UInt8]] = []
        while true {
            errno = 0
            guard let entry = readdir(stream) else {
                if errno != 0 { throw .last }
                break
            }
            let name = withUnsafeBytes(of: &entry.pointee.d_name) { Array($0.prefix { $0 != 0 }) }
            if name != Array(".".utf8), name != Array("..".utf8) { names.append(name) }
        }
        return names.sorted { $0.lexicographicallyPrecedes($1) }
    }

    /// The path as the system's calls take it.
    func withCString<R>(_ body: (UnsafePointer<CChar>) -> R) -> R {
        (bytes + [0]).withUnsafeBufferPointer { buffer in
            buffer.withMemoryRebound(to: CChar.self) { chars in
                guard let base = chars.baseAddress else { return body("") }
                return body(base)
            }
        }
    }
}
