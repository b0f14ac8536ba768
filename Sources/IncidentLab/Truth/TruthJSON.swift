import EventModel

extension Truth {
    /// The truth as JSON, `inquest.truth/1`: the same bytes for the same truth, one thing a line, times in UTC.
    package func json() -> String {
        var parts: [String] = [
            "\"format\": \"inquest.truth/1\"",
            "\"scenario\": \(quoted(scenario))",
            "\"seed\": \(seed)",
            "\"scale\": \(share(scale))",
            "\"safeguards\": [\(safeguards.map(quoted).joined(separator: ", "))]",
            "\"from\": \(utc(from))",
            "\"until\": \(utc(until))",
            "\"records\": \(records)",
            "\"actors\": [\(actors.map(quoted).joined(separator: ", "))]",
        ]
        parts.append(
            rows("overwrites", overwrites) {
                [
                    ("at", utc($0.at)), ("endpoint", quoted($0.endpoint)), ("plan", "\($0.plan)"),
                    ("displaced", "\($0.displaced)"), ("actor", quoted($0.actor)), ("checked_at", utc($0.checkedAt)),
                    ("commit", "\($0.commit)"),
                ]
            })
        parts.append(
            rows("deletions", deletions) {
                [
                    ("at", utc($0.at)), ("plan", "\($0.plan)"), ("actor", quoted($0.actor)),
                    ("endpoints", "[" + $0.endpoints.map(quoted).joined(separator: ", ") + "]"),
                ]
            })
        parts.append(
            rows("emptied", emptied) {
                [
                    ("endpoint", quoted($0.endpoint)), ("plan", "\($0.plan)"), ("at", utc($0.at)),
                    ("until", utc($0.until)),
                ]
            })
        parts.append(
            rows("wedges", wedges) {
                [
                    ("endpoint", quoted($0.endpoint)), ("at", utc($0.at)), ("until", utc($0.until)),
                    ("refusals", "\($0.refusals)"),
                    ("actors", "[" + $0.actors.map(quoted).joined(separator: ", ") + "]"),
                ]
            })
        parts.append(
            rows("stale_checks", staleChecks) {
                [
                    ("actor", quoted($0.actor)), ("plan", "\($0.plan)"), ("at", utc($0.at)),
                    ("writes", "\($0.writes)"),
                ]
            })
        parts.append(
            rows("backlogs", backlogs) {
                [
                    ("actor", quoted($0.actor)), ("queue", quoted($0.queue)), ("onset", utc($0.onset)),
                    ("peak", "\($0.peak)"), ("peak_at", utc($0.peakAt)), ("end", utc($0.end)),
                ]
            })
        parts.append(
            rows("collapses", collapses) {
                [
                    ("actor", quoted($0.actor)), ("queue", quoted($0.queue)), ("at", utc($0.at)),
                    ("until", utc($0.until)),
                ]
            })
        parts.append(
            rows("storms", storms) {
                [("actor", quoted($0.actor)), ("at", utc($0.at)), ("until", utc($0.until))]
            })
        parts.append(
            rows("impacts", impacts) {
                [
                    ("service", quoted($0.service)), ("from", utc($0.from)), ("until", utc($0.until)),
                    ("worst", share($0.worst)),
                ]
            })
        parts.append(
            rows("edges", edges) { [("from", quoted($0.from)), ("to", quoted($0.to)), ("at", utc($0.at))] })
        parts.append(
            rows("phases", phases) {
                [
                    ("component", quoted($0.component)), ("cause", quoted($0.cause)), ("from", utc($0.from)),
                    ("until", utc($0.until)), ("count", "\($0.count)"),
                ]
            })
        parts.append(
            rows("interventions", interventions) {
                [
                    ("at", utc($0.at)), ("actor", quoted($0.actor)), ("act", quoted($0.act)),
                    ("component", quoted($0.component)),
                ]
            })
        parts.append(rows("milestones", milestones) { [("name", quoted($0.name)), ("at", utc($0.at))] })
        if let history { parts += history.parts() }
        return "{\n  " + parts.joined(separator: ",\n  ") + "\n}\n"
    }
}

extension History {
    /// The members of the truth's object that hold the history.
    fileprivate func parts() -> [String] {
        [
            "\"faults\": [\(faults.map(quoted).joined(separator: ", "))]",
            rows("history", effects) { effect in
                let numbers: [(String, Int?)] = [
                    ("check", effect.check), ("started", effect.started), ("sending", effect.sending),
                    ("answer", effect.answer), ("effect", effect.effect), ("emptied", effect.emptied),
                ]
                return [
                    ("kind", quoted(effect.kind.rawValue)), ("at", utc(effect.at)),
                    ("endpoint", quoted(effect.endpoint)), ("plan", "\(effect.plan)"),
                    ("displaced", "\(effect.displaced)"), ("actor", quoted(effect.actor)),
                    ("store", quoted(effect.store)), ("commit", effect.commit.map { "\($0)" } ?? "null"),
                    ("seen", effect.seen.map { "\($0)" } ?? "null"),
                ] + numbers.map { ($0.0, $0.1.map { "\($0)" } ?? "null") }
            },
            rows("logs", places) { place in
                [
                    ("log", quoted(place.log)), ("actor", quoted(place.actor)),
                    ("lines", "[" + place.lines.map { "\($0)" }.joined(separator: ",") + "]"),
                ]
            },
        ]
    }
}

private func rows<T>(_ name: String, _ items: [T], _ fields: (T) -> [(String, String)]) -> String {
    if items.isEmpty { return "\"\(name)\": []" }
    let lines = items.map { item in
        "    {" + fields(item).map { "\"\($0.0)\": \($0.1)" }.joined(separator: ", ") + "}"
    }
    return "\"\(name)\": [\n" + lines.joined(separator: ",\n") + "\n  ]"
}

private func utc(_ nanoseconds: Int64?) -> String {
    guard let nanoseconds else { return "null" }
    return quoted(Timestamp(nanoseconds: nanoseconds / 1_000_000 * 1_000_000).rfc3339(digits: 3))
}

/// To four decimals, cut off: the same text on every machine.
private func share(_ value: Double) -> String {
    let scaled = Int64(value * 10_000)
    let part = String(scaled % 10_000 + 10_000).dropFirst()
    return "\(scaled / 10_000).\(part)"
}

/// The simulation's own names need no escape but these.
private func quoted(_ text: String) -> String {
    var out = "\""
    for character in text.unicodeScalars {
        if character == "\"" || character == "\\" { out += "\\" }
        out.unicodeScalars.append(character)
    }
    return out + "\""
}
