import EventModel
import Foundation

/// Files written whole or not at all: to a temporary file beside the target, then renamed over it.
enum OutputFile {
    static func write(
        to path: String, _ body: @escaping (([UInt8]) throws -> Void) throws -> Void
    ) throws(Failure) {
        try writeAll([(path, body)])
    }

    /// Writes several files of one report: where one of them cannot be written, all stay as they were.
    static func writeAll(
        _ files: [(path: String, body: (([UInt8]) throws -> Void) throws -> Void)]
    ) throws(Failure) {
        var drafts: [Draft] = []
        do throws(Failure) {
            for file in files { drafts.append(try Draft(for: file.path, file.body)) }
        } catch {
            for draft in drafts { draft.discard() }
            throw error
        }
        for draft in drafts { try draft.commit() }
    }

    /// A file that is written but has not taken its target's place.
    private struct Draft {
        private let path: String
        private let target: String
        /// Nil where the target is no file but a pipe or a device: it was written to as it is.
        private let temporary: String?

        init(for path: String, _ body: (([UInt8]) throws -> Void) throws -> Void) throws(Failure) {
            self.path = path
            // What a link leads to is replaced, never the link.
            target = URL(fileURLWithPath: path).resolvingSymlinksInPath().path
            let manager = FileManager.default
            var status = stat()
            let kind = stat(target, &status) == 0 ? status.st_mode & S_IFMT : S_IFREG
            if kind == S_IFDIR { throw Failure("\(path) is a folder", hint: "name a file", status: .usage) }
            temporary = kind == S_IFREG ? target + ".\(ProcessInfo.processInfo.processIdentifier).tmp" : nil
            do {
                if let temporary, !manager.createFile(atPath: temporary, contents: nil) {
                    throw Failure("\(path): \(String(cString: strerror(errno)))", status: .nothingUsable)
                }
                let handle = try FileHandle(forWritingTo: URL(fileURLWithPath: temporary ?? target))
                try body { try handle.write(contentsOf: Data($0)) }
                if temporary != nil { try handle.synchronize() }
                try handle.close()
            } catch let failure as Failure {
                discard()
                throw failure
            } catch {
                discard()
                throw Failure(
                    "\(path): \(Console.reason(error))", hint: "what was there before was left as it is",
                    status: .nothingUsable)
            }
        }

        func commit() throws(Failure) {
            guard let temporary, rename(temporary, target) != 0 else { return }
            let reason = String(cString: strerror(errno))
            discard()
            throw Failure("\(path): \(reason)", status: .nothingUsable)
        }

        func discard() {
            if let temporary { try? FileManager.default.removeItem(atPath: temporary) }
        }
    }

    static func write(_ text: String, to path: String) throws(Failure) {
        try write(to: path) { try $0(Array(text.utf8)) }
    }

    /// Makes a folder, with those above it, where it is missing.
    static func makeFolder(_ path: String) throws(Failure) {
        do {
            try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        } catch {
            throw Failure("\(path): \(Console.reason(error))", status: .nothingUsable)
        }
    }
}
