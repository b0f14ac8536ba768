extension Finding {
    /// What came and went, a second.
    public struct Rates: Hashable, Sendable {
        /// Items that came.
        public var arrivals: Double
        /// Items that were done.
        public var completions: Double
        /// Items that were given up.
        public var failures: Double

        /// Makes rates.
        public init(arrivals: Double, completions: Double, failures: Double) {
            self.arrivals = arrivals
            self.completions = completions
            self.failures = failures
        }
    }

    /// A backlog's numbers; waits and ages in seconds.
    public struct Backlog: Hashable, Sendable {
        /// What the onset's date rests on.
        public enum Dating: Hashable, Sendable {
            /// The load jumped or the capacity broke off: the last sample at which the queue was nearly as usual.
            case lastUsual
            /// The load rose gradually: midway between that sample and the moment at which the arrivals' trend met the capacity.
            case risingLoad
            /// The capacity fell gradually: the moment at which the departures' trend left the usual arrivals.
            case fallingCapacity
        }

        /// What waits are measured by.
        public enum Measure: Hashable, Sendable {
            /// Depth divided by the rate of flow.
            case depth
            /// The oldest item's age.
            case age
            /// The mean of both.
            case both
        }

        /// When the alarm was raised, and when the last usual sample was.
        public var alarm: Timestamp
        /// The time of the last usual sample.
        public var lastUsual: Timestamp
        /// The time of the deepest sample.
        public var peak: Timestamp
        /// The first usual sample again; nil while it lasts.
        public var recovered: Timestamp?
        /// What came and went, and over which time; nil where no flow is known.
        public var rates: Rates
        /// The time over which `rates` were taken.
        public var busy: ClosedRange<Timestamp>?
        /// What the onset's date rests on.
        public var dating: Dating
        /// What waits are measured by.
        public var measure: Measure
        /// Whether the depth was measured; else it was inferred from the flows.
        public var isDepthMeasured: Bool
        /// Items waiting at the last usual sample.
        public var depthBefore: Double
        /// Items waiting at the alarm.
        public var depthAtAlarm: Double
        /// Items waiting at the peak; 0 where no depth is known.
        public var peakDepth: Double
        /// Items waiting as the wait was usual again.
        public var depthAfter: Double
        /// The usual wait.
        public var usualWait: Double
        /// The highest that still is usual.
        public var usualWaitLimit: Double
        /// The longest wait.
        public var longestWait: Double
        /// The wait at `recovered`.
        public var waitAfter: Double
        /// The oldest item's greatest age, where it was measured.
        public var oldest: Double?
        /// Whether it is told by latencies alone.
        public var isOfLatencies = false

        /// Makes a backlog.
        public init(
            alarm: Timestamp, lastUsual: Timestamp, peak: Timestamp, recovered: Timestamp?, rates: Rates,
            busy: ClosedRange<Timestamp>?, dating: Dating, measure: Measure, isDepthMeasured: Bool,
            depthBefore: Double, depthAtAlarm: Double, peakDepth: Double, depthAfter: Double, usualWait: Double,
            usualWaitLimit: Double, longestWait: Double, waitAfter: Double, oldest: Double?
        ) {
            self.alarm = alarm
            self.lastUsual = lastUsual
            self.peak = peak
            self.recovered = recovered
            self.rates = rates
            self.busy = busy
            self.dating = dating
            self.measure = measure
            self.isDepthMeasured = isDepthMeasured
            self.depthBefore = depthBefore
            self.depthAtAlarm = depthAtAlarm
            self.peakDepth = peakDepth
            self.depthAfter = depthAfter
            self.usualWait = usualWait
            self.usualWaitLimit = usualWaitLimit
            self.longestWait = longestWait
            self.waitAfter = waitAfter
            self.oldest = oldest
        }
    }

    /// A collapse's numbers, rates a second.
    public struct Collapse: Hashable, Sendable {
        /// What came and went from its first sample to its last.
        public var rates: Rates
        /// The lowest rate of completions in a sample.
        public var lowestGoodput: Double
        /// The usual one.
        public var usualGoodput: Double
        /// The highest rate of arrivals in a sample, as a multiple of the usual.
        public var highestLoad: Double
        /// The usual rate of arrivals.
        public var usualArrivals: Double

        /// Makes a collapse.
        public init(
            rates: Rates, lowestGoodput: Double, usualGoodput: Double, highestLoad: Double, usualArrivals: Double
        ) {
            self.rates = rates
            self.lowestGoodput = lowestGoodput
            self.usualGoodput = usualGoodput
            self.highestLoad = highestLoad
            self.usualArrivals = usualArrivals
        }
    }

    /// The backlog that the finding is, or that it lies in.
    public var backlog: Backlog? {
        switch detail {
        case .backlog(let backlog), .collapse(_, within: let backlog): backlog
        default: nil
        }
    }
}
