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

    /// The most memory that a run occupies, in bytes. Asked of a small process: a child counts what its parent occupied as it began.
    static func peak(_ arguments: [String], in folder: Folder) throws -> Int {
        let script = """
            import resource, subprocess, sys
            subprocess.run(sys.argv[1:], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)
            """
        let command = ["python3", "-c", script, "inquest"] + arguments
        let run = try shell(command.map { "'\($0)'" }.joined(separator: " "), in: folder.path)
        return try #require(run.lines.first.flatMap { Int($0) }, "\(run.errors)") * 1024
    }

    private static func run(
        executable: String, _ arguments: [String], in folder: String, input: [UInt8] = [],
        environment: [String: String] = [:]
    ) throws -> CommandRun {
        try #require(FileManager.default.isExecutableFile(atPath: path), "the program is not built: \(path)")
        // Files, not pipes: nobody has to read while the program writes.
        let place = try Folder()
        let (out, err) = (try place.write([], to: "out"), try place.write([], to: "err"))
        let variables = ProcessInfo.processInfo.environment.merging(
            ["PATH": Program.folder + ":/usr/local/bin:/usr/bin:/bin", "LC_ALL": "C.UTF-8"].merging(environment) { $1 }
        ) { $1 }
        let status = try spawn(
            // Whatever hangs is ended, and fails its test by its status of 124.
            ["/usr/bin/env", "--chdir", folder, "/usr/bin/timeout", "--kill-after=5", "400", executable] + arguments,
            variables.map { $0.key + "=" + $0.value },
            files: [(try place.write(input, to: "in"), O_RDONLY), (out, O_WRONLY), (err, O_WRONLY)])
        return CommandRun(
            status: status, bytes: [UInt8](try Data(contentsOf: URL(fileURLWithPath: out))),
            errors: String(decoding: try Data(contentsOf: URL(fileURLWithPath: err)), as: UTF8.self))
    }

    /// Starts a program with files as its standard descriptors and waits for it alone, not for what it left in the background.
    private static func spawn(
        _ arguments: [String], _ environment: [String], files: [(path: String, mode: Int32)]
    ) throws -> Int32 {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        for (descriptor, file) in files.enumerated() {
            posix_spawn_file_actions_addopen(&actions, Int32(descriptor), file.path, file.mode, 0)
        }
        var argv = arguments.map { strdup($0) } + [nil]
        var envp = environment.map { strdup($0) } + [nil]
        defer { for text in argv + envp { free(text) } }
        var child = pid_t()
        try #require(
            posix_spawn(&child, arguments[0], &actions, nil, &argv, &envp) == 0, "\(arguments) cannot be started")
        var status: Int32 = 0
        while waitpid(child, &status, 0) < 0 { try #require(errno == EINTR, "\(arguments) cannot be waited for") }
        return status & 0x7F == 0 ? status >> 8 & 0xFF : 128 + status & 0x7F
    }
}

/// A temporary folder, gone with its last user.
final class Folder: Sendable {
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
