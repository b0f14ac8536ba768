import EventModel

extension BacklogEpisode<RecordRef> {
    /// The episode as a finding, `high`, or `medium` where it was over within ten times the usual wait; and the
    /// collapse inside it, if there was one.
    func findings(queue: String, actor: String?) -> [Finding] {
        let length = recovered.map { Double($0.time.since(onset)) / 1e9 }
        let isShort = length.map { $0 <= 10 * usualWait } ?? false
        var finding = Finding(
            kind: .backlogOnset, severity: isShort ? .medium : .high, confidence: .measured,
            at: onset, until: recovered?.time, isWindow: true, detail: .backlog(numbers), evidence: evidence)
        finding.queue = queue.isEmpty ? nil : queue
        finding.actor = actor
        finding.peak = peakDepth > 0 ? peakDepth : nil
        finding.began = began
        guard let collapse else { return [finding] }
        var collapsed = collapse.finding(within: numbers)
        collapsed.queue = finding.queue
        collapsed.actor = actor
        return [finding, collapsed]
    }

    /// The episode as a finding that rests on latencies alone.
    func finding(ofLatenciesOf queue: String, actor: String?) -> Finding {
        var finding = findings(queue: queue, actor: actor)[0]
        var numbers = numbers
        numbers.isOfLatencies = true
        finding.detail = .backlog(numbers)
        return finding
    }

    private var numbers: Finding.Backlog {
        Finding.Backlog(
            alarm: alarm.time, lastUsual: lastUsual.time, peak: peak.time, recovered: recovered?.time,
            rates: rates.perSecond, busy: busy, dating: rule,
            measure: !isAgeMeasured ? .depth : isFlowCounted ? .both : .age, isDepthMeasured: isDepthMeasured,
            depthBefore: depthBefore, depthAtAlarm: depthAtAlarm, peakDepth: peakDepth, depthAfter: depthAfter,
            usualWait: usualWait, usualWaitLimit: highestUsualWait, longestWait: longestWait, waitAfter: waitAfter,
            oldest: oldest)
    }

    private var evidence: [Finding.Evidence] {
        var all = [
            Finding.Evidence(part: Finding.Part.lastUsual, record: lastUsual.mark),
            Finding.Evidence(part: Finding.Part.alarm, record: alarm.mark),
            Finding.Evidence(part: Finding.Part.peak, record: peak.mark),
        ]
        if let recovered { all.append(Finding.Evidence(part: Finding.Part.recovered, record: recovered.mark)) }
        return all
    }
}

extension CongestiveCollapse<RecordRef> {
    /// The collapse as a finding; whose queue it was is set afterwards.
    fileprivate func finding(within backlog: Finding.Backlog) -> Finding {
        let numbers = Finding.Collapse(
            rates: rates.perSecond, lowestGoodput: lowestGoodput, usualGoodput: usualGoodput,
            highestLoad: highestLoad, usualArrivals: usualArrivals)
        var finding = Finding(
            kind: .congestiveCollapse, severity: .high, confidence: .measured, at: began.time, until: ended?.time,
            isWindow: true, detail: .collapse(numbers, within: backlog),
            evidence: [Finding.Evidence(part: Finding.Part.firstCollapsed, record: began.mark)])
        if let ended {
            finding.evidence.append(Finding.Evidence(part: Finding.Part.collapseEnd, record: ended.mark))
        }
        return finding
    }
}

extension QueueRates {
    fileprivate var perSecond: Finding.Rates {
        Finding.Rates(arrivals: arrivals, completions: completions, failures: failures)
    }
}
