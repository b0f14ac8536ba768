import Foundation

/// The whole incident at ten times its size, as `inquest simulate` writes it.
struct SimulatedIncident {
    let inquest: String
    let folder: String

    /// Simulates it anew.
    var command: [String] {
        [inquest, "simulate", "us-east-1-2025-10-20", "--scale", "10", "--quiet", "--force", "-o", folder]
    }

    /// Its logs, made where they are not there yet.
    func files() throws -> [String] {
        if !FileManager.default.fileExists(atPath: folder + "/truth.json") { _ = try ProcessRun(command) }
        return try FileManager.default.contentsOfDirectory(atPath: folder).filter { $0.hasSuffix(".zst") }.sorted()
            .map { folder + "/" + $0 }
    }

    /// How many records it has, by its own word.
    func events() throws -> Int {
        struct Truth: Decodable {
            var records: Int
        }
        let data = try Data(contentsOf: URL(fileURLWithPath: folder + "/truth.json"))
        return try JSONDecoder().decode(Truth.self, from: data).records
    }
}
