import EventModel

/// The sentence, the basis and the figures of a backlog.
struct BacklogWords {
    private let finding: Finding
    private let backlog: Finding.Backlog

    init(_ finding: Finding, _ backlog: Finding.Backlog) {
        self.finding = finding
        self.backlog = backlog
    }

    /// One sentence of what was measured, each number with the time that it stands for.
    var sentence: String {
        var parts: [String] = []
        if let busy = backlog.busy {
            parts.append(
                "arrivals \(Figures.exact(backlog.rates.arrivals))/s against \(backlog.rates.done) from "
                    + "\(busy.lowerBound.clock) to \(busy.upperBound.clock)")
        }
        if backlog.peakDepth > 0 {
            parts.append(
                "depth \(Figures.exact(backlog.depthBefore)) to \(Figures.exact(backlog.peakDepth)) at \(backlog.peak.clock)"
                    + (backlog.isDepthMeasured ? "" : ", inferred from the flows"))
        }
        parts.append(
            "wait at most \(words(backlog.longestWait)), usually "
                + (backlog.usualWait > 0 ? words(backlog.usualWait) : "next to none"))
        parts.append(ending)
        let told = parts.joined(separator: "; ")
        if !backlog.isOfLatencies { return told }
        if finding.queue != nil { return "items wait one behind the other: " + told + "; told by latencies alone" }
        return "propagations wait one behind the other: " + told
            + "; told by latencies alone (propagation-delay counts those of more than a minute)"
    }

    private var ending: String {
        guard let recovered = backlog.recovered else { return "not back in its usual range by the end of the log" }
        var left =
            backlog.peakDepth > 0
            ? [backlog.depthAfter > 0 ? "\(Figures.exact(backlog.depthAfter)) waiting" : "none waiting"] : []
        if backlog.waitAfter > 0 { left.append("wait \(words(backlog.waitAfter))") }
        return "usual again at \(recovered.clock)" + (left.isEmpty ? "" : " (\(left.joined(separator: ", ")))")
    }

    var basis: String {
        let dated =
            switch backlog.dating {
            case .lastUsual: ""
            case .risingLoad: ", dated by the rising arrivals, which met the capacity seen while busy"
            case .fallingCapacity: ", dated by the falling departures, where they left the usual arrivals"
            }
        let began = finding.began ?? finding.at...finding.at
        return
            "began between \(began.lowerBound.clock) and \(began.upperBound.clock)\(dated); alarm \(backlog.alarm.clock)"
    }

    /// The numbers, in the order of time.
    var figures: [Finding.Figure] {
        var all: [Finding.Figure] = []
        if let busy = backlog.busy {
            let span = "mean from \(busy.lowerBound.clock) to \(busy.upperBound.clock)"
            all += backlog.rates.figures(over: span)
        }
        if backlog.peakDepth > 0 {
            let how = backlog.isDepthMeasured ? "" : ", inferred from the flows"
            all += [
                Finding.Figure("depth before", backlog.depthBefore, .count, "at \(backlog.lastUsual.clock)\(how)"),
                Finding.Figure(
                    Finding.Figure.Name.depthAtAlarm, backlog.depthAtAlarm, .count, "at \(backlog.alarm.clock)\(how)"),
                Finding.Figure("peak depth", backlog.peakDepth, .count, "at \(backlog.peak.clock)\(how)"),
            ]
            if let recovered = backlog.recovered {
                all.append(
                    Finding.Figure("depth at the end", backlog.depthAfter, .count, "at \(recovered.clock)\(how)"))
            }
        }
        if let oldest = backlog.oldest {
            all.append(Finding.Figure("oldest item", oldest, .seconds, "the greatest age in a sample of the backlog"))
        }
        return all + waits
    }

    /// Its waits: all by the one measure that decides when it begins and ends.
    var waits: [Finding.Figure] {
        var all = [
            Finding.Figure("longest wait", backlog.longestWait, .seconds, "in a sample of the backlog; \(measure)"),
            Finding.Figure(
                Finding.Figure.Name.usualWait, backlog.usualWait, .seconds,
                "before the backlog, by the same measure"
                    + (backlog.usualWait > 0 ? "" : "; too short for the samples to tell")),
            Finding.Figure(
                Finding.Figure.Name.usualWaitLimit, backlog.usualWaitLimit, .seconds,
                "five samples running below it end the backlog"),
        ]
        if let recovered = backlog.recovered {
            all.append(
                Finding.Figure(
                    "wait at the end", backlog.waitAfter, .seconds, "at \(recovered.clock), the first of the five"))
        }
        return all
    }

    private var measure: String {
        switch backlog.measure {
        case .depth: "depth ÷ rate of flow"
        case .both: "the mean of depth ÷ rate of flow and of the oldest item's age"
        case .age: "the oldest item's age"
        }
    }

    private func words(_ seconds: Double) -> String { Nanoseconds.words(Int64(min(seconds * 1e9, 9.2e18))) }
}

/// The sentence and the figures of a collapse.
struct CollapseWords {
    private let finding: Finding
    private let collapse: Finding.Collapse

    init(_ finding: Finding, _ collapse: Finding.Collapse) {
        self.finding = finding
        self.collapse = collapse
    }

    var sentence: String {
        let share = Figures.exact(100 * collapse.lowestGoodput / collapse.usualGoodput)
        let until = finding.until.map { "to \($0.clock)" } ?? "on"
        return
            "arrivals \(Figures.exact(collapse.rates.arrivals))/s against \(collapse.rates.done) from \(finding.at.clock) \(until), before "
            + "the backlog \(Figures.exact(collapse.usualArrivals))/s against \(Figures.exact(collapse.usualGoodput))/s done; in its worst samples "
            + "goodput \(share) % and arrivals \(Figures.exact(collapse.highestLoad)) times of that; "
            + (finding.until.map { "ended \($0.clock)" } ?? "not over by the end of the log")
    }

    var figures: [Finding.Figure] {
        let span =
            "mean from \(finding.at.clock) " + (finding.until.map { "to \($0.clock)" } ?? "to the end of the log")
        let before = "mean of the last samples before the backlog, at most 60"
        return collapse.rates.figures(over: span) + [
            Finding.Figure("usual arrivals", collapse.usualArrivals, .perSecond, before),
            Finding.Figure("usual completions", collapse.usualGoodput, .perSecond, before),
            Finding.Figure("lowest completions", collapse.lowestGoodput, .perSecond, "in one sample of the collapse"),
            Finding.Figure(
                "highest arrivals", collapse.highestLoad * collapse.usualArrivals, .perSecond,
                "in one sample of the collapse"),
        ]
    }
}

extension Finding.Rates {
    /// `0.24/s done`, with what was given up where anything was.
    fileprivate var done: String {
        "\(Figures.exact(completions))/s done" + (failures > 0 ? " and \(Figures.exact(failures))/s failed" : "")
    }

    fileprivate func figures(over span: String) -> [Finding.Figure] {
        [
            Finding.Figure("arrivals", arrivals, .perSecond, span),
            Finding.Figure("completions", completions, .perSecond, span),
            Finding.Figure("failures", failures, .perSecond, span),
        ]
    }
}
