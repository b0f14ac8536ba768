import CausalAnalysis
import EventModel

/// Makes the rows of the short table from evidence, acts, and the turning points of findings.
struct MilestoneMaker {
    private let incident: Incident
    private let noted: [RecordPlace: StoryBuilder.Noted]
    private let orders: [TurnWatch.Turn: UInt64]

    init(
        _ incident: Incident, _ noted: [RecordPlace: StoryBuilder.Noted], _ orders: [TurnWatch.Turn: UInt64]
    ) {
        self.incident = incident
        self.noted = noted
        self.orders = orders
    }

    /// What is cut last to first.
    private enum Rank {
        static let pivot = 0
        static let operatorsAct = 1
        static let critical = 2
        static let high = 3
        static let late = 4
        static let medium = 5
        static let detail = 6
        static let peak = 7
    }

    /// Where people did very much, the first of it goes ahead of all else.
    private static let earlyActs = 24

    /// Every row there could be.
    func all() -> [Milestone] {
        var rows = evidence()
        for (index, act) in incident.acts.enumerated() { add(act, isEarly: index < Self.earlyActs, to: &rows) }
        rows += begins() + peaks() + ends()
        putCausesFirst(&rows)
        return rows + entries(among: rows)
    }

    /// What led to another began ahead of it, also where samples show it only later.
    private func putCausesFirst(_ rows: inout [Milestone]) {
        let begins = rows.indices.filter { if case .begins = rows[$0].what { true } else { false } }
        for row in begins { rows[row].order = rows[row].order &* Self.room }
        for row in rows.indices where !begins.contains(row) {
            rows[row].order = rows[row].order &* Self.room &+ Self.room / 2
        }
        var rowOf: [Int: Int] = [:]
        for row in begins { for group in rows[row].groups { rowOf[group] = row } }
        // As often as a chain has links: each round moves one more of them.
        for _ in begins {
            var isDone = true
            for edge in incident.graph.edges where !edge.isWeak {
                guard let cause = rowOf[edge.from], let effect = rowOf[edge.to], cause != effect,
                    rows[cause].order >= rows[effect].order, rows[cause].time <= rows[effect].until ?? rows[effect].time
                else { continue }
                rows[cause].order = max(rows[effect].order, 1) - 1
                isDone = false
            }
            if isDone { break }
        }
    }

    /// Places between two events of the causal order.
    private static let room: UInt64 = 256

    /// What people added stands behind all that is earlier by the clock: nothing else places it.
    private func entries(among rows: [Milestone]) -> [Milestone] {
        incident.list.annotations.entries.map { entry in
            let order = rows.filter { $0.time <= entry.at }.map(\.order).max() ?? 0
            return Milestone(
                what: .entry(entry.what), order: order, time: entry.at, who: entry.who.isEmpty ? [] : [entry.who],
                groups: [], rank: Rank.pivot)
        }
    }

    // MARK: Evidence

    private func evidence() -> [Milestone] {
        var rows: [Milestone] = []
        var rowOf: [RecordPlace: Int] = [:]
        for group in incident.told {
            let finding = incident.finding(group)
            if finding.kind.traits.isMeasured { continue }
            let hasDeletion = finding.record(Finding.Part.deletion) != nil
            for item in finding.evidence where StoryBuilder.isShown(item.part) {
                let place = RecordPlace(item.record)
                guard let note = noted[place], let order = note.order else { continue }
                if item.part == Finding.Part.emptied, hasDeletion { continue }
                if let row = rowOf[place] {
                    if !rows[row].groups.contains(group) { rows[row].groups.append(group) }
                    continue
                }
                // An effect of an earlier finding is told there.
                if item.part == Finding.Part.write, finding.kind != .stalePlanOverwrite { continue }
                rowOf[place] = rows.count
                let isPivot = group == incident.trigger && item.part == Finding.Part.write
                rows.append(
                    Milestone(
                        what: .evidence(part: item.part, active: note.active), order: order, time: item.record.time,
                        who: [incident.report.symbols[item.record.actor]], groups: [group], record: item.record,
                        rank: isPivot ? Rank.pivot : rank(of: item.part, group), isPivot: isPivot))
            }
        }
        for row in rows.indices { rows[row].concurrent = concurrent(rows[row], rows) }
        return rows
    }

    private func rank(of part: String, _ group: Int) -> Int {
        let own = severity(group)
        switch part {
        case Finding.Part.write, Finding.Part.deletion, Finding.Part.ending, Finding.Part.emptied: return own
        case Finding.Part.check, Finding.Part.runStart, Finding.Part.displaced:
            return group == incident.trigger ? own : Rank.detail
        default: return max(own, Rank.high)
        }
    }

    private func severity(_ group: Int) -> Int {
        switch incident.group(group).severity {
        case .critical: Rank.critical
        case .high: Rank.high
        default: Rank.medium
        }
    }

