import EventModel
import Foundation

/// Files that are written whole or not at all: to a hidden file beside the target, then renamed over it.
enum OutputFile {
    /// Gives a file's bytes out piece by piece.
    typealias Body = (_ write: ([UInt8]) throws -> Void) throws -> Void

    static func write(_ text: String, to path: String) throws(Failure) {
        try writeAll([(path, { try $0(Array(text.utf8)) })], OverwriteArguments(force: true))
    }

    /// Refuses, before any work is done for them, files that cannot be written, that are read, or that are there and were not to be replaced.
    static func check(
        _ paths: [String], _ overwriting: OverwriteArguments, sparing outputGuard: OutputGuard? = nil
    ) throws(Failure) {
        for path in paths where path != standardOutput {
            try outputGuard?.check(file: path)
            try OutputDraft.check(path, replacing: overwriting.force)
        }
    }

    /// Refuses, before any work is done for it, a folder that cannot be made or written to, or whose files are there and were not to be replaced.
    static func check(
        folder path: String, _ names: [String], _ overwriting: OverwriteArguments, sparing outputGuard: OutputGuard?
    ) throws(Failure) {
        if path == standardOutput { throw Failure("-o names a folder here, not standard output") }
        var folder = URL(fileURLWithPath: path).standardizedFileURL
        var status = stat()
        while stat(folder.path, &status) != 0, errno == ENOENT || errno == ENOTDIR, folder.path != "/" {
            folder.deleteLastPathComponent()
        }
        if status.st_mode & S_IFMT != S_IFDIR { throw Failure("\(path) is not a folder, and cannot be made one") }
        if access(folder.path, W_OK | X_OK) != 0 {
            throw Failure("\(path): \(String(cString: strerror(errno)))", status: .unfinished)
        }
        if stat(path, &status) == 0 { try check(names.map { path + "/" + $0 }, overwriting, sparing: outputGuard) }
    }

    /// Stands for standard output in the place of a file's path.
    static let standardOutput = "-"

    /// Writes the files of one report: where one of them cannot be written, all stay as they were.
    /// - Parameter outputGuard: asked about every file before the first is written.
    static func writeAll(
        _ files: [(path: String, body: Body)], _ overwriting: OverwriteArguments,
        sparing outputGuard: OutputGuard? = nil
    ) throws(Failure) {
        try check(files.map(\.path), overwriting, sparing: outputGuard)
        var drafts: [OutputDraft] = []
        do throws(Failure) {
            for (number, file) in files.enumerated() { drafts.append(try OutputDraft(file.path, number: number)) }
            // What goes into a pipe or a device cannot be taken back, and so comes last.
            for isStream in [false, true] {
                for (draft, file) in zip(drafts, files) where draft.isStream == isStream { try draft.fill(file.body) }
            }
        } catch {
            for draft in drafts { draft.discard() }
            throw error
        }
        if let failure = Leftovers.ofThisRun.uninterrupted({ replace(drafts) }) {
            for draft in drafts { draft.discard() }
            throw failure
        }
        for draft in drafts { draft.forget() }
    }

    /// Puts all files in their places, or none.
    private static func replace(_ drafts: [OutputDraft]) -> Failure? {
        for (number, draft) in drafts.enumerated() {
            do throws(Failure) {
                try draft.replaceTarget(keepingOld: drafts.count > 1)
            } catch {
                for earlier in drafts[..<number].reversed() { earlier.restoreTarget() }
                return error
            }
        }
        for draft in drafts { draft.dropOld() }
        return nil
    }

    /// Makes a folder, with those above it, where it is missing.
    static func makeFolder(_ path: String) throws(Failure) {
        do {
            try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        } catch {
            throw Failure("\(path): \(Console.reason(error))", status: .unfinished)
        }
    }
}
