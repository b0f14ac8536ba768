#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// The files that a bundle consists of, as they are on the disk: what tells whether an index is of them.
///
/// Nothing is inflated and no archive is opened, so that this takes a few system calls a file.
package struct BundleInventory: Hashable, Sendable {
    /// A file.
    package struct File: Hashable, Sendable {
        /// The path below the bundle, which does not depend on how the bundle's own path was written.
        package var path: String
        /// Its length in bytes.
        package var size: UInt64
        /// When it was last written, in nanoseconds since 1970.
        package var modified: Int64
        /// A digest of its first and last 4 KiB.
        package var digest: UInt64

        /// Makes an entry.
        package init(path: String, size: UInt64, modified: Int64, digest: UInt64) {
            self.path = path
            self.size = size
            self.modified = modified
            self.digest = digest
        }
    }

    /// The files, in an order that does not depend on the disk's.
    package var files: [File] = []

    /// Makes an inventory of known files.
    package init(files: [File]) {
        self.files = files
    }

    /// Looks at the files of a command's arguments; nil where one of them is no file or folder, or cannot be read.
    package init?(paths: [String]) {
        var walk = FolderWalk()
        for (number, path) in paths.enumerated() {
            let prefix = paths.count > 1 ? "\(number + 1)" : ""
            let given = FilePath(path)
            guard path != "-", let status = try? FileStatus(path: given, following: true),
                let resolved = given.resolved
            else { return nil }
            switch status.kind {
            case .file:
                let name = String(decoding: given.name, as: UTF8.self)
                walk.add(file: resolved, status: status, label: prefix.isEmpty ? name : prefix + "/" + name)
            case .folder:
                guard (try? walk.add(folder: resolved, status: status, prefix: prefix)) != nil else { return nil }
            case .link, .other: return nil
            }
        }
        for file in walk.files {
            guard let entry = Self.entry(file) else { return nil }
            files.append(entry)
        }
    }

    /// Whether the arguments are files and folders, which alone can be looked at again; else there is never an inventory of them.
    package static func isPossible(of paths: [String]) -> Bool {
        paths.allSatisfy { path in
            guard path != "-", let status = try? FileStatus(path: FilePath(path), following: true) else { return false }
            return status.kind == .file || status.kind == .folder
        }
    }

    private static func entry(_ file: FolderWalk.File) -> File? {
        var raw = stat()
        guard file.path.withCString({ lstat($0, &raw) }) == 0, let descriptor = try? Descriptor.reading(file.path)
        else {
            return nil
        }
        let size = UInt64(clamping: raw.st_size)
        let part = 4096
        var bytes = [UInt8](repeating: 0, count: 2 * part)
        let isRead = bytes.withUnsafeMutableBytes { buffer in
            let head = UnsafeMutableRawBufferPointer(rebasing: buffer[..<part])
            let tail = UnsafeMutableRawBufferPointer(rebasing: buffer[part...])
            let last = size > UInt64(part) ? size - UInt64(part) : 0
            return (try? descriptor.fill(head, from: 0)) != nil && (try? descriptor.fill(tail, from: last)) != nil
        }
        if !isRead { return nil }
        let modified = Int64(raw.st_mtim.tv_sec) &* 1_000_000_000 &+ Int64(raw.st_mtim.tv_nsec)
        return File(
            path: file.label, size: size, modified: modified, digest: bytes.withUnsafeBytes { Digest.of($0) })
    }

    /// How this differs from what an index was made of, for people; nil where it does not.
    package func difference(from old: BundleInventory) -> String? {
        if self == old { return nil }
        let before = Dictionary(old.files.map { ($0.path, $0) }, uniquingKeysWith: { first, _ in first })
        let now = Set(files.map(\.path))
        let lists: [(String, [String])] = [
            ("changed", files.filter { file in before[file.path].map { $0 != file } ?? false }.map(\.path)),
            ("added", files.filter { before[$0.path] == nil }.map(\.path)),
            ("removed", old.files.filter { !now.contains($0.path) }.map(\.path)),
        ]
        let parts = lists.filter { !$0.1.isEmpty }.map { kind, paths in
            "\(kind): \(paths.prefix(3).joined(separator: ", "))"
                + (paths.count > 3 ? " and \(paths.count - 3) more" : "")
        }
        return parts.isEmpty ? "its files stand in another order" : parts.joined(separator: "; ")
    }
}
