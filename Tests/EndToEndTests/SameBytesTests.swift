import Foundation
import Testing

/// The same records give the same bytes, whatever the threads, the memory, and the names and order of the folders that hold them.
@Suite struct SameBytesTests {
    /// A kind of bundle.
    struct Kind: CustomTestStringConvertible, Sendable {
        var name: String
        /// Options of `simulate race`.
        var simulation: [String] = []
        /// What becomes of the logs: by name, in lines.
        var spoil: @Sendable ([String: [Substring]]) -> [String: [Substring]] = { $0 }

        var testDescription: String { name }
    }

    static let kinds: [Kind] = [
        Kind(name: "plain"),
        Kind(name: "without clocks", simulation: ["--no-clocks"]),
        Kind(name: "skewed", simulation: ["--faults", "hour-clocks"]),
        Kind(name: "lossy", simulation: ["--faults", "lost-records,lost-store-log"]),
        Kind(name: "restarted", simulation: ["--faults", "reset-counters"]),
        Kind(name: "duplicated") { logs in
            logs.mapValues { lines in lines.enumerated().flatMap { $0 % 7 == 3 ? [$1, $1] : [$1] } }
        },
        Kind(name: "rotated") { logs in
            var rotated: [String: [Substring]] = [:]
            for (name, lines) in logs {
                let third = max(1, lines.count / 3)
                for (age, start) in stride(from: 0, to: lines.count, by: third).reversed().enumerated() {
                    let suffix = age == 0 ? "" : ".\(age)"
                    rotated[name + suffix] = Array(lines[start..<min(lines.count, start + third)])
                }
            }
            return rotated
        },
        Kind(name: "in one file") { logs in ["all": logs.sorted { $0.key < $1.key }.flatMap(\.value)] },
    ]

    private static let commands = [
        ["analyze", "BUNDLE", "--format", "json"], ["timeline", "BUNDLE", "--all"],
        ["query", "BUNDLE", "--event", "*", "--format", "jsonl"], ["check", "BUNDLE", "--format", "json"],
    ]

    private func logs(of kind: Kind, in folder: Folder) throws -> [String: [Substring]] {
        let faults = kind.simulation.contains("--faults") ? [] : ["--faults", "none"]
        let made = try Program.run(
            ["simulate", "race", "--seed", "7", "-o", folder.path + "/made", "--force", "--quiet"] + faults
                + kind.simulation)
        try #require(made.status == 0, "\(made.errors)")
        var logs: [String: [Substring]] = [:]
        for name in try FileManager.default.contentsOfDirectory(atPath: folder.path + "/made")
        where name.hasSuffix(".zst") {
            let log = try Program.shell("zstd -dcq 'made/\(name)'", in: folder.path)
            logs[String(name.dropLast(4))] = log.text.split(separator: "\n")
        }
        try #require(!logs.isEmpty, "nothing was simulated")
        return kind.spoil(logs)
    }

    @Test(arguments: kinds) func whateverTheWay(_ kind: Kind) throws {
        let folder = try Folder()
        let logs = try logs(of: kind, in: folder)
        for (name, lines) in logs { try folder.write(lines.joined(separator: "\n") + "\n", to: "one/bundle/\(name)") }
        // The same names again, made in the opposite order.
        for (name, lines) in logs.sorted(by: { $0.key > $1.key }) {
            try folder.write(lines.joined(separator: "\n") + "\n", to: "other/bundle/\(name)")
        }
        for command in Self.commands {
            let words = command.map { $0.replacingOccurrences(of: "BUNDLE", with: "bundle") }
            let wanted = try Program.run(words, in: folder.path + "/one")
            #expect(wanted.status == 0 && !wanted.bytes.isEmpty, "\(words): \(wanted.errors)")
            let ways: [(place: String, options: [String])] = [
                ("one", ["--threads", "1"]), ("one", ["--threads", "2"]), ("one", ["--threads", "5"]),
                ("one", ["--memory", "160M"]), ("one", ["--memory", "300M", "--threads", "1"]),
                ("one", ["--memory", "2G"]), ("other", []), ("one", ["--shards", "1"]), ("one", ["--shards", "3"]),
                ("one", ["--shards", "32", "--threads", "1"]),
            ]
            for (place, options) in ways {
                let run = try Program.run(words + options, in: folder.path + "/" + place)
                #expect(
                    run.bytes == wanted.bytes && run.status == wanted.status,
                    "\(words[0]) of a bundle that is \(kind.name) differs with \(options) in \(place): \(run.errors)")
            }
        }
    }
}
