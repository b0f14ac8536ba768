import EventModel

/// What the causal order had to put up with: counts, and for each actor the first records of each kind.
package struct OrderNotes: Sendable {
    /// One kind of trouble in one actor's records.
    package struct Trouble: Sendable {
        package var count: UInt64 = 0
        /// The first record concerned, where there is one.
        package var first: RecordRef?

        mutating func add(_ record: RecordRef, count: UInt64 = 1) {
            // A hostile counter may skip more than fits.
            self.count = self.count.addingReportingOverflow(count).overflow ? .max : self.count + count
            if first == nil { first = record }
        }

        /// Counts more that need not be named.
        mutating func add(more count: UInt64) { self.count += count }
    }

    /// The troubles of one actor.
    package struct Actor: Sendable {
        package var actor: Symbol
        package var events: UInt64 = 0
        package var withClock: UInt64 = 0
        package var first: RecordRef?
        /// Own counters missing between two that are there; `first` is the record after the first gap.
        package var gaps = Trouble()
        package var restarts = Trouble()
        package var conflicts = Trouble()
        package var disorders = Trouble()
        package var clockFaults = Trouble()
        package var duplicates: UInt64 = 0
        package var missingCauses = Trouble()
        package var cycles = Trouble()
        /// Records that follow a creation or an item, or name a cause, in a way that would put them before themselves.
        package var droppedCauses = Trouble()
        /// Equal lines of one file that are two events, since nothing tells them apart.
        package var repeats: UInt64 = 0
        /// The sources that were written newest first, or whose later part stood first.
        package var reversed: [SourceID] = []
        package var swapped: [SourceID] = []
        /// How many stretches there are whose times dispute the order of the lines, and the records in them.
        package var ambiguousRanges = 0
        package var ambiguous = Trouble()
        /// How many processes bear the name.
        package var processes = 1

        init(actor: Symbol) {
            self.actor = actor
        }

        /// Forgets what is noted as events are handed out.
        mutating func forgetDelivered() {
            events = 0
            withClock = 0
            first = nil
            gaps = Trouble()
            clockFaults = Trouble()
            missingCauses = Trouble()
        }
    }

    /// A name of a cause that no log holds.
    package struct MissingName: Sendable {
        /// The record that refers to it.
        package var record: RecordRef
        /// The digest of the name; its text stands in the record's line.
        package var digest: UInt64
    }

    /// Records whose clocks put each before the next, and the last before the first.
    package struct Circle: Sendable {
        /// From the first on that is named, `recordsKept` at most.
        package var records: [RecordRef]
        /// How many there are.
        package var count: Int
    }

    /// So many circles, and so many records of each, are kept to be named.
    static let circlesKept = 32
    static let recordsKept = 16

    /// Circles of clocks, in the order in which they were met; `circleCount` counts those beyond too.
    package private(set) var circles: [Circle] = []
    package private(set) var circleCount: UInt64 = 0

    mutating func addCircle(_ records: [RecordRef], count: Int) {
        circleCount += 1
        if circles.count == Self.circlesKept { return }
        circles.append(Circle(records: Array(records.prefix(Self.recordsKept)), count: count))
    }

    /// So many names that no log holds are kept to be told.
    private static let missingKept = 8

    mutating func addMissing(_ record: RecordRef, _ digest: UInt64) {
        missingNameCount += 1
        if missingNames.count < Self.missingKept { missingNames.append(MissingName(record: record, digest: digest)) }
    }

    /// Forgets what is noted as events are handed out.
    mutating func forgetDelivered() {
        lost = LostRecords()
        mentions = [:]
        muteEntries = 0
        missingNames = []
        missingNameCount = 0
    }

    /// Names of causes that no log holds: the record that refers to each and the digest of the name, the first ones; and how many there are.
    package internal(set) var missingNames: [MissingName] = []
    package internal(set) var missingNameCount: UInt64 = 0
    /// Entries of clocks that say nothing: for an actor without counters, or for several processes of one name.
    package internal(set) var muteEntries: UInt64 = 0
    /// How many ids, creations and items several actors bear, so that they say nothing.
    package internal(set) var ambiguousNames = 0

    /// Counters that the logs lack, and where.
    package internal(set) var lost = LostRecords()
    /// By name.
    package internal(set) var actors: [Actor] = []
    /// Actors that clocks, `by` or `store` name, with how often; those with a log included.
    package internal(set) var mentions: [Symbol: UInt64] = [:]
}
