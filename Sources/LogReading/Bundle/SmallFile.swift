#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// A file that is read in one piece, such as a query. It may be a link or a pipe.
package enum SmallFile {
    /// Why a file could not be read.
    package struct Failure: Error {
        /// In words that stand behind the path.
        package let reason: String
        package let isFolder: Bool

        fileprivate init(_ error: SystemError) {
            reason = "cannot be read: \(error.text)"
            isFolder = error.number == EISDIR
        }
    }

    /// The first bytes of a file: `count` of them unless it ends before.
    package static func beginning(of path: String, atMost count: Int) throws(Failure) -> [UInt8] {
        var failure: SystemError?
        let bytes = [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
            do throws(SystemError) {
                let file = try Descriptor.readingOnce(FilePath(path))
                let target = UnsafeMutableRawBufferPointer(buffer)
                while filled < count {
                    let got = try file.nextBytes(into: UnsafeMutableRawBufferPointer(rebasing: target[filled...]))
                    if got == 0 { break }
                    filled += got
                }
            } catch {
                failure = error
            }
        }
        if let failure { throw Failure(failure) }
        return bytes
    }
}
