import EventModel

/// The cascade by groups of findings: what led to what, and how each ended.
struct IncidentGraph {
    private var began: [Int: [Int]] = [:]
    private var led: [Int: [Int]] = [:]
    private var prolongers: [Int: [Int]] = [:]
    private var ends: [Int: RecordRef] = [:]
    /// The groups of windows, those told of.
    private(set) var members: Set<Int> = []
    /// Services that stayed well, by name.
    let unaffected: [String]
    /// All arrows: from, to, whether it only prolonged.
    private(set) var edges: [(from: Int, to: Int, isWeak: Bool)] = []

    init(_ cascade: Cascade?, _ list: FindingList, _ told: Set<Int>) {
        unaffected = cascade?.unaffected ?? []
        guard let cascade else { return }
        let indexOf = Dictionary(zip(list.ids, list.groupOf)) { first, _ in first }
        let group = cascade.windows.map { window in
            window.findings.lazy.compactMap { indexOf[$0] }.first { told.contains($0) }
        }
        for (window, index) in zip(cascade.windows, group) {
            if let index { members.insert(index) }
            guard let record = window.endedBy else { continue }
            // An act ended only what ended after it: of a window's groups those that lasted until its own end.
            for id in window.findings {
                guard let index = indexOf[id], told.contains(index), let until = list.groups[index].until,
                    window.until.map({ until >= $0 }) ?? false, record.time <= until
                else { continue }
                ends[index] = record
            }
        }
        for edge in cascade.edges {
            guard let from = group[edge.from], let to = group[edge.to], from != to else { continue }
            let isWeak = edge.role == .prolonged
            if isWeak {
                Self.add(from, to: &prolongers[to, default: []])
            } else {
                Self.add(from, to: &began[to, default: []])
                Self.add(to, to: &led[from, default: []])
            }
            if !edges.contains(where: { $0.from == from && $0.to == to }) { edges.append((from, to, isWeak)) }
        }
    }

    private static func add(_ value: Int, to list: inout [Int]) { if !list.contains(value) { list.append(value) } }

    func causes(of group: Int) -> [Int] { began[group] ?? [] }
    func effects(of group: Int) -> [Int] { led[group] ?? [] }
    func prolongers(of group: Int) -> [Int] { prolongers[group] ?? [] }
    /// The act in the past of its recovery that may have ended it.
    func endedBy(_ group: Int) -> RecordRef? { ends[group] }

    /// All that followed from a group, itself left out.
    func followers(of group: Int) -> Set<Int> {
        var seen: Set<Int> = [group]
        var open = [group]
        while let next = open.popLast() {
            for effect in effects(of: next) where seen.insert(effect).inserted { open.append(effect) }
        }
        seen.remove(group)
        return seen
    }

    func reach(_ group: Int) -> Int { followers(of: group).count }

    /// The longest way of beginnings from a group on, itself first; the earliest of equals.
    func way(from root: Int) -> [Int] {
        var known: [Int: [Int]] = [:]
        var open: Set<Int> = []
        func longest(_ group: Int) -> [Int] {
            if let way = known[group] { return way }
            // A group of several windows may stand in a circle.
            guard open.insert(group).inserted else { return [] }
            var best: [Int] = []
            for effect in effects(of: group) {
                let way = longest(effect)
                if way.count > best.count { best = way }
            }
            open.remove(group)
            known[group] = [group] + best
            return [group] + best
        }
        return longest(root)
    }
}
