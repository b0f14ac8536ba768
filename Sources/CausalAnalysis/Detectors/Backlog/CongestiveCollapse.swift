/// A time inside a backlog in which less and less gets done while more and more is asked for: completions at most half
/// their usual rate, arrivals at least 1.2 times theirs, and as many failures as completions.
package struct CongestiveCollapse<Mark: Sendable>: Sendable {
    package var began: BacklogEpisode<Mark>.Point
    /// The last collapsed sample; nil while it lasts.
    package var ended: BacklogEpisode<Mark>.Point?
    /// What came and went from the first collapsed sample to the last.
    package var rates: QueueRates
    /// The lowest rate of completions in a sample, and the usual one, a second.
    package var lowestGoodput: Double
    package var usualGoodput: Double
    /// The highest rate of arrivals in a sample as a multiple of the usual, and the usual one, a second.
    package var highestLoad: Double
    package var usualArrivals: Double
}

/// What a queue usually takes in and gets done, learned outside backlogs.
struct UsualFlows {
    private(set) var arrivals = 0.0
    private(set) var goodput = 0.0
    private var samples = 0.0

    /// Whether enough was seen to judge by.
    var isKnown: Bool { samples >= 30 && goodput > 0 }

    /// Learns from a sample outside backlogs: the mean of all at first, then of about the last sixty.
    mutating func learn(_ reading: QueueReading) {
        guard let arrived = reading.arrived, let completed = reading.completed else { return }
        samples = min(samples + 1, 60)
        arrivals += (arrived / reading.elapsed - arrivals) / samples
        goodput += (completed / reading.elapsed - goodput) / samples
    }
}

/// Follows one backlog and finds the collapse in it: from the first of three collapsed samples running to the first of
/// three that are not. Several are joined to one.
struct CollapseWatch<Mark: Sendable> {
    private(set) var found: CongestiveCollapse<Mark>?
    private var run: CongestiveCollapse<Mark>?
    private var collapsed = 0
    private var healthy = 0
    /// Everything since the first sample of what is found, or else of the run.
    private var rates = QueueRates()
    /// The last sample of what is found.
    private(set) var last: BacklogEpisode<Mark>.Point?

    /// Takes the next sample inside the backlog. O(1).
    mutating func follow(_ reading: QueueReading, usual: UsualFlows, _ point: BacklogEpisode<Mark>.Point) {
        guard usual.isKnown, let arrived = reading.arrived, let departed = reading.departed,
            let completed = reading.completed
        else { return }
        let goodput = completed / reading.elapsed
        let load = arrived / reading.elapsed / max(usual.arrivals, .leastNormalMagnitude)
        let failed = departed - completed
        if found != nil || collapsed > 0 { rates.add(reading) }
        guard goodput <= 0.5 * usual.goodput, load >= 1.2, failed >= completed, failed > 0 else {
            healthy += 1
            // One healthy sample breaks a run: three must collapse one after the other.
            collapsed = 0
            if healthy >= 3, found != nil, found?.ended == nil { found?.ended = last }
            return
        }
        healthy = 0
        if found == nil, collapsed == 0 {
            rates = QueueRates()
            rates.add(reading)
        }
        collapsed += 1
        var now = CongestiveCollapse(
            began: point, ended: nil, rates: rates, lowestGoodput: goodput, usualGoodput: usual.goodput,
            highestLoad: load, usualArrivals: usual.arrivals)
        if collapsed > 1, let run { now = run.joined(now) }
        run = now
        guard collapsed >= 3 else { return }
        found = found.map { $0.joined(now) } ?? now
        last = point
    }
}

extension CongestiveCollapse {
    /// From the beginning of this one to the end of `later`.
    fileprivate func joined(_ later: CongestiveCollapse) -> CongestiveCollapse {
        CongestiveCollapse(
            began: began, ended: later.ended, rates: later.rates,
            lowestGoodput: min(lowestGoodput, later.lowestGoodput), usualGoodput: usualGoodput,
            highestLoad: max(highestLoad, later.highestLoad), usualArrivals: usualArrivals)
    }
}
