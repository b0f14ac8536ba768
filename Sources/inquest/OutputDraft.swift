import EventModel
import Foundation
import LogReading

/// A file that is written but has not taken its target's place.
struct OutputDraft {
    /// As the user named it.
    private let path: String
    /// What a link leads to is replaced, never the link.
    private let target: String
    private let exists: Bool
    private let temporary: String
    /// Where the file that is replaced stays until all of a report's files are in their places.
    private let old: String
    private let handle: FileHandle
    /// Whether the target is not a file but a pipe or a device: it is written to as it is.
    let isStream: Bool

    /// Refuses a target that cannot be written, or that is there and is not to be replaced.
    static func check(_ path: String, replacing: Bool) throws(Failure) {
        let target = URL(fileURLWithPath: path).resolvingSymlinksInPath()
        var status = stat()
        if stat(target.path, &status) == 0 {
            let kind = status.st_mode & S_IFMT
            if kind == S_IFDIR { throw isFolder(path) }
            if kind == S_IFREG, !replacing { throw Failure("\(path) exists", hint: "--force replaces it") }
            if kind != S_IFREG { return }
        } else if errno != ENOENT {
            throw failure(path)
        }
        // The file is made anew in its folder, whatever its own permissions.
        if access(target.deletingLastPathComponent().path, W_OK | X_OK) != 0 { throw failure(path) }
    }

    private static func isFolder(_ path: String) -> Failure { Failure("\(path) is a folder", hint: "name a file") }

    /// Opens a new file beside the target; `-` is standard output.
    /// - Parameter number: tells the drafts of one report apart.
    init(_ path: String, number: Int) throws(Failure) {
        self.path = path
        if path == OutputFile.standardOutput {
            (target, temporary, old, exists, isStream) = (path, "", "", true, true)
            handle = FileHandle.standardOutput
            return
        }
        target = URL(fileURLWithPath: path).resolvingSymlinksInPath().path
        var status = stat()
        exists = stat(target, &status) == 0
        let kind = exists ? status.st_mode & S_IFMT : S_IFREG
        if kind == S_IFDIR { throw OutputDraft.isFolder(path) }
        isStream = kind != S_IFREG
        let folder = URL(fileURLWithPath: target).deletingLastPathComponent().path
        let name = folder + "/.inquest-\(getpid())-\(number)"
        temporary = name + ".tmp"
        old = name + ".old"
        if !isStream {
            // Of a process with the same number that was killed.
            unlink(temporary)
            unlink(old)
        }
        let (target, temporary, isStream) = (target, temporary, isStream)
        let mode = exists ? status.st_mode & 0o777 : 0o666
        let descriptor = repeatingInterrupted {
            isStream
                ? open(target, O_WRONLY | O_CLOEXEC)
                : open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode)
        }
        guard descriptor >= 0 else { throw OutputDraft.failure(path) }
        handle = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
        if !isStream { Leftovers.ofThisRun.add(temporary) }
    }

    /// Writes the file, and waits until it is on the disk.
    func fill(_ body: OutputFile.Body) throws(Failure) {
        do {
            if path == OutputFile.standardOutput {
                try body { try Console.standard.outputRecords($0) }
                return
            }
            try body { try handle.write(contentsOf: Data($0)) }
            if !isStream, repeatingInterrupted({ fsync(handle.fileDescriptor) }) != 0 {
                throw OutputDraft.failure(path)
            }
            try handle.close()
        } catch let failure as Failure {
            throw failure
        } catch {
            throw Failure(
                "\(path): \(Console.reason(error))", hint: isStream ? nil : OutputDraft.unchanged, status: .unfinished)
        }
    }

    /// Puts the file in its place. The one that was there keeps a second name, so that it can be put back: at no moment is the place empty,
    /// unless the file system has no hard links.
    func replaceTarget(keepingOld: Bool) throws(Failure) {
        if isStream { return }
        if keepingOld, exists, link(target, old) != 0, rename(target, old) != 0 { throw OutputDraft.failure(path) }
        if rename(temporary, target) == 0 { return }
        let failure = OutputDraft.failure(path)
        if keepingOld, exists {
            // Two names of one file are left as they are by `rename`, so the second is taken away as well.
            rename(old, target)
            unlink(old)
        }
        throw failure
    }

    /// Puts back what was there before.
    func restoreTarget() {
        if isStream { return }
        if (exists ? rename(old, target) : unlink(target)) != 0 {
            Console.standard.note(path, "error", "cannot be put back: \(String(cString: strerror(errno)))")
        }
    }

    /// Ends the file that was replaced.
    func dropOld() {
        if !isStream { unlink(old) }
    }

    /// Removes the draft.
    func discard() {
        if !isStream { unlink(temporary) }
        forget()
    }

    /// The draft is no longer unfinished.
    func forget() { Leftovers.ofThisRun.forget(temporary) }

    private static let unchanged = "what was there before was left as it is"

    /// Why the last system call failed.
    private static func failure(_ path: String) -> Failure {
        Failure("\(path): \(String(cString: strerror(errno)))", hint: unchanged, status: .unfinished)
    }
}
