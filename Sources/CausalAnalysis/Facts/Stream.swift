import EventModel

/// What one actor wrote in one source: where its frames are, and what the survey saw of its lines in the order in which they stand.
struct Stream: Sendable {
    let source: Int32
    let actor: Symbol
    /// The first and the last of its frames; −1 without any.
    var firstFrame: Int32 = -1
    var lastFrame: Int32 = -1
    /// The number of lines, and of those with a usable clock.
    private(set) var lines: Int64 = 0
    private(set) var clocked: Int64 = 0
    /// The earliest and the latest time, and whether times fall.
    private(set) var firstTime = Int64.max
    private(set) var lastTime = Int64.min
    private(set) var hasTimeFall = false
    private(set) var hasAbsentTime = false
    /// How often an own counter is above the one before, and how often not.
    private(set) var counterRises: Int64 = 0
    private(set) var counterFalls: Int64 = 0
    private(set) var leastCounter = Int64.max
    private(set) var mostCounter: Int64 = -1
    /// Whether two of its lines may have the same bytes.
    private(set) var mayRepeat = false
    /// Whether an entry of a clock is lower than in the record before, or missing.
    private(set) var hasClockFall = false
    var names: NamesHeld = []

    private var previousTime = Int64.min
    private var previousCounter: Int64 = -1
    /// The digests of the lines that have the latest time.
    private var atLastTime: [UInt64] = []
    private var clock: [ClockEntry] = []

    /// Which names for others to refer to, and which references, its records hold.
    struct NamesHeld: OptionSet, Sendable {
        let rawValue: UInt8

        static let ids = NamesHeld(rawValue: 1)
        static let creations = NamesHeld(rawValue: 2)
        static let enqueues = NamesHeld(rawValue: 4)
        static let references = NamesHeld(rawValue: 8)
        /// Writes that a store answered or recorded, whose records bear no clock.
        static let answers = NamesHeld(rawValue: 16)
    }

    struct ClockEntry: Sendable {
        var actor: Symbol
        var count: Int64
    }

    init(source: Int32, actor: Symbol) {
        self.source = source
        self.actor = actor
    }

    /// Whether all lines carry clocks whose own counters rise as they stand.
    var isRising: Bool { clocked == lines && counterFalls == 0 }
    /// Whether its lines are in order as they stand.
    var isInOrder: Bool {
        !mayRepeat && !hasAbsentTime && (isRising || (clocked == 0 && !hasTimeFall))
    }

    /// Takes a line in.
    @inline(__always)
    mutating func add(_ batch: borrowing EventBatch, _ row: Int) {
        lines &+= 1
        let time = batch.time[row]
        let counter = batch.counter[row]
        if time == Timestamp.absent.nanoseconds {
            hasAbsentTime = true
        } else {
            if time < previousTime { hasTimeFall = true }
            previousTime = time
            if time < firstTime { firstTime = time }
        }
        if counter >= 0 {
            clocked &+= 1
            if previousCounter >= 0 {
                if counter > previousCounter { counterRises &+= 1 } else { counterFalls &+= 1 }
            }
            previousCounter = counter
            if counter <= mostCounter { mayRepeat = true } else { mostCounter = counter }
            if counter < leastCounter { leastCounter = counter }
            noteClock(batch, row)
        } else if !mayRepeat {
            noteDigest(batch.digest[row], time)
        }
        if time > lastTime { lastTime = time }
    }

    @inline(__always)
    private mutating func noteDigest(_ digest: UInt64, _ time: Int64) {
        if time > lastTime {
            atLastTime.removeAll(keepingCapacity: true)
        } else if time < lastTime || atLastTime.count >= OwnOrder.reach || atLastTime.contains(digest) {
            // What repeats is told later, once it is known what tells records apart.
            mayRepeat = true
            atLastTime = []
            return
        }
        atLastTime.append(digest)
    }

    @inline(__always)
    private mutating func noteClock(_ batch: borrowing EventBatch, _ row: Int) {
        let entries = batch.clockEntries(at: row)
        if hasClockFall { return }
        if entries.count == clock.count {
            var at = 0
            var isAlike = true
            for entry in entries {
                if batch.clockActor[entry] != clock[at].actor {
                    isAlike = false
                    break
                }
                if batch.clockCount[entry] < clock[at].count { hasClockFall = true }
                clock[at].count = batch.clockCount[entry]
                at += 1
            }
            if isAlike { return }
        }
        replaceClock(batch, entries)
    }

    @inline(never)
    private mutating func replaceClock(_ batch: borrowing EventBatch, _ entries: Range<Int>) {
        var at = 0
        // Most writers keep the order of the entries, new ones aside; where they do not, the settling looks closer.
        for entry in entries where at < clock.count && batch.clockActor[entry] == clock[at].actor {
            if batch.clockCount[entry] < clock[at].count { hasClockFall = true }
            at += 1
        }
        if at < clock.count { hasClockFall = true }
        clock.removeAll(keepingCapacity: true)
        if hasClockFall { return }
        for entry in entries {
            clock.append(ClockEntry(actor: batch.clockActor[entry], count: batch.clockCount[entry]))
        }
    }

    /// Forgets what only the survey needed.
    mutating func finish() {
        atLastTime = []
        clock = []
    }
}

/// What the survey saw of a source as a whole.
struct SourceSurvey: Sendable {
    /// How often a line's time is later than that of the line before, and how often earlier.
    private(set) var rises: Int64 = 0
    private(set) var falls: Int64 = 0
    /// Whether some time is not a multiple of 10 ms: then equal lines are one record delivered twice.
    private(set) var hasFineTimes = false
    var counterRises: Int64 = 0
    var counterFalls: Int64 = 0
    var streams: Range<Int> = 0..<0
    private var previous = Timestamp.absent.nanoseconds

    private static let coarse = 10 * Nanoseconds.millisecond

    @inline(__always)
    mutating func add(_ time: Int64) {
        if time == Timestamp.absent.nanoseconds { return }
        if previous != Timestamp.absent.nanoseconds {
            if time > previous { rises &+= 1 } else if time < previous { falls &+= 1 }
        }
        previous = time
        if !hasFineTimes, time % Self.coarse != 0 { hasFineTimes = true }
    }

    /// Whether the times of a file say that it was written newest first.
    static func isNewestFirst(rises: Int64, falls: Int64) -> Bool { falls >= 3 && 10 * rises < falls }
}
