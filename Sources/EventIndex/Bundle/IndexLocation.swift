import Foundation
import LogReading

/// Where the index of a bundle lies: a folder beside it, or under a folder that the user names.
package struct IndexLocation: Sendable {
    /// The index's folder.
    package let folder: String
    /// What the index is of.
    package let bundle: [String]

    /// The place of a bundle's index; nil where it needs `--index-dir`: for standard input and for several arguments.
    package init?(bundle: [String], directory: String?) {
        self.bundle = bundle
        let paths = bundle.map { path in
            let trimmed = path.utf8.reversed().drop { $0 == UInt8(ascii: "/") }.reversed()
            return trimmed.isEmpty ? path : String(decoding: Array(trimmed), as: UTF8.self)
        }
        guard !bundle.contains("-"), let first = paths.first else { return nil }
        if let directory {
            let names = paths.map { String($0.split(separator: "/").last ?? "bundle") }
            folder = directory + "/" + String(names.joined(separator: "+").prefix(60)) + IndexLocation.suffix
        } else {
            let name = first.split(separator: "/").last
            guard paths.count == 1, let name, name != ".", name != ".." else { return nil }
            folder = first + IndexLocation.suffix
        }
    }

    /// What the names of indices end with.
    private static let suffix = ".inquest"

    /// The name of the file of pages.
    static let pages = "index"

    /// The name of the re-framed log of a source.
    static func log(_ source: Int) -> String { "log-\(source + 1).ndjson.zst" }

    /// Makes the hidden folder in which an index is written until it is whole. What interrupted runs left is removed.
    func makeTemporary() throws(IndexFault) -> String {
        let manager = FileManager.default
        guard isReplaceable else {
            throw .system(path: folder, reason: "something stands there that is not an index")
        }
        let url = URL(fileURLWithPath: folder)
        let parent = url.deletingLastPathComponent().path
        let prefix = "." + url.lastPathComponent + ".tmp-"
        do {
            try manager.createDirectory(atPath: parent, withIntermediateDirectories: true)
            for name in try manager.contentsOfDirectory(atPath: parent) where name.hasPrefix(prefix) {
                let maker = Int32(name.dropFirst(prefix.count).prefix { $0 != "-" }) ?? 0
                // A process that is gone finishes nothing.
                if maker <= 0 || maker == getpid() || (kill(maker, 0) != 0 && errno == ESRCH) {
                    try manager.removeItem(atPath: parent + "/" + name)
                }
            }
            let temporary = parent + "/" + prefix + "\(getpid())"
            try manager.createDirectory(atPath: temporary, withIntermediateDirectories: false)
            return temporary
        } catch {
            throw .system(path: folder, reason: "the index cannot be written here: \(error.localizedDescription)")
        }
    }

    /// Whether nothing stands in the index's place, or an index, whole or not, or an empty folder.
    private var isReplaceable: Bool {
        let manager = FileManager.default
        guard manager.fileExists(atPath: folder) else { return true }
        guard let names = try? manager.contentsOfDirectory(atPath: folder) else { return false }
        return names.allSatisfy { $0 == "index" || ($0.hasPrefix("log-") && $0.hasSuffix(".ndjson.zst")) }
    }

    /// Puts a whole index in its place. The one that was there steps aside first: at no moment does a part of an index stand there.
    ///
    /// Of two runs that end at the same time one waits for the other, by a lock on the folder around the index.
    func publish(_ temporary: String) throws(IndexFault) {
        let manager = FileManager.default
        let aside = temporary + "-old"
        // Where locks are unknown, as on some network's disks, a run that comes between fails with a message.
        let around = URL(fileURLWithPath: folder).deletingLastPathComponent().path
        let lock = repeatingInterrupted { open(around, O_RDONLY | O_CLOEXEC) }
        if lock >= 0 { _ = repeatingInterrupted { flock(lock, LOCK_EX) } }
        defer { if lock >= 0 { close(lock) } }
        do {
            let isReplacing = manager.fileExists(atPath: folder)
            if isReplacing { try manager.moveItem(atPath: folder, toPath: aside) }
            do {
                try manager.moveItem(atPath: temporary, toPath: folder)
            } catch {
                if isReplacing { try manager.moveItem(atPath: aside, toPath: folder) }
                throw error
            }
            if isReplacing { try manager.removeItem(atPath: aside) }
        } catch {
            throw .system(path: folder, reason: error.localizedDescription)
        }
    }

    /// Removes an index that will not be finished.
    func discard(_ temporary: String) {
        // What cannot be removed now goes when the next index is made.
        try? FileManager.default.removeItem(atPath: temporary)
    }
}
