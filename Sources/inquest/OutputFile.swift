import EventModel
import Foundation

/// Files written whole or not at all: to a temporary file beside the target, then renamed over it.
enum OutputFile {
    static func write(to path: String, _ body: ((([UInt8]) throws -> Void) throws -> Void)) throws(Failure) {
        let temporary = path + ".\(ProcessInfo.processInfo.processIdentifier).tmp"
        let manager = FileManager.default
        do {
            var isFolder: ObjCBool = false
            if manager.fileExists(atPath: path, isDirectory: &isFolder), isFolder.boolValue {
                throw Failure("\(path) is a folder", hint: "name a file", status: .usage)
            }
            guard manager.createFile(atPath: temporary, contents: nil) else {
                throw Failure("\(path): \(String(cString: strerror(errno)))", status: .nothingUsable)
            }
            let handle = try FileHandle(forWritingTo: URL(fileURLWithPath: temporary))
            try body { try handle.write(contentsOf: Data($0)) }
            try handle.synchronize()
            try handle.close()
            if rename(temporary, path) != 0 {
                throw Failure("\(path): \(String(cString: strerror(errno)))", status: .nothingUsable)
            }
        } catch let failure as Failure {
            try? manager.removeItem(atPath: temporary)
            throw failure
        } catch {
            try? manager.removeItem(atPath: temporary)
            throw Failure(
                "\(path): \(Console.reason(error))", hint: "what was there before was left as it is",
                status: .nothingUsable)
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
