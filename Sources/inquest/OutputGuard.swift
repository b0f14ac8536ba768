import Foundation
import LogReading
import Reporting

/// Refuses outputs that would replace a file that is read, or that the next run would read as part of the bundle.
///
/// A new file may be written into a bundle's folder, and a timeline there may be written again: it is no log, and is passed over.
struct OutputGuard {
    private let files: BundleFiles

    init(_ arguments: BundleArguments) {
        files = BundleFiles(paths: arguments.bundle)
    }

    /// Refuses a file of the bundle, by whatever path.
    func check(file path: String) throws(Failure) {
        guard let name = files.name(of: path), !OutputGuard.isTimeline(path) else { return }
        let same = name == path ? "" : ", the same file as \(name)"
        throw Failure(
            "-o \(path) would replace a file of the bundle\(same)", hint: "name a file outside the bundle")
    }

    /// Refuses the bundle's folder and every folder inside it.
    func check(folder path: String) throws(Failure) {
        if files.hold(folder: path) {
            throw Failure(
                "-o \(path) lies inside the bundle",
                hint: "name a folder outside: the next run would read its files too")
        }
    }

    /// Whether a file begins like a timeline written before.
    private static func isTimeline(_ path: String) -> Bool {
        guard let handle = FileHandle(forReadingAtPath: path), let head = try? handle.read(upToCount: 64) else {
            return false
        }
        return TimelineText.begins(like: head)
    }
}
