import EventModel

extension BacklogEpisode<RecordRef> {
    /// The episode as a finding, `high`, or `medium` where it was drained within ten times the usual wait; and the collapse
    /// inside it, if there was one.
    func findings(queue: String, actor: String?) -> [Finding] {
        let length = recovered.map { Double($0.time.since(onset)) / 1e9 }
        let isShort = length.map { $0 <= 10 * usualWait } ?? false
        var finding = Finding(
            kind: .backlogOnset, severity: isShort ? .medium : .high, confidence: isMeasured ? .proven : .likely,
            at: onset, until: recovered?.time, isWindow: true, summary: summary, evidence: evidence)
        finding.queue = queue.isEmpty ? nil : queue
        finding.actor = actor
        finding.peak = peakDepth > 0 ? peakDepth : nil
        finding.basis = basis
        guard let collapse else { return [finding] }
        var collapsed = Finding(
            kind: .congestiveCollapse, severity: .high, confidence: .proven, at: collapse.began.time,
            until: collapse.ended?.time, isWindow: true, summary: summary(of: collapse),
            evidence: [Finding.Evidence(part: "the first collapsed sample", record: collapse.began.mark)])
        if let ended = collapse.ended {
            collapsed.evidence.append(Finding.Evidence(part: "the end of the collapse", record: ended.mark))
        }
        collapsed.queue = finding.queue
        collapsed.actor = actor
        return [finding, collapsed]
    }

    /// The episode as a finding that rests on latencies alone: at most `likely`.
    func finding(ofPropagationsBy actor: String) -> Finding {
        var finding = findings(queue: "", actor: actor)[0]
        finding.confidence = .likely
        finding.summary =
            "propagations wait one behind the other: " + finding.summary
            + "; told by latencies alone (propagation-delay counts those of more than a minute)"
        return finding
    }

    private func summary(of collapse: CongestiveCollapse<RecordRef>) -> String {
        let share = amount(100 * collapse.lowestGoodput / collapse.usualGoodput)
        return "goodput fell to \(share) % of its usual \(amount(collapse.usualGoodput))/s while arrivals rose to "
            + "\(amount(collapse.highestLoad)) times theirs; "
            + (collapse.ended.map { "ended \(clock($0.time))" } ?? "not over by the end of the log")
    }

    /// One sentence of what was measured.
    private var summary: String {
        var parts: [String] = []
        if let arrivalRate, let departureRate {
            parts.append("arrivals \(amount(arrivalRate))/s against \(amount(departureRate))/s done")
        }
        if let oldest, peakDepth == 0 {
            var wait = "oldest \(amount(oldest)) s at \(clock(peak.time))"
            if usualWait > 0 { wait += ", \(amount(oldest / usualWait)) times the usual wait" }
            parts.append(wait)
            parts.append(ending)
            return parts.joined(separator: "; ")
        }
        let items = "\(amount(depthBefore)) to \(amount(peakDepth)) at \(clock(peak.time))"
        var depth = isDepthMeasured ? "depth \(items)" : "depth \(items), inferred from the flows"
        if let oldest, usualWait > 0 {
            depth += ", oldest \(amount(oldest / usualWait)) times the usual wait"
        } else if usualWait > 0 {
            depth += ", wait \(amount(longestWait / usualWait)) times the usual"
        }
        parts.append(depth)
        parts.append(ending)
        return parts.joined(separator: "; ")
    }

    private var ending: String {
        recovered.map { "drained \(clock($0.time))" } ?? "not drained by the end of the log"
    }

    private var basis: String {
        let dated =
            switch rule {
            case .lastUsual: "at the last usual sample"
            case .risingLoad: "by the rising arrivals, which met the capacity seen while busy"
            case .fallingCapacity: "by the falling departures, where they left the usual arrivals"
            }
        return "onset dated \(dated), within \(amount(uncertainty)) s; alarm at \(clock(alarm.time))"
    }

    private var evidence: [Finding.Evidence] {
        var all = [
            Finding.Evidence(part: "the last usual sample", record: lastUsual.mark),
            Finding.Evidence(part: "the alarm", record: alarm.mark),
            Finding.Evidence(part: "the peak", record: peak.mark),
        ]
        if let recovered { all.append(Finding.Evidence(part: "drained", record: recovered.mark)) }
        return all
    }

    private func clock(_ time: Timestamp) -> String { time.parts(digits: 0).time + "Z" }
}

/// A number for people: three digits and a unit past a million, thousands set apart, no decimals that do not matter.
private func amount(_ number: Double) -> String {
    guard number.isFinite else { return "beyond counting" }
    for (unit, name) in [(1e12, " T"), (1e9, " G"), (1e6, " M")] where number >= unit {
        return decimal(number / unit) + name
    }
    if number < 100 { return decimal(number) }
    var digits = String(Int64(number.rounded()))
    if digits.count > 3 { digits.insert(",", at: digits.index(digits.endIndex, offsetBy: -3)) }
    return digits
}

private func decimal(_ number: Double) -> String {
    if number >= 1e6 { return "more than 1,000,000" }
    if number >= 100 { return String(Int64(number.rounded())) }
    let tenths = Int64((number * (number < 1 ? 100 : 10)).rounded())
    let scale: Int64 = number < 1 ? 100 : 10
    let rest = tenths % scale
    if rest == 0 { return String(tenths / scale) }
    let text = String(rest)
    let padded = scale == 100 && rest < 10 ? "0" + text : text
    return "\(tenths / scale).\(padded.hasSuffix("0") ? String(padded.dropLast()) : padded)"
}
