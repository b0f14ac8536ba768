import EventModel
import Foundation
@testable import LogReading

/// Profiles and logs for tests of what they become.
enum ProfileInputs {
    /// The top of the package.
    static let package = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()

    /// The profiles of the conformance cases, by file name.
    static var conformance: [(name: String, yaml: String)] {
        get throws {
            let folder = package.appendingPathComponent("Tests/Conformance/Profiles")
            return try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted().map {
                ($0, try String(contentsOf: folder.appendingPathComponent($0), encoding: .utf8))
            }
        }
    }

    /// The profiles that the documentation shows.
    static var documented: [String] {
        get throws {
            let page = package.appendingPathComponent("Sources/LogReading/LogReading.docc/Profiles.md")
            return try String(contentsOf: page, encoding: .utf8).components(separatedBy: "```yaml\n").dropFirst().map {
                $0.components(separatedBy: "```")[0]
            }
        }
    }

    /// A profile of these lines of YAML, with a name and a sample that asks for nothing.
    static func profile(_ yaml: String) throws -> Plan {
        try Plan(yaml: "profile: p\n" + yaml + "\nsamples: [{lines: \"\", events: []}]\n", file: "p.yaml")
    }

    /// The events that lines become by a profile, as members of their records.
    static func events(
        _ lines: String, _ yaml: String, path: String = "a.log", options: ReadingOptions = ReadingOptions()
    ) throws -> [[String: String]] {
        ProfileTrial(try profile(yaml), path: path, options).read(lines).events.map { event in
            Dictionary(
                RecordMembers(Array(event.text.utf8)).members.map {
                    ($0.key, String(decoding: $0.value, as: UTF8.self))
                }, uniquingKeysWith: { $1 })
        }
    }

    /// A log as a bundle reads it by a profile.
    static func read(
        _ text: String, _ plan: Plan, name: String = "node-1/a.log", blockSize: Int = 256 << 10, threads: Int = 1
    ) throws -> ReadLog {
        var options = ReadingOptions()
        options.profiles = [plan]
        let place = try Workplace()
        try place.write(Array(text.utf8), to: "logs/" + name)
        return try ReadLog(place.open("logs", options: options), options, threads, blockSize)
    }
}
