import EventModel

/// All writes of one endpoint, to show that none of them came between two.
struct EndpointWrites {
    private let relations: Relations
    /// The other writes: all records of one writer and generation together.
    private let others: [Write]
    /// Whether anything beside the answers tells what took effect.
    private let isSettled: Bool
    /// How many writers wrote each generation.
    private let writesOf: [Generation: Int]
    /// The writers' answers.
    private let answers: [Record]

    /// Writes of one writer and generation, which may have taken effect several times.
    private struct Write {
        var records: [Record]

        var plan: Generation? { records.first?.plan }
        var writer: String? { records.first?.writer }
        var hasEffect: Bool { records.contains(where: \.isEffect) }
        /// Records by which they had all taken effect: the store's, or the answers where there are as many.
        var ends: [[Record]] { complete([told("change.committed"), records.filter(\.isAnswer)]) }
        /// Records ahead of which none can have taken effect: the sendings, or the store's records, where there are as many.
        var starts: [[Record]] {
            complete([told("plan.applying"), told("change.committed") + told("record.restored")])
        }

        /// The answers, where they tell of all effects.
        var answers: [Record] {
            let answers = records.filter(\.isAnswer)
            return answers.count >= told("change.committed").count ? answers : []
        }

        private func told(_ event: String) -> [Record] { records.filter { $0.event == event } }

        /// Those that leave out no effect.
        private func complete(_ choices: [[Record]]) -> [[Record]] {
            let most = max(told("change.committed").count, records.count(where: \.isAnswer))
            return choices.filter { !$0.isEmpty && $0.count >= most }
        }
    }

    private struct Key: Hashable {
        var writer: String?
        var plan: Generation?
    }

    /// - Parameter own: the records of the two.
    init(_ all: [Record], own: Set<Place>, _ relations: Relations) {
        self.relations = relations
        var groups: [Key: [Record]] = [:]
        for record in all where !own.contains(record.place) && !record.isFailure && record.event != "record.emptied" {
            groups[Key(writer: record.writer, plan: record.plan), default: []].append(record)
        }
        // A sending that was refused is of no write, and that of one of the two is of no other.
        let refused = all.filter { $0.isFailure || own.contains($0.place) }
        others = groups.values.sorted { $0[0].place < $1[0].place }.flatMap { records in
            Self.writes(
                records.filter { record in
                    !(record.event == "plan.applying"
                        && refused.contains { Self.answers($0, record, among: all, relations) })
                })
        }
        var writers: [Generation: Set<String?>] = [:]
        for record in all where record.isEffect {
            if let plan = record.plan { writers[plan, default: []].insert(record.writer) }
        }
        writesOf = writers.mapValues(\.count)
        answers = all.filter(\.isAnswer)
        isSettled = all.contains { $0.event == "change.committed" || $0.commit != nil || $0.replaces != nil }
    }

    /// The writes of one writer and generation: one for each record of the store, where these tell of all; else all together.
    private static func writes(_ records: [Record]) -> [Write] {
        if records.isEmpty { return [] }
        let stored = records.filter { $0.event == "change.committed" }
        let isTold = stored.count > 1 && stored.count >= records.count(where: \.isAnswer)
        return isTold ? stored.map { Write(records: [$0]) } : [Write(records: records)]
    }

    /// Whether a record is the answer to a sending: the first behind it of its actor and generation.
    private static func answers(_ answer: Record, _ sending: Record, among all: [Record], _ relations: Relations)
        -> Bool
    {
        func isBehind(_ a: Record, _ b: Record) -> Bool { relations.precedes(a, b) }
        guard answer.actor == sending.actor, answer.plan == sending.plan, isBehind(sending, answer) else {
            return false
        }
        return !all.contains {
            $0.event == "plan.applied" && $0.actor == sending.actor && $0.plan == sending.plan && isBehind(sending, $0)
                && isBehind($0, answer)
        }
    }

    /// Refuses two writes between which another may have come: what the records say puts each before the one or after the other, by way of
    /// others if need be.
    func requireNothing(between a: [Record], _ b: [Record]) throws(Refusal) {
        // Another try of one of the two, of which nothing tells that it had an effect, changes nothing.
        var left = others.filter { other in
            if other.hasEffect { return true }
            let isOfLater = other.plan == b.first?.plan && other.writer == b.first?.writer
            return other.plan != a.first?.plan && !isOfLater
        }
        var ahead = [Write(records: a)]
        var behind = [Write(records: b)]
        var isNew = true
        while isNew {
            let before = left.count
            left.removeAll { other in
                guard ahead.contains(where: { isKnown(other, before: $0) }) else { return false }
                ahead.append(other)
                return true
            }
            left.removeAll { other in
                guard behind.contains(where: { isKnown($0, before: other) }) else { return false }
                behind.append(other)
                return true
            }
            isNew = left.count < before
        }
        guard let other = left.first?.records.first else { return }
        throw Refusal("nothing shows that the write of \(relations.name(other)) did not come between the two")
    }

    /// Whether all effects of one are known to have come before all of another.
    private func isKnown(_ x: Write, before y: Write) -> Bool {
        if !x.hasEffect, !isSettled { return false }
        let (p, q) = (x.records.compactMap(\.commit), y.records.compactMap(\.commit))
        if let last = p.max(), let first = q.min() { return last < first }
        if let isFirst = storeOrder(x, y) { return isFirst }
        if isReplaced(x, by: y) { return true }
        if !x.hasEffect {
            return isRefuted(x, before: y)
                || y.starts.contains {
                    $0.allSatisfy { start in x.records.allSatisfy { relations.precedes($0, start) } }
                }
        }
        if !y.hasEffect { return isTried(y, after: x) }
        // A writer has one write of an endpoint on its way at a time.
        let (first, second) = (x.answers, y.answers)
        if !first.isEmpty, !second.isEmpty,
            first.allSatisfy({ a in second.allSatisfy { relations.isOwn(a, before: $0) } })
        {
            return true
        }
        return x.ends.contains { ends in
            y.starts.contains { starts in
                ends.allSatisfy { end in starts.allSatisfy { relations.precedes(end, $0) } }
            }
        }
    }

    /// Whether a try, of which nothing tells that it had an effect, was sent after a write: by its actor's own order, by what it had heard,
    /// or else by the times.
    private func isTried(_ attempt: Write, after write: Write) -> Bool {
        attempt.records.allSatisfy { sent in
            write.records.contains { relations.precedes($0, sent) || $0.time ?? .max < sent.time ?? .min }
        }
    }

    /// Whether the store answered the one that it replaced the other, which alone wrote that generation.
    private func isReplaced(_ x: Write, by y: Write) -> Bool {
        guard let plan = x.plan, x.hasEffect, y.records.contains(where: { $0.replaces == plan }) else { return false }
        return writesOf[plan] == 1
    }

    /// Whether a try had no effect by the time of a write that was sent later and that replaced another generation, before `write`.
    private func isRefuted(_ attempt: Write, before write: Write) -> Bool {
        guard let sent = attempt.records.compactMap(\.time).max(), let end = write.records.compactMap(\.time).max()
        else {
            return false
        }
        return answers.contains { answer in
            answer.replaces != nil && answer.replaces != attempt.plan
                && answer.time.map { $0 > sent && $0 <= end } ?? false
        }
    }

    /// What the store's own count says of two; nil where it says nothing.
    private func storeOrder(_ x: Write, _ y: Write) -> Bool? {
        var isFirst: Bool?
        for a in x.records {
            for b in y.records {
                guard let order = relations.storeOrder(a, b) else { continue }
                if !order { return false }
                isFirst = true
            }
        }
        return isFirst
    }
}
