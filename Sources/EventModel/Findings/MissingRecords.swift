/// Records that no log holds and that, whatever they said, could change a finding.
public struct MissingRecords: Hashable, Sendable {
    /// What of the finding they could change.
    public enum Doubt: String, CaseIterable, Sendable {
        /// Whether it holds: a write among them could have come in between.
        case finding
        /// The age of its check: a later one could be among them.
        case check
        /// How many newer plans there were.
        case newerPlans = "newer-plans"
        /// When it began and ended, and how bad it was.
        case extent
    }

    /// Whose log lacks them.
    public var actor: Symbol
    /// The own counters among which they are; nil where no log of the actor is there at all.
    public var counters: ClosedRange<Int64>?
    /// How many are missing among those counters.
    public var count: Int64
    /// The record behind the first of them; nil where the actor's log ends before, or is not there.
    public var before: RecordRef?
    /// What they put in doubt.
    public var doubt: Doubt

    /// Makes a note of missing records.
    public init(actor: Symbol, counters: ClosedRange<Int64>?, count: Int64, before: RecordRef?, doubt: Doubt) {
        self.actor = actor
        self.counters = counters
        self.count = count
        self.before = before
        self.doubt = doubt
    }
}
