import Foundation
import Testing

/// A log that ends in the middle of its last line is read up to there, whatever stands behind it in memory.
///
/// Fresh memory is mostly zero, which hides that somebody reads it: the C library fills what it hands out with noise. INQUEST_CUTS=all
/// takes five simulated races, and runs the program for each cut by itself.
@Suite struct CutLogTests {
    private static let takesAll = ProcessInfo.processInfo.environment["INQUEST_CUTS"] == "all"
    private static let poisoned = ["MALLOC_PERTURB_": "90"]
    private static let kinds: [Archive.Kind?] = [nil, .zip, .zstd, .gzip, .bzip2, .xz, .lz4]

    @Test(arguments: takesAll ? 1...5 : 1...1)
    func cutBehindEveryBraceAndComma(seed: Int) throws {
        let folder = try Folder()
        let made = try Program.run(
            ["simulate", "race", "--seed", "\(seed)", "-o", folder.path + "/race", "--quiet"])
        try #require(made.status == 0, "\(made.errors)")
        let logs = try FileManager.default.contentsOfDirectory(atPath: folder.path + "/race").sorted()
            .filter { $0.contains(".jsonl") }
        try #require(!logs.isEmpty)
        for log in Self.takesAll ? logs : Array(logs.prefix(2)) {
            let whole = try Program.shell("zstd -dcf \(folder.path)/race/\(log)").bytes
            let cuts = Self.cuts(of: whole).map { String(decoding: whole[..<$0], as: UTF8.self) }
            try #require(cuts.count > 5)
            // Of a log of one line nothing is left.
            let status: Int32 = whole.dropLast().contains(0x0A) ? 0 : 4
            for kind in Self.kinds { try read(cuts, kind, status: status) }
            for cut in Self.takesAll ? cuts : Array(cuts.prefix(3)) {
                check(
                    try Program.run(["query", "-"], input: Array(cut.utf8), environment: Self.poisoned),
                    "as standard input", status: status)
            }
        }
    }

    /// Where a log can be cut behind a brace or comma of its last line.
    private static func cuts(of log: [UInt8]) -> [Int] {
        let start = (log.dropLast().lastIndex(of: 0x0A) ?? -1) + 1
        return log.indices[start...].filter { log[$0] == UInt8(ascii: "{") || log[$0] == UInt8(ascii: ",") }.map {
            $0 + 1
        }
    }

    /// Reads logs, each in a container of its own: all at once, or one by one.
    private func read(_ cuts: [String], _ kind: Archive.Kind?, status: Int32) throws {
        let place = try Folder()
        for (index, cut) in cuts.enumerated() {
            let bytes = try kind.map { try Archive.of($0, [("a.jsonl", cut)]) } ?? Array(cut.utf8)
            let path = try place.write(bytes, to: "bundle/\(index)")
            if Self.takesAll {
                check(
                    try Program.run(["query", path], environment: Self.poisoned), "as \(kind, default: "file")",
                    status: status)
            }
        }
        check(
            try Program.run(["query", place.path + "/bundle"], environment: Self.poisoned),
            "as \(kind, default: "file")", status: status)
    }

    private func check(_ run: CommandRun, _ how: String, status: Int32) {
        #expect(run.status == status, "\(how) a cut log ends with \(run.status): \(run.errors)")
        #expect(run.errors.contains("the line may have been cut"), "\(how) nothing is said of the cut: \(run.errors)")
    }
}
