#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// A file of an index, to read anywhere in it.
package final class IndexFile: Sendable {
    private let descriptor: Descriptor
    private let path: String
    /// Its length in bytes.
    package let length: UInt64

    /// Opens a file.
    package init(path: String) throws(IndexFault) {
        self.path = path
        do throws(SystemError) {
            descriptor = try Descriptor.reading(FilePath(path))
            let status = try descriptor.status()
            guard status.kind == .file else { throw SystemError(number: EISDIR) }
            length = status.size
        } catch {
            throw error.isMissing ? .damaged("\(path) is missing") : .system(path: path, reason: error.text)
        }
    }

    /// Whether something stands at a path.
    package static func exists(_ path: String) -> Bool {
        (try? FileStatus(path: FilePath(path), following: true)) != nil
    }

    /// Reads exactly these bytes.
    package func bytes(at offset: UInt64, count: Int) throws(IndexFault) -> [UInt8] {
        guard count >= 0, offset <= length, UInt64(count) <= length - offset else {
            throw .damaged("\(path) is too short")
        }
        var failure: SystemError?
        let bytes = [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
            let target = UnsafeMutableRawBufferPointer(buffer)
            do throws(SystemError) {
                while filled < count {
                    let rest = UnsafeMutableRawBufferPointer(rebasing: target[filled...])
                    let got = try descriptor.bytes(at: offset + UInt64(filled), into: rest)
                    if got == 0 { break }
                    filled += got
                }
            } catch {
                failure = error
            }
        }
        if let failure { throw .system(path: path, reason: failure.text) }
        guard bytes.count == count else { throw .damaged("\(path) has become shorter") }
        return bytes
    }
}

/// Writes the files of an index, each by appending. No file stays open between two calls, so there may be any number.
package enum IndexOutput {
    /// Appends to a file, which is made where it is missing.
    package static func append(_ bytes: [UInt8], to path: String) throws(IndexFault) {
        try withFile(path, O_WRONLY | O_CREAT | O_APPEND) { number in
            bytes.withUnsafeBytes { all in
                var done = 0
                while done < all.count {
                    let count = write(number, all.baseAddress.map { $0 + done }, all.count - done)
                    if count < 0, errno != EINTR { return false }
                    done += max(0, count)
                }
                return true
            }
        }
    }

    /// Waits until a file or folder is on the disk.
    package static func synchronize(_ path: String) throws(IndexFault) {
        try withFile(path, O_RDONLY) { fsync($0) == 0 }
    }

    private static func withFile(_ path: String, _ flags: Int32, _ body: (Int32) -> Bool) throws(IndexFault) {
        let number = open(path, flags | O_CLOEXEC, 0o644)
        guard number >= 0 else { throw .system(path: path, reason: SystemError.last.text) }
        let isDone = body(number)
        let reason = SystemError.last.text
        close(number)
        if !isDone { throw .system(path: path, reason: reason) }
    }
}
