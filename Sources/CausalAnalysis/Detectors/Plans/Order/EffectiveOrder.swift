import EventModel

/// The order in which an endpoint's steps took effect: a topological one under the five rules of EVENTS.md section 5, strongest first.
///
/// 1. `commit`. 2. The store's time: its entry in the clocks, the order of its own log. 3. → from the one's answer, or the store's record of it,
/// to the other's sending or the store's record of that. 4. `replaces`. 5. → from answer to answer.
struct EffectiveOrder: ~Copyable, Sendable {
    /// Once more writes than this have no order among them, all that follow are held to be in doubt.
    private static let width = 256

    private(set) var droppedConstraints: UInt64 = 0
    /// Whether all steps stand one after the other by rules 1 and 2 alone.
    private var isTotal = true
    /// Of each step, whether rules 1 to 4 put all writes ahead of it before it, and all those behind it after it.
    private var isAfterAll: [Bool] = []
    private var isBeforeAll: [Bool] = []
    private var graph = ConstraintGraph(steps: 0)
    /// By a step's place now, its node; and of a node the write that it displaced by `replaces`.
    private var nodes: [Int] = []
    private var replaced: [Int: Int] = [:]
    private let place = LentByAddress()

    /// Puts steps in order.
    init(_ steps: inout [PlanStep], _ records: inout EndpointRecords) {
        if steps.count < 2 { return }
        Self.sortByEffect(&steps)
        if Self.isTotal(steps, records) {
            droppedConstraints = Self.displacedLater(steps)
            return
        }
        isTotal = false
        let times = StepSequence.times(of: steps, &records)
        let constraints = OrderConstraints(steps, times, records)
        droppedConstraints = constraints.dropped
        graph = constraints.graph
        replaced = constraints.replaced
        nodes = StepSequence.of(steps, times, graph, &records)
        steps = nodes.map { [steps] in steps[$0] }
        findCuts(steps, records)
    }

    // MARK: The ordinary course

    /// Sorts steps, which mostly stand so already, by the records nearest to their effects.
    private static func sortByEffect(_ steps: inout [PlanStep]) {
        for at in steps.indices.dropFirst() where steps[at].effect < steps[at - 1].effect {
            steps.sort { $0.effect < $1.effect }
            return
        }
    }

    /// Whether rules 1 and 2 put each step before the next, and no weaker rule can contradict them: since records are delivered in the order
    /// of →, none of a later step was delivered wholly ahead of an earlier one.
    private static func isTotal(_ steps: [PlanStep], _ records: EndpointRecords) -> Bool {
        var store: StoreTime?
        var hasCommit = false
        for at in steps.indices {
            if let time = steps[at].storeTime {
                if let store, !store.sharesCount(with: time) || time.stamp < store.stamp { return false }
                store = time
            }
            if at == 0 {
                hasCommit = steps[at].commit >= 0
                continue
            }
            let (x, y) = (steps[at - 1], steps[at])
            if (y.commit >= 0) != hasCommit { return false }
            if hasCommit ? x.commit >= y.commit : records.storeOrder(x, before: y) != .proven { return false }
        }
        var earliest = Int32.max
        for step in steps.reversed() {
            if earliest < min(step.start, step.main, step.effect) { return false }
            earliest = min(earliest, max(step.main, step.effect))
        }
        return true
    }

    /// Of steps whose order is known: how many displaced a generation that is only written later.
    private static func displacedLater(_ steps: [PlanStep]) -> UInt64 {
        var dropped: UInt64 = 0
        for at in steps.indices where steps[at].replaces > 0 && steps[at].kind == .write {
            let wanted = steps[at].replaces
            if at > 0, steps[at - 1].plan == wanted { continue }
            if !steps[..<at].contains(where: { $0.plan == wanted }),
                steps[(at + 1)...].contains(where: { $0.plan == wanted })
            {
                dropped += 1
            }
        }
        return dropped
    }

    // MARK: What is proven

    /// Whether rules 1 to 4 leave no write of which it is open whether it came between two neighbours.
    func isProven(_ x: Int, then y: Int) -> Bool { isTotal || (isAfterAll[x] && isBeforeAll[y]) }

    /// Whether a rule was dropped between two steps since it stood in a cycle.
    func isRefuted(_ rule: UInt8, _ x: Int, _ y: Int) -> Bool { !isTotal && graph.isRefuted(rule, nodes[x], nodes[y]) }

    /// Goes through the writes from either end: as long as all but one of those seen are known to be before that one, it is a cut.
    private mutating func findCuts(_ steps: [PlanStep], _ records: EndpointRecords) {
        let writes = steps.indices.filter { steps[$0].kind == .write }
        isAfterAll = cuts(writes, steps.count) { isProven($0, before: $1, steps, records) }
        isBeforeAll = cuts(writes.reversed(), steps.count) { isProven($1, before: $0, steps, records) }
    }

    private func cuts(_ writes: [Int], _ count: Int, _ isKnown: (Int, Int) -> Bool) -> [Bool] {
        var isCut = Array(repeating: false, count: count)
        var open: [Int] = []
        for at in writes {
            open.removeAll { isKnown($0, at) }
            open.append(at)
            if open.count > Self.width { break }
            isCut[at] = open.count == 1
        }
        return isCut
    }

    private func isProven(_ x: Int, before y: Int, _ steps: [PlanStep], _ records: EndpointRecords) -> Bool {
        let (a, b) = (steps[x], steps[y])
        if a.commit >= 0, b.commit >= 0 { return a.commit < b.commit }
        if !isRefuted(2, x, y), records.storeOrder(a, before: b) == .proven { return true }
        if !isRefuted(3, x, y), records.happened(a, before: b) == .proven { return true }
        return !isRefuted(4, x, y) && replaced[nodes[y]] == nodes[x]
    }
}
