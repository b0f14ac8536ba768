import EventModel

extension BacklogEpisode<RecordRef> {
    /// The episode as a finding, `high`, or `medium` where it was over within ten times the usual wait; and the collapse
    /// inside it, if there was one.
    func findings(queue: String, actor: String?) -> [Finding] {
        let length = recovered.map { Double($0.time.since(onset)) / 1e9 }
        let isShort = length.map { $0 <= 10 * usualWait } ?? false
        var finding = Finding(
            kind: .backlogOnset, severity: isShort ? .medium : .high, confidence: .measured,
            at: onset, until: recovered?.time, isWindow: true, summary: summary, evidence: evidence)
        finding.queue = queue.isEmpty ? nil : queue
        finding.actor = actor
        finding.peak = peakDepth > 0 ? peakDepth : nil
        finding.basis = basis
        finding.began = began
        finding.figures = figures
        guard let collapse else { return [finding] }
        var collapsed = collapse.finding
        collapsed.queue = finding.queue
        collapsed.actor = actor
        collapsed.figures += waits
        return [finding, collapsed]
    }

    /// The episode as a finding that rests on latencies alone.
    func finding(ofPropagationsBy actor: String) -> Finding {
        var finding = findings(queue: "", actor: actor)[0]
        finding.summary =
            "propagations wait one behind the other: " + finding.summary
            + "; told by latencies alone (propagation-delay counts those of more than a minute)"
        return finding
    }

    /// One sentence of what was measured, each number with the time that it stands for.
    private var summary: String {
        var parts: [String] = []
        if let busy {
            parts.append(
                "arrivals \(Figures.exact(rates.arrivals))/s against \(rates.done) from \(busy.lowerBound.clock) to "
                    + busy.upperBound.clock)
        }
        if peakDepth > 0 {
            parts.append(
                "depth \(Figures.exact(depthBefore)) to \(Figures.exact(peakDepth)) at \(peak.time.clock)"
                    + (isDepthMeasured ? "" : ", inferred from the flows"))
        }
        parts.append(
            "wait at most \(words(longestWait)), usually \(usualWait > 0 ? words(usualWait) : "next to none")")
        parts.append(ending)
        return parts.joined(separator: "; ")
    }

    private var ending: String {
        guard let recovered else { return "not back in its usual range by the end of the log" }
        var left = peakDepth > 0 ? [depthAfter > 0 ? "\(Figures.exact(depthAfter)) waiting" : "none waiting"] : []
        if waitAfter > 0 { left.append("wait \(words(waitAfter))") }
        return "usual again at \(recovered.time.clock)" + (left.isEmpty ? "" : " (\(left.joined(separator: ", ")))")
    }

    private var basis: String {
        let dated =
            switch rule {
            case .lastUsual: ""
            case .risingLoad: ", dated by the rising arrivals, which met the capacity seen while busy"
            case .fallingCapacity: ", dated by the falling departures, where they left the usual arrivals"
            }
        return
            "began between \(began.lowerBound.clock) and \(began.upperBound.clock)\(dated); alarm \(alarm.time.clock)"
    }

    private var evidence: [Finding.Evidence] {
        var all = [
            Finding.Evidence(part: "the last usual sample", record: lastUsual.mark),
            Finding.Evidence(part: "the alarm", record: alarm.mark),
            Finding.Evidence(part: "the peak", record: peak.mark),
        ]
        if let recovered { all.append(Finding.Evidence(part: "the first usual sample again", record: recovered.mark)) }
        return all
    }
}

extension CongestiveCollapse<RecordRef> {
    /// The collapse as a finding; whose queue it was is set afterwards.
    fileprivate var finding: Finding {
        var finding = Finding(
            kind: .congestiveCollapse, severity: .high, confidence: .measured, at: began.time, until: ended?.time,
            isWindow: true, summary: summary,
            evidence: [Finding.Evidence(part: "the first collapsed sample", record: began.mark)])
        if let ended { finding.evidence.append(Finding.Evidence(part: "the end of the collapse", record: ended.mark)) }
        finding.figures = figures
        return finding
    }

    private var summary: String {
        let share = Figures.exact(100 * lowestGoodput / usualGoodput)
        let until = ended.map { "to \($0.time.clock)" } ?? "on"
        return
            "arrivals \(Figures.exact(rates.arrivals))/s against \(rates.done) from \(began.time.clock) \(until), before "
            + "the backlog \(Figures.exact(usualArrivals))/s against \(Figures.exact(usualGoodput))/s done; in its worst samples "
            + "goodput \(share) % and arrivals \(Figures.exact(highestLoad)) times of that; "
            + (ended.map { "ended \($0.time.clock)" } ?? "not over by the end of the log")
    }
}

extension QueueRates {
    /// `0.24/s done`, with what was given up where anything was.
    fileprivate var done: String {
        "\(Figures.exact(completions))/s done" + (failures > 0 ? " and \(Figures.exact(failures))/s failed" : "")
    }
}

/// A span in words.
private func words(_ seconds: Double) -> String { Nanoseconds.words(Int64(min(seconds * 1e9, 9.2e18))) }
