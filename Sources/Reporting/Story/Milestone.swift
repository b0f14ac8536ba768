import EventModel

/// One row of the short table of what happened: an act, or a turning point of a finding.
struct Milestone {
    enum What {
        /// A record that plays that part in plan findings; of a check what it saw active.
        case evidence(part: String, active: Generation?)
        case act(Act)
        /// Groups of one kind that began at about the same time.
        case begins([Int])
        case peaks(Int)
        /// Groups that ended at about the same time.
        case ends([Int])
        /// What the annotations add.
        case entry(String)
    }

    var what: What
    /// Its place in the causal order.
    var order: UInt64
    var time: Timestamp
    /// The end of a span of time.
    var until: Timestamp?
    var who: [String]
    /// The findings that it is about, by group.
    var groups: [Int]
    var record: RecordRef?
    /// What is cut first has the highest.
    var rank: Int
    /// Whether it is the trigger itself, or what put it right.
    var isPivot = false
    /// Times of rows that no message connects with it.
    var concurrent: [Timestamp] = []
}

/// The rows chosen, and what there was no room for.
struct Milestones {
    var rows: [Milestone]
    var cut: [Milestone]

    /// Most rows.
    static let limit = 45

    /// Keeps the weightiest of all rows, in causal order.
    init(_ all: [Milestone], limit: Int = Milestones.limit) {
        let ranked = all.indices.sorted { a, b in
            // Of equal weight what concerns more findings, then the first.
            (all[a].rank, -all[a].groups.count, all[a].order, a) < (all[b].rank, -all[b].groups.count, all[b].order, b)
        }
        let kept = Set(ranked.prefix(limit))
        let inOrder = { (indices: [Int]) in
            indices.sorted { (all[$0].order, $0) < (all[$1].order, $1) }.map { all[$0] }
        }
        rows = inOrder(ranked.filter(kept.contains))
        cut = inOrder(ranked.filter { !kept.contains($0) })
    }
}
