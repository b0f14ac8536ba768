import EventModel

/// What leads to what among a timeline's rows, each stood for by its first event.
enum CausalLinks {
    /// Concurrent rows are looked for among so many neighbours, and not further apart than this on the wall clock.
    private static let neighbours = 12
    private static let nearby = 5 * Nanoseconds.second
    /// So many concurrent rows are named.
    private static let named = 3

    /// For each row the rows that happened directly before: the transitive reduction of happened-before.
    static func directCauses(_ rows: [TimelineDraft]) -> [[Int]] {
        directCauses(rows.count) { rows[$0].happenedBefore(rows[$1]) }
    }

    /// For each of so many events in causal order those that happened directly before it.
    ///
    /// They stand in a linear extension, so for each the earlier ones are looked through from the nearest: one that happened before
    /// and is not before a cause already found is direct. O(n²) tests and n²/8 bytes.
    static func directCauses(_ count: Int, _ happenedBefore: (_ earlier: Int, _ later: Int) -> Bool) -> [[Int]] {
        let words = (count + 63) / 64
        var before = [[UInt64]](repeating: [], count: count)
        return (0..<count).map { row in
            var known = [UInt64](repeating: 0, count: words)
            var direct: [Int] = []
            for earlier in (0..<row).reversed() {
                if known[earlier / 64] >> UInt64(earlier % 64) & 1 == 1 { continue }
                guard happenedBefore(earlier, row) else { continue }
                direct.append(earlier)
                for word in before[earlier].indices { known[word] |= before[earlier][word] }
                known[earlier / 64] |= 1 << UInt64(earlier % 64)
            }
            before[row] = known
            return direct.reversed()
        }
    }

    /// For each row those near it that no message connects with it, where the order makes a difference: effects on one endpoint,
    /// or evidence of one finding.
    static func concurrent(_ rows: [TimelineDraft]) -> [[Int]] {
        var result = [[Int]](repeating: [], count: rows.count)
        for row in rows.indices where isEffect(rows[row].key.kind) {
            for earlier in max(0, row - neighbours)..<row where isEffect(rows[earlier].key.kind) {
                let a = rows[earlier]
                let b = rows[row]
                if a.first.actor == b.first.actor || a.happenedBefore(b) { continue }
                let apart = b.first.time.since(a.first.time)
                let isFar = apart < -nearby || apart > nearby
                if isFar && !sharesFinding(a, b) || !touches(a, b) { continue }
                if result[row].count < named { result[row].append(earlier) }
                if result[earlier].count < named { result[earlier].append(row) }
            }
        }
        return result
    }

    private static func isEffect(_ kind: EventKind) -> Bool {
        switch kind {
        case .planApplied, .changeCommitted, .planDeleted, .cleanupStarted, .recordRestored, .recordEmptied: true
        default: false
        }
    }

    private static func sharesFinding(_ a: TimelineDraft, _ b: TimelineDraft) -> Bool {
        a.key.marks.contains { mark in b.key.marks.contains { $0.group == mark.group } }
    }

    /// What has no endpoint is about all of them.
    private static func touches(_ a: TimelineDraft, _ b: TimelineDraft) -> Bool {
        a.endpoints.isEmpty || b.endpoints.isEmpty || !a.endpoints.isDisjoint(with: b.endpoints)
    }
}
