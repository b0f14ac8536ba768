import Foundation
import LogReading

/// Where saved queries are kept: folders of `.sql` files, then the built-in ones; the first that has a name wins.
package struct QueryFolders: Sendable {
    private let folders: [String]

    /// The largest file that is read as a query, in bytes: what `SQLGuard` lets pass as SQL.
    private static let maximumBytes = 1 << 16

    /// Makes a list of folders; those that do not exist hold nothing.
    package init(_ folders: [String]) {
        self.folders = folders
    }

    /// The names of all queries, sorted.
    package func names() -> [String] {
        var names: Set<String> = []
        for folder in folders {
            let files = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
            for file in files where file.hasSuffix(".sql") && !file.hasPrefix(".") {
                names.insert(String(file.dropLast(4)))
            }
        }
        return names.union(BuiltInQueries.names).sorted()
    }

    /// Reads a query by its name in one of the folders, or by the path of a file: what ends in `.sql` or has a `/` is a path.
    package func query(_ nameOrPath: String) throws(SavedQueryError) -> SavedQuery {
        let isPath = nameOrPath.hasSuffix(".sql") || nameOrPath.contains("/")
        let paths = isPath ? [nameOrPath] : folders.map { $0 + "/" + nameOrPath + ".sql" }
        guard let path = paths.first(where: FileManager.default.fileExists(atPath:)) else {
            if !isPath, let text = BuiltInQueries.text(of: nameOrPath) {
                return try SavedQuery(name: nameOrPath, text: text)
            }
            throw .unknownQuery(nameOrPath, known: names())
        }
        let bytes: [UInt8]
        do throws(SmallFile.Failure) {
            bytes = try SmallFile.beginning(of: path, atMost: QueryFolders.maximumBytes + 1)
        } catch {
            if error.isFolder { throw .unreadable(path: path, reason: "is a folder") }
            throw .unavailable(path: path, reason: error.reason)
        }
        guard bytes.count <= QueryFolders.maximumBytes else {
            throw .unreadable(path: path, reason: "larger than 64 KiB")
        }
        guard let text = String(validating: bytes, as: UTF8.self), !text.utf8.contains(0) else {
            throw .unreadable(path: path, reason: "not a text in UTF-8")
        }
        let file = path.split(separator: "/").last.map(String.init) ?? path
        return try SavedQuery(name: file.hasSuffix(".sql") ? String(file.dropLast(4)) : file, text: text)
    }
}
