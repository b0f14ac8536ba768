import EventModel

/// The sentences of findings about clocks and logs.
struct ClockWords {
    private let finding: Finding
    private let actor: String

    init(_ finding: Finding) {
        self.finding = finding
        actor = finding.actor ?? "somebody"
    }

    var sentence: String {
        switch finding.kind {
        case .logGap: "\(actor)'s log lacks \(count("record")) between others that are there"
        case .restart:
            "\(actor) restarted \(count("time")): its own counter fell; orders that rest on its later lives are at most "
                + "likely"
        case .clockConflict: "\(actor) used \(count("counter")) twice, for different records"
        case .clockFault:
            "\(count("record")) of \(actor) "
                + (isCircle
                    ? "have clocks that put them before themselves; they stand by time"
                    : "carry a clock that cannot be right; theirs were inferred")
        case .clockSkew: skew
        default: "no log of \(actor) is here, though other records name it \(count("time"))"
        }
    }

    private var isCircle: Bool { if case .circle = finding.detail { true } else { false } }

    private var skew: String {
        guard case .apart(let slow, let least) = finding.detail else { return "" }
        return "\(actor)'s clock stood at least \(Nanoseconds.words(least)) ahead of \(slow)'s: "
            + "records of \(slow) that happened after some of \(actor) bear earlier times"
    }

    private func count(_ noun: String) -> String {
        "\(finding.count ?? 0) \(noun)\(finding.count == 1 ? "" : "s")"
    }
}
