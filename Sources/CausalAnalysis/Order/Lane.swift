import EventModel
import HeapModule

/// A row of a held batch.
struct HeldPlace: Equatable {
    var slot: Int32
    var row: Int32
}

/// A record read and not yet given out: where it lies, and what orders it within its actor.
struct HeldRow {
    let place: HeldPlace
    let time: Int64
    /// The own counter; of a record without a clock, that of the one before it. −1 before any.
    fileprivate(set) var counter: Int64
    /// The actor's life that it belongs to.
    fileprivate(set) var epoch: Int32 = 0
    let hasClock: Bool
    /// What its actor's other records say of its clock.
    fileprivate(set) var trust = ClockTrust()

    init(_ batch: HeldBatch, _ place: HeldPlace) {
        self.place = place
        time = batch.events.time[Int(place.row)]
        counter = batch.events.counter[Int(place.row)]
        hasClock = counter >= 0
    }

    /// Whether its clock has not been judged by the records behind it.
    var isToJudge: Bool { hasClock && !trust.isJudged }
    /// Whether it is not known to keep all entries of its actor's record before it.
    var isUnsettled: Bool { trust.falls != false }
    var slot: Int32 { place.slot }
    var row: Int { Int(place.row) }
}

/// What was found out so far about a record's clock; see `ClockFaults`.
struct ClockTrust {
    /// Whether it has been judged by the records behind it.
    var isJudged = false
    /// Whether it cannot be right: its entries for others count for nothing.
    var isFaulty = false
    /// Whether an entry falls below the one of the actor's record before it; nil while nobody has looked.
    var falls: Bool?
    /// The entries that are not as in the actor's record before it.
    var rises = ChangedEntries.all
}

/// What intake made of a record.
enum Intake {
    case kept
    case duplicate
    case conflict
    case disorder
    case restart
}

/// One actor's records on their way into the order: told apart from duplicates, cut into lives, put in the order of the
/// own counter.
///
/// What is asked for every record is `mutating` although it changes nothing: so the lane is looked at where it lies, else in a copy.
struct Lane: ~Copyable, Sendable {
    let actor: Symbol
    let name: String
    /// The sources that hold this actor, with the rows that they have released and the lane has not yet taken in.
    var feeds = Table<Feed>()
    private(set) var pending = Ring<HeldRow>()
    /// How many of `pending` are not known to keep all entries of the record before them.
    private var unsettled = 0
    /// How many records have been given out, and how many of those have a usable clock.
    var events: UInt64 = 0
    var withClock: UInt64 = 0

    /// The process of the life given out last; nil before the first record.
    var process: ProcessID?
    var epoch: Int32 = 0
    var last = Stamp(counter: -1)
    var lastTime: Int64 = .min
    /// The actor's lives, in their order.
    var lives = Column<Life>()
    // Here, since what others' clocks ask of a lane is best found side by side.
    private var readEpoch: Int32 = 0
    private var memory: RecentRecords

    /// Lanes whose heads wait for this one to pass a counter, and those that wait for its next move, whatever it is.
    private var waiters = Heap<Waiter>()
    private var onlookers: [Int] = []
    /// What this lane's own head waits for: another lane, or a cause that no log has shown.
    var blockedOn: Int?
    /// The number of restarts in the logs as the lane's last record was given out, if each entry of its clock was known to be covered by
    /// then; else −1. As long as that holds only what changes has to be looked at.
    var wholeAsOf = -1
    /// For actors without a log: the highest entry that this actor's clocks had.
    var absent: [Symbol: Int64] = [:]
    var isBlocked = false
    /// Whether a record has been given out since the lane's waiters were last looked at.
    var hasMoved = false

    private var lastRead: Int64 = -1
    private var newest: (counter: Int64, time: Int64) = (-1, .min)

    struct Feed: ~Copyable, Sendable {
        let source: Int
        var rows = Ring<HeldPlace>()

        init(source: Int) { self.source = source }
    }

    private struct Waiter: Comparable, Sendable {
        let counter: Int64
        let lane: Int

        static func < (a: Waiter, b: Waiter) -> Bool { a.counter < b.counter }
    }

    struct Life {
        var process: ProcessID
        var begin: Int64
    }

    init(actor: Symbol, name: String, reach: Int) {
        self.actor = actor
        self.name = name
        memory = RecentRecords(capacity: reach)
    }

    /// Lets another lane's head wait for this one to pass a counter; for its next move without one. O(log waiters).
    mutating func wait(_ lane: Int, for counter: Int64?) {
        if let counter { waiters.insert(Waiter(counter: counter, lane: lane)) } else { onlookers.append(lane) }
    }

    /// Whether any other lane's head waits for this one.
    var hasWaiters: Bool { !waiters.isEmpty || !onlookers.isEmpty }

    /// Lets another lane's head wait no longer.
    mutating func stopWaiting(_ lane: Int) {
        waiters.removeAll { $0.lane == lane }
        onlookers.removeAll { $0 == lane }
    }

    /// A lane whose head waits for a counter up to `passed`, which it need not any longer.
    mutating func nextWaiter(upTo passed: Int64) -> Int? {
        guard let first = waiters.min, first.counter <= passed else { return nil }
        return waiters.removeMin().lane
    }

