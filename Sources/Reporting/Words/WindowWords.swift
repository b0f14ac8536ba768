import EventModel

/// The sentence and the figures of a window.
struct WindowWords {
    private let finding: Finding
    private let window: Finding.Window

    init(_ finding: Finding, _ window: Finding.Window) {
        self.finding = finding
        self.window = window
    }

    private var shares: KindTraits.Shares {
        if window.measure == .latencies { return KindTraits.Shares(tried: "samples", became: "were slow") }
        return finding.kind.traits.shares ?? KindTraits.Shares(tried: "records", became: "failed")
    }

    var sentence: String {
        switch window.measure {
        case .shares, .latencies: sharesSentence
        case .demand: demandSentence
        case .rates where finding.kind == .healthFlapping: healthSentence
        case .rates: ratesSentence
        }
    }

    private var sharesSentence: String {
        let worst = window.worstTried > 0 ? window.worstBad / window.worstTried : 0
        return
            "\(Figures.short(window.bad)) of \(Figures.short(window.tried)) \(shares.tried) \(became) "
            + "(\(percent(share)))\(phases), at worst \(percent(worst)) at \(worstClock), "
            + "usually \(percent(window.usual)); \(ending)"
    }

    /// `: 4,206 with an error (06:48 to 12:20), 4,149 throttled (…)`.
    private var phases: String {
        if window.phases.isEmpty { return "" }
        let parts = window.phases.map { phase in
            let how =
                switch phase.outcome {
                case .timeout: "timed out"
                case .throttled: "throttled"
                case .refused: "refused"
                case .ok, .error, .unknown: "with an error"
                }
            return
                "\(Figures.grouped(phase.count)) \(how) (\(phase.span.lowerBound.clock) to \(phase.span.upperBound.clock))"
        }
        return ": " + parts.joined(separator: ", ")
    }

    private var became: String {
        guard let late = window.lateAbove else { return shares.became }
        if window.measure == .latencies { return "had a latency above \(Nanoseconds.words(late))" }
        return "took more than \(Nanoseconds.words(late))"
    }

    private var demandSentence: String {
        "\(Figures.short(window.bad)) requests came in samples that count about \(Figures.short(window.tried)) otherwise; \(ending)"
    }

    private var healthSentence: String {
        "targets changed their health \(Figures.short(window.bad)) times, at worst \(Figures.short(worstRate)) a minute at "
            + "\(worstClock), usually \(Figures.short(usualRate)); "
            + "up to \(percent(window.level)) of the targets unhealthy; \(ending)"
    }

    private var ratesSentence: String {
        "wrote \(Figures.short(worstRate)) records a second at \(worstClock), usually \(Figures.short(usualRate)); \(ending)"
    }

    var figures: [Finding.Figure] {
        switch window.measure {
        case .demand:
            [
                Finding.Figure("requests", window.bad, .count, extent),
                Finding.Figure("requests to be expected", window.tried, .count, "by the median of the log's samples"),
            ]
        case .shares, .latencies:
            [
                Finding.Figure(shares.tried, window.tried, .count, extent),
                Finding.Figure("of them " + shares.became, window.bad, .count, extent),
                Finding.Figure("share that " + shares.became, share, .share, extent),
                Finding.Figure(
                    "worst share", window.worstTried > 0 ? window.worstBad / window.worstTried : 0, .share, atWorst),
                Finding.Figure("usual share", window.usual, .share, learned),
                Finding.Figure("usual share, at most", window.usualLimit, .share, limit),
            ]
        case .rates where finding.kind == .healthFlapping:
            rates(of: "changes of health", .perMinute) + [
                Finding.Figure(
                    "targets unhealthy", window.level, .share, "the highest share of the known ones at one moment")
            ]
        case .rates: rates(of: "records", .perSecond)
        }
    }

    private func rates(of counted: String, _ unit: Finding.Figure.Unit) -> [Finding.Figure] {
        [
            Finding.Figure(counted, window.bad, .count, extent),
            Finding.Figure("worst rate", window.worstBad / span, unit, atWorst),
            Finding.Figure("usual rate", window.usual / span, unit, learned),
            Finding.Figure("usual rate, at most", window.usualLimit / span, unit, limit),
        ]
    }

    // MARK: Numbers

    private var share: Double { window.tried > 0 ? window.bad / window.tried : 0 }

    /// A bucket's width in the time that the kind's rates are told for.
    private var span: Double {
        Double(window.width) / Double(finding.kind == .healthFlapping ? Nanoseconds.minute : Nanoseconds.second)
    }

    private var worstRate: Double { (window.worstBad / span * 10).rounded() / 10 }
    private var usualRate: Double { (window.usual / span * 100).rounded() / 100 }

    private var worstClock: String { window.worstAt?.clock ?? "?" }

    private func percent(_ share: Double) -> String {
        if share > 0, share < 0.001 { return "<0.1 %" }
        return Figures.short((share * 1000).rounded() / 10) + " %"
    }

    // MARK: What numbers stand for

    private var ending: String {
        finding.until.map { "back in its usual range after \($0.clock)" } ?? "not over by the end of the log"
    }

    private var extent: String {
        "from \(finding.at.clock) " + (finding.until.map { "to \($0.clock)" } ?? "to the end of the log")
    }

    private var atWorst: String {
        "in what was recorded in the \(Nanoseconds.words(window.width)) around \(worstClock)"
    }

    private var learned: String {
        "in what is like the quiet part" + (finding.usual.map { ", " + Self.words($0) } ?? "")
    }

    private var limit: String {
        "what \(Nanoseconds.words(window.width)) record above it, and beyond what chance explains, is unusual"
    }

    static func basis(learnedFrom part: ClosedRange<Timestamp>?) -> String {
        part.map { "usual range learned from " + words($0) } ?? ""
    }

    private static func words(_ part: ClosedRange<Timestamp>) -> String {
        let from = part.lowerBound.parts(digits: 0)
        let to = part.upperBound.parts(digits: 0)
        return from.date == to.date
            ? "\(from.time)Z to \(to.time)Z" : "\(from.date)T\(from.time)Z to \(to.date)T\(to.time)Z"
    }
}
