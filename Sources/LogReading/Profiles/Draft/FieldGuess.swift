import EventModel

/// What the fields of an unknown log may be, by their names and their values.
struct FieldGuess {
    let actor: String?
    let message: String?
    let level: String?
    /// A field of few values, which may be what a record is.
    let kind: String?
    let latencies: [String]
    let generations: [String]
    private let records: [[String: String]]

    init(_ records: [[String: String]], names: [String]) {
        self.records = records
        let sample = Array(records.prefix(2000))
        func values(_ name: String) -> [String] { sample.compactMap { $0[name] } }
        func isMostly(_ name: String) -> Bool { values(name).count * 2 > sample.count }
        func last(_ name: String) -> String {
            name.lowercased().split(whereSeparator: { "./_-@".contains($0) }).last.map(String.init) ?? ""
        }

        level = names.first { name in
            let values = values(name)
            return isMostly(name) && values.allSatisfy { Self.levels.contains($0.lowercased()) }
        }
        let message =
            names.first { Self.messages.contains($0.lowercased()) && isMostly($0) }
            ?? names.first { Self.messages.contains(last($0)) && isMostly($0) }
            ?? names.filter { isMostly($0) && values($0).contains { $0.contains(" ") } }
            .max { Self.spread(values($0)) < Self.spread(values($1)) }
        self.message = message
        let others = names.filter { [level] in $0 != level && $0 != message && isMostly($0) }
        actor =
            Self.actors.lazy.compactMap { word in others.first { last($0) == word || $0.lowercased() == word } }.first
        kind = others.first { [actor] name in
            name != actor && (2...50).contains(Set(values(name)).count) && values(name).allSatisfy { Double($0) == nil }
        }
        latencies = names.filter { name in
            let values = values(name)
            guard !values.isEmpty else { return false }
            let isNamed = Self.latencyWords.contains { name.lowercased().contains($0) }
            return values.allSatisfy { text in
                Array(text.utf8).withUnsafeBytes { DurationText.milliseconds($0) != nil }
                    && (isNamed || !text.allSatisfy { $0.isNumber || $0 == "." })
            }
        }
        generations = names.filter { name in
            let values = values(name).compactMap { Int64($0) }
            guard values.count >= 2, values.count == sample.compactMap({ $0[name] }).count else { return false }
            if Self.generationWords.contains(where: { name.lowercased().contains($0) }) { return true }
            // Numbers that only grow, with few exceptions, and are not times.
            let rises = zip(values, values.dropFirst()).count { $0 < $1 }
            return rises * 20 >= (values.count - 1) * 19 && Set(values).count > 5
                && values.allSatisfy { $0 < 1_000_000_000 }
        }
        .filter { [latencies] in !latencies.contains($0) }
    }

    private static let levels: Set<String> = [
        "trace", "debug", "info", "notice", "warn", "warning", "error", "err", "fatal", "critical", "panic", "i", "w",
        "e", "f",
        "dbg", "emer",
    ]
    private static let messages: Set<String> = ["msg", "message", "text", "log", "event", "body", "description"]
    private static let actors = [
        "actor", "service", "app", "application", "component", "instance", "pod", "node", "host", "hostname", "process",
        "logger",
        "module", "who", "client", "worker", "source",
    ]
    private static let latencyWords = ["latency", "duration", "elapsed", "took", "_ms", "wait"]
    private static let generationWords = ["generation", "version", "revision", "plan", "epoch", "index", "seq", "term"]

    private static func spread(_ values: [String]) -> Int { values.reduce(0) { $0 + $1.utf8.count } }

    /// A value of a field.
    func example(_ name: String) -> String {
        let values = records.lazy.compactMap { $0[name] }.prefix(3)
        return VisibleText.cell(name + ": " + values.map { String($0.prefix(40)) }.joined(separator: ", "))
    }

    /// The rule that reads a latency.
    func latencyRule(_ name: String) -> String {
        let value = records.lazy.compactMap { $0[name] }.first ?? ""
        if value.contains(where: { !$0.isNumber && $0 != "." }) {
            return "{from: \(ProfileDraft.plain(name)), duration: true}"
        }
        return name.lowercased().contains("ms")
            ? ProfileDraft.plain(name) : "{from: \(ProfileDraft.plain(name)), scale: 1000}"
    }

    /// Messages without what varies in them, the most frequent first.
    func templates(of name: String) -> [(template: String, count: Int)] {
        var counts: [String: Int] = [:]
        var scratch = ScratchText()
        for record in records {
            guard let message = record[name] else { continue }
            scratch.removeAll()
            let template = Array(message.utf8).withUnsafeBytes {
                String(decoding: MessageTemplate.of($0, &scratch), as: UTF8.self)
            }
            counts[template, default: 0] += 1
        }
        return counts.map { ($0.key, $0.value) }.sorted { ($1.1, $0.0) < ($0.1, $1.0) }
    }
}
