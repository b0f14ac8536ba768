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
    var isRefused: Bool { number == EACCES || number == EPERM }
}

/// What a path leads to.
struct FileStatus {
    enum Kind { case file, folder, link, other }

    /// What makes two paths the same file.
    struct Identity: Hashable {
        let device: UInt64
        let node: UInt64
    }

    let kind: Kind
    let size: UInt64
    let identity: Identity

    /// The status of what stands at a path: of a link itself, unless `following` it.
    init(path: FilePath, following: Bool) throws(SystemError) {
        var raw = stat()
        let result = path.withCString { following ? stat($0, &raw) : lstat($0, &raw) }
        guard result == 0 else { throw .last }
        self.init(raw)
    }

    fileprivate init(_ raw: stat) {
        switch raw.st_mode & S_IFMT {
        case S_IFREG: kind = .file
        case S_IFDIR: kind = .folder
        case S_IFLNK: kind = .link
        default: kind = .other
        }
        size = UInt64(clamping: raw.st_size)
        identity = Identity(
            device: UInt64(truncatingIfNeeded: raw.st_dev), node: UInt64(truncatingIfNeeded: raw.st_ino))
    }
}

/// A path as the system has it: bytes, which need not be UTF-8.
struct FilePath: Hashable, Sendable {
    var bytes: [UInt8]

    init(bytes: [UInt8]) { self.bytes = bytes }
    init(_ text: String) { bytes = Array(text.utf8) }

    /// For people.
    var text: String { String(decoding: bytes, as: UTF8.self) }

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

    fileprivate func withCString<R>(_ body: (UnsafePointer<CChar>) -> R) -> R {
        (bytes + [0]).withUnsafeBufferPointer { buffer in
            buffer.withMemoryRebound(to: CChar.self) { chars in
                guard let base = chars.baseAddress else { return body("") }
                return body(base)
            }
        }
    }
}

/// An open file, closed when its last user goes. Every read and write says where, so any number of threads may share it.
final class Descriptor: Sendable {
    private let number: Int32

    private init(number: Int32) { self.number = number }

    deinit { close(number) }

    /// A file for reading, never through a link that took its place since the path was resolved, and never waiting for
    /// the other end of a pipe.
    static func reading(_ path: FilePath) throws(SystemError) -> Descriptor {
        let number = path.withCString { open($0, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK) }
        guard number >= 0 else { throw .last }
        return Descriptor(number: number)
    }

    /// Something that can be read but once, such as a pipe: reading waits for what comes.
    static func readingOnce(_ path: FilePath) throws(SystemError) -> Descriptor {
        let number = path.withCString { open($0, O_RDONLY | O_CLOEXEC) }
        guard number >= 0 else { throw .last }
        return Descriptor(number: number)
    }

    /// A second descriptor of the same open file, so that the first stays its owner's.
    static func duplicating(_ number: Int32) throws(SystemError) -> Descriptor {
        let copy = fcntl(number, F_DUPFD_CLOEXEC, 0)
        guard copy >= 0 else { throw .last }
        return Descriptor(number: copy)
    }

    /// A new, empty file without a name.
    static func temporary(in folder: String) throws(SystemError) -> Descriptor {
        var template = Array((folder + "/inquest.XXXXXX").utf8CString)
        let number = mkstemp(&template)
        guard number >= 0 else { throw .last }
        unlink(template)
        _ = fcntl(number, F_SETFD, FD_CLOEXEC)
        return Descriptor(number: number)
    }

    /// What is open here.
    func status() throws(SystemError) -> FileStatus {
        var raw = stat()
        guard fstat(number, &raw) == 0 else { throw .last }
        return FileStatus(raw)
    }

    /// Reads at an offset; 0 at the end.
    func bytes(at offset: UInt64, into buffer: UnsafeMutableRawBufferPointer) throws(SystemError) -> Int {
        while true {
            let count = pread(number, buffer.baseAddress, buffer.count, off_t(clamping: offset))
            if count >= 0 { return count }
            if errno != EINTR { throw .last }
        }
    }

    /// Reads what comes next; 0 at the end.
    func nextBytes(into buffer: UnsafeMutableRawBufferPointer) throws(SystemError) -> Int {
        while true {
            let count = read(number, buffer.baseAddress, buffer.count)
            if count >= 0 { return count }
            if errno == EAGAIN {
                var waiting = pollfd(fd: number, events: Int16(POLLIN), revents: 0)
                _ = poll(&waiting, 1, -1)
            } else if errno != EINTR {
                throw .last
            }
        }
    }

    /// Writes all of the bytes at an offset.
    func write(_ bytes: UnsafeRawBufferPointer, at offset: UInt64) throws(SystemError) {
        var done = 0
        while done < bytes.count {
            let rest = UnsafeRawBufferPointer(rebasing: bytes[done...])
            let count = pwrite(number, rest.baseAddress, rest.count, off_t(clamping: offset + UInt64(done)))
            if count > 0 {
                done += count
            } else if count == 0 || errno != EINTR {
                throw .last
            }
        }
    }

    /// Bytes free for this user on a folder's disk.
    static func freeBytes(in folder: String) throws(SystemError) -> UInt64 {
        var raw = statvfs()
        guard statvfs(folder, &raw) == 0 else { throw .last }
        return UInt64(raw.f_bavail).multipliedReportingOverflow(by: UInt64(raw.f_frsize)).partialValue
    }
}
