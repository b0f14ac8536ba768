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
        package var late = Trouble()

        init(actor: Symbol) {
            self.actor = actor
        }
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

    mutating func addCircle(_ records: [RecordRef]) {
        circleCount += 1
        if circles.count == Self.circlesKept { return }
        circles.append(Circle(records: Array(records.prefix(Self.recordsKept)), count: records.count))
    }

    /// Counters that the logs lack, and where.
    package internal(set) var lost = LostRecords()
    /// In the order in which the actors were met.
    package internal(set) var actors: [Actor] = []
    /// Actors that clocks, `by` or `store` name, with how often; those with a log included.
    package internal(set) var mentions: [Symbol: UInt64] = [:]
}
