import Foundation

/// Logs of some actors that talk, with everything that logs do to an index: lost and doubled records, records without clocks, malformed
/// and blank lines, names that are written in several ways, a last line without its end. The same seed makes the same logs.
struct RandomLogs {
    /// How the logs are packed.
    enum Form: CaseIterable {
        case folder, gzip, tar, zip, tarZstd, mixed, damaged, concatenated
    }

    private var logs: [(name: String, text: String)]
    private var inTurns = ""

    /// - Parameter step: nanoseconds between two records, at most.
    init(seed: UInt64, actors count: Int, step: Int64 = 60_000_000) {
        var random = SplitMix(state: seed)
        let actors = (0..<count).map { $0 < 26 ? String(UnicodeScalar(UInt8(97 + $0))) : "actor-\($0)" }
        let endpoints = ["db.example", "web-1", "web-2", "web-3", "gr\\u00f6ße", "größe", "quo\\\"te", ""]
        var clocks = actors.map { _ in [String: Int]() }
        logs = actors.map { ($0 + ".log", "") }
        var time: Int64 = 1_760_942_800_000_000_000
        for _ in 0..<400 {
            let index = Int.random(in: 0..<count, using: &random)
            let actor = actors[index]
            time += Int64.random(in: 0...step, using: &random)
            clocks[index][actor, default: 0] += Int.random(in: 0..<40, using: &random) == 0 ? 3 : 1
            if Int.random(in: 0..<3, using: &random) == 0 {
                let from = Int.random(in: 0..<count, using: &random)
                clocks[index].merge(clocks[from]) { max($0, $1) }
            }
            let clock = clocks[index].sorted { $0.key < $1.key }.map { "\"\($0.key)\":\($0.value)" }
            let endpoint = endpoints[Int.random(in: 0..<endpoints.count, using: &random)]
            let event = ["plan.applied", "plan.applying", "plan.checked", "work.enqueued", "odd"][
                Int.random(in: 0..<5, using: &random)]
            var line = "{\"ts\":\(time + Int64(index % 3) * 5_000_000),\"actor\":\"\(actor)\",\"event\":\"\(event)\""
            if Int.random(in: 0..<20, using: &random) > 0 { line += ",\"vc\":{\(clock.joined(separator: ","))}" }
            if !endpoint.isEmpty { line += ",\"endpoint\":\"\(endpoint)\"" }
            let plan = Int.random(in: 1...9, using: &random)
            if plan == 4 { line += ",\"role\":\"\",\"queue\":\"q\\u0000\",\"outcome\":\"odd\",\"oldest_ms\":\(plan).5" }
            line += ",\"plan\":\(plan),\"replaces\":\(Int.random(in: 0...plan + 1, using: &random))}\n"
            switch Int.random(in: 0..<30, using: &random) {
            case 0: line += "not a record\n"
            case 1: line += "\r\n\n"
            case 2: line += "{\"ts\":1,\"actor\":\"\(actor)\"}\n"
            case 3: line += line
            default: break
            }
            logs[index].text += line
            inTurns += line
        }
        logs[0].text.removeLast()
    }

    /// Writes them; gives the bundle's path.
    func write(as form: Form, to folder: Folder) throws -> String {
        let members = logs.filter { !$0.text.isEmpty }
        switch form {
        case .folder:
            for log in members { try folder.write(log.text, to: "bundle/" + log.name) }
        case .gzip:
            for log in members { try folder.write(try Archive.of(.gzip, [log]), to: "bundle/\(log.name).gz") }
        case .tar: return try folder.write(try Archive.of(.tar, members), to: "bundle.tar")
        case .zip: return try folder.write(try Archive.of(.zip, members), to: "bundle.zip")
        case .tarZstd: return try folder.write(try Archive.of(.tarZstd, members), to: "bundle.tar.zst")
        case .mixed:
            try folder.write(try Archive.of(.zstd, [(name: "all", text: inTurns)]), to: "bundle/all.zst")
        case .damaged:
            for (at, log) in members.enumerated() {
                let frame = try Archive.of(.zstd, [log])
                try folder.write(frame.dropLast(at == 1 ? 40 : 0), to: "bundle/\(log.name).zst")
            }
        case .concatenated:
            return try folder.write(
                members.map { $0.text + ($0.text.hasSuffix("\n") ? "" : "\n") }.joined(), to: "bundle.log")
        }
        return folder.path + "/bundle"
    }
}

/// SplitMix64 (Steele, Lea, Flood 2014).
private struct SplitMix: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }
}
