import Foundation
import Testing

/// What a run of a command left: its status, and what it wrote.
struct CommandRun {
    /// The exit status; 128 and the signal's number where one ended it.
    var status: Int32
    var bytes: [UInt8]
    var errors: String

    var text: String { String(decoding: bytes, as: UTF8.self) }
    /// The lines printed, by bytes: a carriage return stays with its line.
    var lines: [String] { bytes.split(separator: 0x0A).map { String(decoding: $0, as: UTF8.self) } }
}

/// The program under test, as it was built beside these tests, run as a user would run it.
enum Program {
    /// The top of the package.
    static let package = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().path

    /// The folder of the built programs: that of the test bundle.
    static let folder = URL(fileURLWithPath: CommandLine.arguments[0]).resolvingSymlinksInPath()
        .deletingLastPathComponent().path

    static let path = folder + "/inquest"

    /// Runs `inquest` with arguments.
    static func run(
        _ arguments: [String], in folder: String = package, input: [UInt8] = [], environment: [String: String] = [:]
    ) throws -> CommandRun {
        try run(executable: path, arguments, in: folder, input: input, environment: environment)
    }

    /// Runs a line of shell; `inquest` is on its PATH.
    static func shell(_ script: String, in folder: String = package) throws -> CommandRun {
        try run(executable: "/bin/bash", ["-c", script], in: folder)
    }

    private static func run(
        executable: String, _ arguments: [String], in folder: String, input: [UInt8] = [],
        environment: [String: String] = [:]
    ) throws -> CommandRun {
        try #require(FileManager.default.isExecutableFile(atPath: path), "the program is not built: \(path)")
        // Files, not pipes: nobody has to read while the program writes.
        let place = try Folder()
        let (out, err) = (try place.write([], to: "out"), try place.write([], to: "err"))
        let process = Process()
        // Whatever hangs is ended, and fails its test by its status of 124.
        process.executableURL = URL(fileURLWithPath: "/usr/bin/timeout")
        process.arguments = ["--kill-after=5", "120", executable] + arguments
        process.currentDirectoryURL = URL(fileURLWithPath: folder)
        process.environment = ProcessInfo.processInfo.environment.merging(
            ["PATH": Program.folder + ":/usr/local/bin:/usr/bin:/bin", "LC_ALL": "C.UTF-8"].merging(environment) { $1 }
        ) { $1 }
        process.standardInput = try FileHandle(forReadingFrom: URL(fileURLWithPath: place.write(input, to: "in")))
        process.standardOutput = try FileHandle(forWritingTo: URL(fileURLWithPath: out))
        process.standardError = try FileHandle(forWritingTo: URL(fileURLWithPath: err))
        try process.run()
        process.waitUntilExit()
        return CommandRun(
            status: process.terminationReason == .exit ? process.terminationStatus : 128 + process.terminationStatus,
            bytes: [UInt8](try Data(contentsOf: URL(fileURLWithPath: out))),
            errors: String(decoding: try Data(contentsOf: URL(fileURLWithPath: err)), as: UTF8.self))
    }
}

/// A temporary folder, gone with its last user.
final class Folder {
    let path: String

    init() throws {
        var template = Array((NSTemporaryDirectory() + "/inquest-run.XXXXXX").utf8CString)
        path = String(cString: try #require(mkdtemp(&template)))
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    /// Writes a file, making the folders above it; gives its path.
    @discardableResult
    func write(_ bytes: some Collection<UInt8>, to name: String) throws -> String {
        let url = URL(fileURLWithPath: path).appendingPathComponent(name)
        try FileManager.default.createDirectory(at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data(bytes).write(to: url)
        return url.path
    }

    @discardableResult
    func write(_ text: String, to name: String) throws -> String { try write(Array(text.utf8), to: name) }

    /// What stands in a file.
    func read(_ name: String) throws -> [UInt8] {
        [UInt8](try Data(contentsOf: URL(fileURLWithPath: path + "/" + name)))
    }

    func text(_ name: String) throws -> String { String(decoding: try read(name), as: UTF8.self) }

    /// The names of what is in it, sorted.
    var names: [String] { get throws { try FileManager.default.contentsOfDirectory(atPath: path).sorted() } }
}
