#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// An open file, closed when its last user goes. Every read and write says where, so any number of threads may share it.
final class Descriptor: Sendable {
    private let number: Int32

    private init(number: Int32) { self.number = number }

    deinit { close(number) }

    /// A file for reading, never through a link that took its place since the path was resolved, and never waiting for
    /// the other end of a pipe.
    static func reading(_ path: FilePath) throws(SystemError) -> Descriptor {
        try opened { path.withCString { open($0, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK) } }
    }

    /// A folder, to open files in it by their names, whatever path it has by then.
    static func folder(_ path: FilePath) throws(SystemError) -> Descriptor {
        try opened { path.withCString { open($0, O_RDONLY | O_CLOEXEC | O_DIRECTORY) } }
    }

    /// A file for reading in this folder.
    func reading(_ name: String) throws(SystemError) -> Descriptor {
        try Self.opened { openat(number, name, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK) }
    }

    /// Something that can be read but once, such as a pipe: reading waits for what comes.
    static func readingOnce(_ path: FilePath) throws(SystemError) -> Descriptor {
        try opened { path.withCString { open($0, O_RDONLY | O_CLOEXEC) } }
    }

    /// What a call opens, which is called again where a signal interrupts it.
    private static func opened(_ call: () -> Int32) throws(SystemError) -> Descriptor {
        let number = repeatingInterrupted(call)
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
        let number = repeatingInterrupted { mkstemp(&template) }
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

    /// What is left to read where it can be read again and again: nil of anything but a file.
    func rest() throws(SystemError) -> (offset: UInt64, length: UInt64)? {
        let status = try status()
        guard status.kind == .file else { return nil }
        let offset = lseek(number, 0, SEEK_CUR)
        guard offset >= 0 else { throw .last }
        return (UInt64(offset), status.size - min(UInt64(offset), status.size))
    }

    /// Reads at an offset; 0 at the end.
    func bytes(at offset: UInt64, into buffer: UnsafeMutableRawBufferPointer) throws(SystemError) -> Int {
        while true {
            let count = pread(number, buffer.baseAddress, buffer.count, off_t(clamping: offset))
            if count >= 0 { return count }
            if errno != EINTR { throw .last }
        }
    }

    /// Fills a buffer with what stands at an offset, as far as there is so much; how many bytes there were.
    @discardableResult
    func fill(_ buffer: UnsafeMutableRawBufferPointer, from offset: UInt64) throws(SystemError) -> Int {
        var filled = 0
        while filled < buffer.count {
            let rest = UnsafeMutableRawBufferPointer(rebasing: buffer[filled...])
            let count = try bytes(at: offset + UInt64(filled), into: rest)
            if count == 0 { break }
            filled += count
        }
        return filled
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
