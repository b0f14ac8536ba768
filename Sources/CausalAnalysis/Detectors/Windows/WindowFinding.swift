import EventModel

extension UnusualSpan {
    /// The span as a finding; whose it was is set afterwards. `high` where at its worst more than half was bad.
    func finding(_ kind: Finding.Kind, _ measure: Finding.Window.Measure) -> Finding {
        let worst = peak.tried > 0 ? peak.bad / peak.tried : 0
        let window = Finding.Window(
            measure: measure, tried: tried, bad: bad, worstTried: peak.tried, worstBad: peak.bad,
            worstAt: peak.mark?.time, level: level, usual: usual.rate, usualLimit: usual.ceiling, width: width)
        var finding = Finding(
            kind: kind, severity: worst > 0.5 ? .high : .medium, confidence: .measured, at: at, until: until,
            isWindow: true, detail: .window(window), evidence: evidence)
        finding.count = Int64(clamping: bad)
        finding.peak = worst
        finding.usual = usual.part
        return finding
    }

    private var evidence: [Finding.Evidence] {
        var all: [Finding.Evidence] = []
        for (part, mark) in [
            (Finding.Part.onset, first.firstBad), (Finding.Part.peak, peak.mark),
            (lasts ? Finding.Part.lastSoFar : Finding.Part.last, last.mark),
        ] {
            if let mark, !all.contains(where: { $0.record == mark }) {
                all.append(Finding.Evidence(part: part, record: mark))
            }
        }
        return all
    }
}

extension Int64 {
    /// The nearest integer of a count that may be beyond counting.
    init(clamping count: Double) {
        self = count.isFinite ? Int64(exactly: Swift.min(count, 9e18).rounded()) ?? 0 : 0
    }
}
