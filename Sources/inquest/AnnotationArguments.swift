import ArgumentParser
import EventModel
import Foundation
import LogReading
import Reporting

/// What people wrote about a bundle, beside it or elsewhere.
struct AnnotationArguments: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Entries, names and notes to add, and findings to hide (YAML); default: BUNDLE.annotations.yaml where it is there.",
            valueName: "file"))
    var annotations: String?

    /// The annotations of a bundle; nil where there are none.
    func read(_ input: BundleArguments) throws(Failure) -> Annotations? {
        if let annotations { return try Self.read(annotations) }
        guard input.bundle.count == 1, let path = input.bundle.first, path != "-" else { return nil }
        let beside = Self.beside(path)
        return FileManager.default.fileExists(atPath: beside) ? try Self.read(beside) : nil
    }

    /// `logs` and `logs/` are one bundle.
    private static func beside(_ path: String) -> String {
        var path = path[...]
        while path.count > 1, path.last == "/" { path.removeLast() }
        return path + ".annotations.yaml"
    }

    private static func read(_ path: String) throws(Failure) -> Annotations {
        let bytes: [UInt8]
        do throws(SmallFile.Failure) {
            bytes = try SmallFile.beginning(of: path, atMost: 1 << 20)
        } catch {
            throw Failure("\(path): \(error.reason)")
        }
        do throws(ProfileError) {
            return try Annotations(yaml: String(decoding: bytes, as: UTF8.self), file: path)
        } catch {
            throw Failure(error)
        }
    }

    /// Says which annotations no finding matches.
    static func tell(_ list: FindingList, _ annotations: Annotations?, _ input: BundleArguments) {
        guard let annotations, !input.quiet else { return }
        for text in list.annotations.unmatched {
            Console.standard.note(
                annotations.file, "note", text, hint: "findings.json and the timeline name the ids that there are")
        }
    }
}
