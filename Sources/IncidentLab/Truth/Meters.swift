import EventModel

/// Windows in which a service failed more than two requests in a hundred.
struct ImpactMeter: Sendable {
    struct Window: Sendable {
        var from: Int64
        var last: Int64
        var until: Int64?
        var worst: Double
    }

    /// Above this share of failures a service is impaired.
    static let threshold = 0.02
    /// Pauses shorter than this belong to the window.
    static let pause = 15 * Nanoseconds.minute

    /// A window that ended this long before the log did has an end.
    static let settled = 5 * Nanoseconds.minute

    private var found: [Window] = []

    /// Takes the share of requests that failed up to `time`.
    mutating func observe(_ share: Double, at time: Int64) {
        if share <= ImpactMeter.threshold { return }
        if let window = found.last, time - window.last <= ImpactMeter.pause {
            found[found.count - 1].last = time
            found[found.count - 1].worst = max(window.worst, share)
        } else {
            found.append(Window(from: time, last: time, until: nil, worst: share))
        }
    }

    /// The windows; one that lasted nearly to `end` has no end.
    func windows(endingAt end: Int64) -> [Window] {
        found.map { window in
            var window = window
            window.until = window.last + ImpactMeter.settled > end ? nil : window.last
            return window
        }
    }
}

/// Tells when a queue fell behind: its onset is when it last left its usual depth, and is known once its wait is out of the usual.
struct BacklogMeter: Sendable {
    enum Change: Sendable { case none, fellBehind(onset: Int64), caughtUp }

    /// The depth up to which the queue counts as drained: what it does in a moment.
    let usual: Int64
    /// The depth from which it counts as behind.
    let behind: Int64
    private var leftUsual: Int64?
    private var isBehind = false

    init(usual: Int64, behind: Int64) {
        self.usual = usual
        self.behind = behind
    }

    /// Takes the depth at a moment.
    mutating func observe(depth: Int64, at time: Int64) -> Change {
        if depth <= usual {
            leftUsual = nil
            if isBehind {
                isBehind = false
                return .caughtUp
            }
            return .none
        }
        let onset = leftUsual ?? time
        leftUsual = onset
        if !isBehind && depth >= behind {
            isBehind = true
            return .fellBehind(onset: onset)
        }
        return .none
    }
}