    /// A lane whose head waits for the next move of this one.
    mutating func nextOnlooker() -> Int? { onlookers.popLast() }

    /// Notes a row of a source as released.
    mutating func release(_ place: HeldPlace, from source: Int) {
        for at in feeds.indices where feeds[at].source == source {
            feeds[at].rows.append(place)
            return
        }
        feeds.append(Feed(source: source))
        feeds[feeds.count - 1].rows.append(place)
    }

    /// Whether a source holds this actor.
    func isFed(by source: Int) -> Bool {
        for at in feeds.indices where feeds[at].source == source { return true }
        return false
    }

    /// The first of `pending`.
    var head: HeldRow? { pending.first }

    /// Whether the lane would take another row in: it has no head, or what its head is judged by or follows on is not there yet.
    mutating func isHungry(reach: Int) -> Bool {
        pending.count <= ClockFaults.reach || needsMore(reach: reach)
    }

    /// Whether no record can go out before another row has been taken in, if there is one.
    mutating func needsMore(reach: Int) -> Bool {
        head == nil || (hasGap() && pending.count < reach)
    }

    /// Whether the head's counter does not follow on from the record given out last: what is missing may yet come.
    private mutating func hasGap() -> Bool {
        guard let head, head.hasClock else { return false }
        return head.epoch == epoch ? head.counter > last.counter &+ 1 && last.counter >= 0 : head.counter > 1
    }

    /// Takes the next record in: decides whether it is a duplicate, fills a gap, begins a new life or just follows.
    mutating func take(_ row: HeldRow, digest: UInt64) -> Intake {
        var row = row
        guard row.hasClock else {
            if memory.holds(digest: digest) { return .duplicate }
            memory.remember(digest: digest)
            row.counter = lastRead
            row.epoch = readEpoch
            insert(row)
            return .kept
        }
        var result = Intake.kept
        if row.counter <= newest.counter {
            // A record that was merely written late tells an earlier time; a new life's comes after all before it.
            let isLater = row.time > newest.time
            switch memory.find(counter: row.counter, digest: digest) {
            case .same: return .duplicate
            case .other: result = isLater && row.counter < newest.counter ? .restart : .conflict
            case .unknown:
                let isNear = row.counter > newest.counter - Int64(memory.capacity)
                result = isNear && !isLater ? .disorder : .restart
            }
            if result == .restart {
                readEpoch += 1
                newest = (-1, .min)
                memory.forgetCounters()
            }
        }
        memory.remember(counter: row.counter, digest: digest, time: row.time)
        if row.counter > newest.counter { newest = (row.counter, row.time) }
        lastRead = row.counter
        row.epoch = readEpoch
        insert(row)
        return result
    }

    /// Begins to judge the clock of the head, which there must be; whether there is anything to look at.
    mutating func beginJudging() -> Bool {
        pending[0].trust.isJudged = true
        return pending[0].trust.isFaulty || hasDoubt()
    }

    /// Notes what was found out about the clock of a record that waits, by its place behind the head.
    mutating func trust(_ place: Int, _ change: (inout ClockTrust) -> Void) {
        let before = pending[place].isUnsettled
        change(&pending[place].trust)
        count(place, before)
    }

    /// Whether a record behind the head is not known to keep all entries of the one before it.
    mutating func hasDoubt() -> Bool { pending.count > 0 && unsettled > (pending[0].isUnsettled ? 1 : 0) }

    private mutating func count(_ place: Int, _ before: Bool) {
        let after = pending[place].isUnsettled
        if before != after { unsettled += after ? 1 : -1 }
    }

    /// The two records taken in last, if they still wait.
    var lastTwo: (HeldRow, HeldRow)? {
        pending.count < 2 ? nil : (pending[pending.count - 2], pending[pending.count - 1])
    }

    /// Notes whether an entry falls in the record taken in last.
    mutating func trustLast(falls: Bool, rises: ChangedEntries) {
        trust(pending.count - 1) {
            $0.falls = falls
            $0.rises = rises
        }
    }

    /// The time of the record with that own counter, if it was given out lately, in the present life.
    mutating func time(ofCounter counter: Int64) -> Int64? {
        epoch == readEpoch && counter <= last.counter ? memory.time(ofCounter: counter) : nil
    }

    mutating func popHead() -> HeldRow? {
        guard let head = pending.popFirst() else { return nil }
        if head.isUnsettled { unsettled -= 1 }
        return head
    }

    /// Keeps `pending` sorted by life, counter and reading; a record nearly always belongs at the end.
    private mutating func insert(_ row: HeldRow) {
        var at = pending.count
        while at > 0, precedes(row, pending[at - 1]) { at -= 1 }
        if at == pending.count {
            pending.append(row)
        } else {
            trust(at) {
                $0.falls = nil
                $0.rises = .all
            }
            pending.insert(row, at: at)
        }
        if row.isUnsettled { unsettled += 1 }
    }

    private func precedes(_ a: HeldRow, _ b: HeldRow) -> Bool {
        if a.epoch != b.epoch { return a.epoch < b.epoch }
        return a.counter < b.counter
    }
}
