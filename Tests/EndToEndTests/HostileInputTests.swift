import Foundation
import Testing

/// The inputs that others found faults with: in the folder `hostile` of what INQUEST_CONFORMANCE names.
///
/// Archives in it are damaged, logs are cut or odd; `make conformance` runs this.
@Suite struct HostileInputTests {
    private static let folder = ProcessInfo.processInfo.environment["INQUEST_CONFORMANCE"].map {
        URL(fileURLWithPath: $0, relativeTo: URL(fileURLWithPath: Program.package)).appendingPathComponent("hostile")
            .path
    }

    @Test(.enabled(if: folder != nil, "INQUEST_CONFORMANCE is not set"))
    func nothingCrashesAndDamageIsTold() throws {
        let folder = try #require(Self.folder)
        let names = try FileManager.default.contentsOfDirectory(atPath: folder).sorted()
        try #require(!names.isEmpty, "\(folder) is empty")
        for name in names {
            let path = folder + "/" + name
            let isArchive = name.hasSuffix(".zip")
            for arguments in [["analyze", path, "--format", "json"], ["query", path], ["check", path]] {
                let run = try Program.run(arguments, environment: ["MALLOC_PERTURB_": "90"])
                #expect(run.status == (isArchive ? 3 : 0), "\(arguments) ends with \(run.status): \(run.errors)")
                if isArchive {
                    let said = run.text + run.errors
                    #expect(said.contains("\(name)!/"), "\(arguments) names no damaged member: \(said)")
                }
                guard arguments.contains("json") else { continue }
                let damage = try FindingsFile(run.bytes).quality["damage"] as? [[String: Any]] ?? []
                #expect(damage.isEmpty != isArchive, "the JSON of \(name) has \(damage.count) damages")
            }
        }
    }
}
