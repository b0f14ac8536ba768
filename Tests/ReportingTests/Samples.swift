import EventModel
import Foundation

@testable import Reporting

/// A generator of the same numbers in every run (SplitMix64, Steele, Lea and Flood).
struct SeededGenerator: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }
}

func moment(_ text: String) -> Timestamp {
    guard case .moment(let time) = RFC3339.read(text) else { return Timestamp(nanoseconds: 0) }
    return time
}

/// A bundle with the race of EVENTS.md section 6 on some endpoints, built by hand.
struct Sample {
    var symbols = SymbolTable()
    var findings: [Finding] = []
    var quality = Quality()
    var endpoint = "db.example"

    static let write = moment("2025-10-20T06:47:58.113Z")
    static let deletion = moment("2025-10-20T06:48:00.402Z")

    mutating func record(
        _ source: UInt32, _ line: UInt64, _ time: String, _ actor: String, _ counter: Int64, _ kind: EventKind,
        hasClock: Bool = true
    ) -> RecordRef {
        RecordRef(
            source: SourceID(index: source), line: line, byte: line * 100, length: 100, time: moment(time),
            actor: symbols.intern(actor), process: ProcessID(index: source), stamp: Stamp(counter: counter),
            kind: kind, hasClock: hasClock)
    }

    mutating func addRace(endpoints: Int = 1) {
        for index in 0..<endpoints {
            let name = index == 0 ? endpoint : "\(index).\(endpoint)"
            var overwrite = Finding(
                kind: .stalePlanOverwrite, severity: .critical, confidence: index == 0 ? .proven : .likely,
                at: Self.write,
                until: moment("2025-10-20T09:25:00Z"), isWindow: true, basis: .replaces(9),
                evidence: [
                    .init(part: "its check", record: record(0, 1, "2025-10-20T06:47:17Z", "a", 1, .planChecked)),
                    .init(
                        part: "the displaced write",
                        record: record(1, 2 + 10 * UInt64(index), "2025-10-20T06:47:56.211Z", "b", 2, .planApplied)),
                    .init(
                        part: "the write",
                        record: record(0, 3 + 10 * UInt64(index), "2025-10-20T06:47:58.113Z", "a", 3, .planApplied)),
                ])
            overwrite.endpoint = name
            overwrite.actor = "a"
            overwrite.plan = 4
            overwrite.displaced = 9
            overwrite.awareness = .unaware
            overwrite.checkAge = 41_113 * Nanoseconds.millisecond
            overwrite.newerPlans = 5
            findings.append(overwrite)
            var emptied = Finding(
                kind: .endpointEmptied, severity: .critical, confidence: .proven, at: Self.deletion, isWindow: true,
                evidence: [
                    .init(
                        part: "the deletion",
                        record: record(1, 3, "2025-10-20T06:48:00.402Z", "b", 3, .planDeleted, hasClock: false))
                ])
            emptied.endpoint = name
            emptied.actor = "b"
            emptied.plan = 4
            findings.append(emptied)
        }
        var stale = Finding(
            kind: .staleCheck, severity: .info, confidence: .proven, at: moment("2025-10-20T06:00:00Z"))
        stale.actor = "a"
        stale.plan = 2
        findings.append(stale)
    }

    func report(name: String = "bundle", files: [String] = ["a.log", "b.log.zst"]) -> Report {
        var bundle = BundleSummary(name: name)
        bundle.sources = files.map {
            .init(path: $0, storedBytes: 2_600_000, inflatedBytes: 45_500_000, events: 7, encoding: "plain")
        }
        var counts = Report.Counts()
        counts.events = 287_412
        counts.actors = 61
        counts.endpoints = 2
        counts.withClock = 270_000
        return Report(
            bundle: bundle, span: moment("2025-10-20T05:48:00Z")...moment("2025-10-20T21:35:00Z"), counts: counts,
            findings: findings, quality: quality, symbols: symbols)
    }
}

/// Text that tries to be more than text.
enum Hostile {
    static let words = [
        "<script>alert(1)</script>", "@octocat", "#12", "GH-12", "octo/repo#1", "octo@deadbeef", "www.evil.example",
        "https://evil.example/?a=b&c", "HTTP://EVIL", "a@b.example", ":x:", "::+1::", "|", "||", "\\|", "\\", "`",
        "``a`",
        "a`|`b", "*b*", "**", "_i_", "~~s~~", "[x](y)", "![i](u)", "[^1]", "&lt;", "&#64;", "$x$", "$$", "deadbeefcafe",
        "1234567", "a1b2c3d4e5f60718293a4b5c6d7e8f9012345678", "\u{1B}[31m", "\u{202E}", "\u{200B}", "\u{0}", "\n",
        "\r\n",
        "\n\n# H", "- x", "+ y", "1. z", "1) z", "===", "---", "> q", "    code", "\t", "<!--", "-->", "<a href=x>",
        "mailto:a@b.c", "ftp://x", "\u{2028}", "\u{85}", "ünïcode", "日本語", "é", "👩‍👩‍👧", "|---|", "\u{7F}", "<",
        "x|y|z", "a\\|b", "`|", "|`", "WWW.X.Y", "ghgh-1", "(www.x.y)", "\u{FEFF}", "\u{E0041}", "xmpp:a@b.c",
        "- [ ] t",
    ]

    static func text(_ generator: inout SeededGenerator) -> String {
        let count = Int.random(in: 1...6, using: &generator)
        return (0..<count).map { _ in
            (words.randomElement(using: &generator) ?? "") + (Bool.random(using: &generator) ? " " : "")
        }.joined()
    }
}

/// A golden case: what a report reads like, in a file of its own.
func fixture(_ name: String) throws -> String {
    let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Fixtures")
    return try String(contentsOf: folder.appending(path: name), encoding: .utf8)
}
