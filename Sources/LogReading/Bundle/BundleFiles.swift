#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// The files and folders that a command's arguments lead to, identified by device and inode: what an output must not replace.
///
/// No file is opened. Paths are followed through symbolic links, and a hard link is the file itself.
package struct BundleFiles: Sendable {
    private var names: [FileStatus.Identity: String] = [:]
    /// The folders among the arguments, with all folders below that are read.
    private var folders: Set<FileStatus.Identity> = []

    /// Looks at the files of a command's arguments. Arguments that lead to nothing are left to `Bundle.open`.
    package init(paths: [String], standardInput: Int32 = 0) {
        var walk = FolderWalk()
        for path in paths {
            if path == "-" {
                var raw = stat()
                guard fstat(standardInput, &raw) == 0 else { continue }
                let status = FileStatus(raw)
                if status.kind == .file { names[status.identity] = "standard input" }
                continue
            }
            let given = FilePath(path)
            guard let status = try? FileStatus(path: given, following: true), let resolved = given.resolved else {
                continue
            }
            switch status.kind {
            case .file: walk.add(file: resolved, status: status, label: path)
            case .folder:
                try? walk.add(folder: resolved, status: status, prefix: path)
                folders.insert(status.identity)
            case .link, .other: break
            }
        }
        names.merge(walk.seen) { first, _ in first }
    }

    /// What the bundle calls the file that a path leads to; nil where it is not one of the bundle's.
    package func name(of path: String) -> String? {
        guard let status = try? FileStatus(path: FilePath(path), following: true), status.kind != .folder else {
            return nil
        }
        return names[status.identity]
    }

    /// Whether a folder, which need not exist yet, is one of the bundle's or lies inside one.
    package func hold(folder path: String) -> Bool {
        if folders.isEmpty { return false }
        var place = FilePath(path.isEmpty ? "." : path)
        while place.resolved == nil {
            guard let parent = place.parent else { return false }
            place = parent
        }
        var next = place.resolved
        while let folder = next {
            if let status = try? FileStatus(path: folder, following: true), folders.contains(status.identity) {
                return true
            }
            next = folder.bytes == Array("/".utf8) ? nil : folder.parent
        }
        return false
    }
}

extension FilePath {
    /// The path without its last component: `.` of a single name, `/` at the top; nil where there is nothing above.
    fileprivate var parent: FilePath? {
        let slash = UInt8(ascii: "/")
        var end = bytes.count
        while end > 1, bytes[end - 1] == slash { end -= 1 }
        guard end > 0, bytes[..<end] != [slash], bytes[..<end] != [UInt8(ascii: ".")] else { return nil }
        guard let last = bytes[..<end].lastIndex(of: slash) else { return FilePath(".") }
        return FilePath(bytes: last == 0 ? [slash] : Array(bytes[..<last]))
    }
}
