import EventModel

extension BacklogEpisode {
    /// The numbers of a backlog, in the order of time.
    var figures: [Finding.Figure] {
        var all: [Finding.Figure] = []
        if let busy {
            let span = "mean from \(busy.lowerBound.clock) to \(busy.upperBound.clock)"
            all += [
                Finding.Figure("arrivals", rates.arrivals, .perSecond, span),
                Finding.Figure("completions", rates.completions, .perSecond, span),
                Finding.Figure("failures", rates.failures, .perSecond, span),
            ]
        }
        if peakDepth > 0 {
            let how = isDepthMeasured ? "" : ", inferred from the flows"
            all += [
                Finding.Figure("depth before", depthBefore, .count, "at \(lastUsual.time.clock)\(how)"),
                Finding.Figure(
                    Finding.Figure.Name.depthAtAlarm, depthAtAlarm, .count, "at \(alarm.time.clock)\(how)"),
                Finding.Figure("peak depth", peakDepth, .count, "at \(peak.time.clock)\(how)"),
            ]
            if let recovered {
                all.append(
                    Finding.Figure("depth at the end", depthAfter, .count, "at \(recovered.time.clock)\(how)"))
            }
        }
        if let oldest {
            all.append(Finding.Figure("oldest item", oldest, .seconds, "the greatest age in a sample of the backlog"))
        }
        return all + waits
    }

    /// Its waits: all by the one measure that decides when it begins and ends.
    var waits: [Finding.Figure] {
        var all = [
            Finding.Figure("longest wait", longestWait, .seconds, "in a sample of the backlog; \(measure)"),
            Finding.Figure(
                Finding.Figure.Name.usualWait, usualWait, .seconds,
                "before the backlog, by the same measure" + (usualWait > 0 ? "" : "; too short for the samples to tell")
            ),
            Finding.Figure(
                Finding.Figure.Name.usualWaitLimit, highestUsualWait, .seconds,
                "five samples running below it end the backlog"),
        ]
        if let recovered {
            all.append(
                Finding.Figure(
                    "wait at the end", waitAfter, .seconds, "at \(recovered.time.clock), the first of the five"))
        }
        return all
    }

    private var measure: String {
        if !isAgeMeasured { return "depth ÷ rate of flow" }
        return isFlowCounted ? "the mean of depth ÷ rate of flow and of the oldest item's age" : "the oldest item's age"
    }
}

extension CongestiveCollapse {
    /// The numbers of a collapse.
    var figures: [Finding.Figure] {
        let span = "mean from \(began.time.clock) " + (ended.map { "to \($0.time.clock)" } ?? "to the end of the log")
        let before = "mean of the last samples before the backlog, at most 60"
        return [
            Finding.Figure("arrivals", rates.arrivals, .perSecond, span),
            Finding.Figure("completions", rates.completions, .perSecond, span),
            Finding.Figure("failures", rates.failures, .perSecond, span),
            Finding.Figure("usual arrivals", usualArrivals, .perSecond, before),
            Finding.Figure("usual completions", usualGoodput, .perSecond, before),
            Finding.Figure("lowest completions", lowestGoodput, .perSecond, "in one sample of the collapse"),
            Finding.Figure(
                "highest arrivals", highestLoad * usualArrivals, .perSecond, "in one sample of the collapse"),
        ]
    }
}
