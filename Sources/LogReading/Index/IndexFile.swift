#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// The folder of an index. It is held open: where another index takes its place meanwhile, its files are gone with it, and none of the other's
/// is taken for one of them.
package final class IndexFolder: Sendable {
    private let descriptor: Descriptor
    private let path: String

    /// Opens the folder.
    package init(path: String) throws(IndexFault) {
        self.path = path
        do throws(SystemError) {
            descriptor = try Descriptor.folder(FilePath(path))
        } catch {
            throw error.isMissing ? .damaged("\(path) is missing") : .system(path: path, reason: error.text)
        }
    }

    /// Opens a file of it.
    package func file(_ name: String) throws(IndexFault) -> IndexFile {
        let path = path + "/" + name
        do throws(SystemError) {
            return try IndexFile(descriptor.reading(name), path: path)
        } catch {
            throw error.isMissing ? .damaged("\(path) is missing") : .system(path: path, reason: error.text)
        }
    }
}

/// A file of an index, to read anywhere in it.
package final class IndexFile: Sendable {
    private let descriptor: Descriptor
    /// Of a temporary file, which has no name, its folder's.
    private let path: String
    private let isTemporary: Bool
    /// Its length in bytes.
    package let length: UInt64

    /// Opens a file.
    package convenience init(path: String) throws(IndexFault) {
        do throws(SystemError) {
            try self.init(Descriptor.reading(FilePath(path)), path: path)
        } catch {
            throw error.isMissing ? .damaged("\(path) is missing") : .system(path: path, reason: error.text)
        }
    }

    /// A file that is open.
    fileprivate init(_ descriptor: Descriptor, path: String, isTemporary: Bool = false) throws(SystemError) {
        self.descriptor = descriptor
        self.path = path
        self.isTemporary = isTemporary
        let status = try descriptor.status()
        guard status.kind == .file else { throw SystemError(number: EISDIR) }
        length = status.size
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
            do throws(SystemError) {
                filled = try descriptor.fill(UnsafeMutableRawBufferPointer(buffer), from: offset)
            } catch {
                failure = error
            }
        }
        if let failure {
            throw isTemporary
                ? .temporary(folder: path, reason: failure.text) : .system(path: path, reason: failure.text)
        }
        guard bytes.count == count else { throw .damaged("\(path) has become shorter") }
        return bytes
    }
}

/// A file of an index while it is written, which grows by appending.
package final class IndexOutput {
    private enum Place {
        /// A file with a name is open during a call alone, so there may be any number.
        case named(String)
        /// A temporary one has none: it is gone with its last user, however the process ends.
        case unnamed(Descriptor, folder: String, limit: UInt64)
    }

    private let place: Place
    private var end: UInt64 = 0

    /// A file that is not there yet.
    package init(path: String) {
        place = .named(path)
    }

    /// A new temporary file in `options.temporaryFolder`, of at most `options.spoolLimit` bytes.
    package init(temporary options: ReadingOptions) throws(IndexFault) {
        let folder = options.temporaryFolder
        do throws(SystemError) {
            place = .unnamed(
                try Descriptor.temporary(in: folder), folder: folder, limit: try options.mostTemporaryBytes)
        } catch {
            throw .temporary(folder: folder, reason: error.text)
        }
    }

    /// Appends bytes, and tells where they begin.
    @discardableResult
    package func append(_ bytes: [UInt8]) throws(IndexFault) -> UInt64 {
        let start = end
        switch place {
        case .named(let path):
            try Self.withFile(path, O_WRONLY | O_CREAT | O_APPEND) { number in
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
        case .unnamed(let descriptor, let folder, let limit):
            guard start + UInt64(bytes.count) <= limit else { throw .full(limit: limit) }
            let result = bytes.withUnsafeBytes { all in
                Result { () throws(SystemError) in try descriptor.write(all, at: start) }
            }
            if case .failure(let error) = result { throw .temporary(folder: folder, reason: error.text) }
        }
        end += UInt64(bytes.count)
        return start
    }

    /// Waits until what was written is on the disk.
    package func synchronize() throws(IndexFault) {
        if case .named(let path) = place { try Self.synchronize(path) }
    }

    /// What was written, to be read.
    package func contents() throws(IndexFault) -> IndexFile {
        switch place {
        case .named(let path): return try IndexFile(path: path)
        case .unnamed(let descriptor, let folder, _):
            do throws(SystemError) {
                return try IndexFile(descriptor, path: folder, isTemporary: true)
            } catch {
                throw .temporary(folder: folder, reason: error.text)
            }
        }
    }

    /// Waits until a file or folder is on the disk.
    package static func synchronize(_ path: String) throws(IndexFault) {
        try withFile(path, O_RDONLY) { number in
            while fsync(number) != 0 {
                if errno != EINTR { return false }
            }
            return true
        }
    }

    private static func withFile(_ path: String, _ flags: Int32, _ body: (Int32) -> Bool) throws(IndexFault) {
        let number = repeatingInterrupted { open(path, flags | O_CLOEXEC, 0o644) }
        guard number >= 0 else { throw .system(path: path, reason: SystemError.last.text) }
        let isDone = body(number)
        let reason = SystemError.last.text
        close(number)
        if !isDone { throw .system(path: path, reason: reason) }
    }
}