    /// Effects of the same finding that no message connects with it.
    private func concurrent(_ row: Milestone, _ rows: [Milestone]) -> [Timestamp] {
        guard let record = row.record, let own = noted[RecordPlace(record)] else { return [] }
        return rows.compactMap { other in
            guard let record = other.record, let note = noted[RecordPlace(record)], other.order != row.order,
                !Set(other.groups).isDisjoint(with: row.groups), isEffect(other), isEffect(row),
                let process = own.process, let stamp = own.stamp, let clock = own.clock,
                let otherProcess = note.process, let otherStamp = note.stamp, let otherClock = note.clock,
                process != otherProcess, !clock.covers(otherProcess, otherStamp), !otherClock.covers(process, stamp)
            else { return nil }
            return other.time
        }
    }

    private func isEffect(_ row: Milestone) -> Bool {
        guard case .evidence(let part, _) = row.what else { return false }
        return part == Finding.Part.write || part == Finding.Part.displaced || part == Finding.Part.deletion
    }

    // MARK: Acts

    /// An act's row; one that is evidence already makes that row its own.
    private func add(_ act: Act, isEarly: Bool, to rows: inout [Milestone]) {
        let isRepair = incident.isRepair(act)
        let rank = isRepair ? Rank.pivot : act.isByOperator ? (isEarly ? Rank.operatorsAct : Rank.late) : Rank.high
        if let row = rows.firstIndex(where: { $0.record.map { RecordPlace($0) == RecordPlace(act.first) } ?? false }) {
            rows[row].what = .act(act)
            rows[row].rank = min(rows[row].rank, rank)
            rows[row].isPivot = rows[row].isPivot || isRepair
            return
        }
        rows.append(
            Milestone(
                what: .act(act), order: act.ordinal, time: act.first.time,
                until: act.count > 1 && act.last.time > act.first.time ? act.last.time : nil, who: act.actors,
                groups: [],
                record: act.first, rank: rank, isPivot: isRepair))
    }

    // MARK: Turning points

    private var turning: [Int] {
        incident.told.filter {
            let group = incident.group($0)
            return group.kind != .stalePlanOverwrite && !group.kind.traits.followsAnOverwrite
        }
    }

    private func begins() -> [Milestone] {
        KindTraits.all.flatMap { traits in
            clusters(turning.filter { incident.group($0).kind == traits.kind }, by: incident.surelyBegun)
        }.map { groups in
            let from = groups.map { incident.group($0).at }.min() ?? .absent
            let to = groups.map(incident.surelyBegun).max() ?? from
            let order = groups.compactMap { orders[.init(group: $0, side: .begin)] }.min() ?? 0
            return turn(.begins(groups), order, from, to, groups, Finding.Part.onset, Finding.Part.alarm)
        }
    }

    private func ends() -> [Milestone] {
        let over = turning.filter { !incident.group($0).lasts && incident.group($0).until != nil }
        return clusters(over, by: incident.end).map { groups in
            let from = groups.map(incident.end).min() ?? .absent
            let to = groups.map(incident.end).max() ?? from
            let order = groups.compactMap { orders[.init(group: $0, side: .end)] }.max() ?? UInt64.max >> 9
            return turn(
                .ends(groups), order, from, to, groups, Finding.Part.recovered, Finding.Part.last,
                Finding.Part.collapseEnd)
        }
    }

    private func peaks() -> [Milestone] {
        incident.told(.backlogOnset).compactMap { group in
            let finding = incident.finding(group)
            guard let peak = finding.record(Finding.Part.peak),
                let order = orders[.init(group: group, side: .peak)]
            else { return nil }
            return Milestone(
                what: .peaks(group), order: order, time: peak.time,
                who: [incident.report.symbols[peak.actor]], groups: [group], record: peak, rank: Rank.peak)
        }
    }

    private func turn(
        _ what: Milestone.What, _ order: UInt64, _ from: Timestamp, _ to: Timestamp, _ groups: [Int], _ parts: String...
    ) -> Milestone {
        let finding = incident.finding(groups[0])
        return Milestone(
            what: what, order: order, time: from, until: to > from ? to : nil,
            who: [], groups: groups, record: parts.lazy.compactMap(finding.record).first,
            rank: groups.map(severity).min() ?? Rank.medium)
    }

    /// Groups whose moments lie within five minutes of the first.
    private func clusters(_ groups: [Int], by moment: (Int) -> Timestamp) -> [[Int]] {
        var result: [[Int]] = []
        for group in groups.sorted(by: { (moment($0), $0) < (moment($1), $1) }) {
            if let first = result.last?.first, moment(group).since(moment(first)) <= Incident.slack {
                result[result.count - 1].append(group)
            } else {
                result.append([group])
            }
        }
        return result
    }
}
