import EventModel

/// Until when each safeguard would still have prevented a finding.
///
/// A store that compares can refuse until it takes the write; a check right before the write helps until that is sent, and so does an
/// operator who pauses its writer; a clean-up that looks at what is active, until it deletes.
struct LastChances {
    private let finding: Finding
    /// The overwrite that the finding is, or that it follows from.
    private let cause: Finding?

    init(_ finding: Finding, after cause: Finding?) {
        self.finding = finding
        self.cause = cause
    }

    private var deletion: RecordRef? { finding.record(Finding.Part.deletion) }

    /// The chances, in the order of the table, then those of an operator. What no record dates is left out.
    func all() -> [Finding.LastChance] {
        var chances: [Finding.LastChance] = []
        for judged in finding.safeguards where judged.verdict == .yes || judged.verdict.isConditional {
            if let chance = chance(judged.safeguard) { chances.append(chance) }
        }
        if let sending = cause?.record(Finding.Part.sending) {
            chances.append(.init(.pause, until: .sending, of: sending.actor, sending))
        }
        if let deletion, let effect = deleted {
            chances.append(.init(.pause, until: .deletion, of: deletion.actor, effect))
        }
        return chances
    }

    private func chance(_ safeguard: Finding.Safeguard) -> Finding.LastChance? {
        let means = Finding.LastChance.Means.safeguard(safeguard)
        switch safeguard {
        case .compareAndSet, .fencing:
            guard let effect = cause?.record(Finding.Part.stored) ?? cause?.record(Finding.Part.write) else {
                return nil
            }
            return .init(means, until: .effect, of: effect.actor, effect)
        case .freshCheck:
            guard let sending = cause?.record(Finding.Part.sending) else { return nil }
            return .init(means, until: .sending, of: sending.actor, sending)
        case .guardedCleanup:
            guard let deletion, let deleted else { return nil }
            return .init(means, until: .deletion, of: deletion.actor, deleted)
        case .atomicCleanup:
            guard let newer = cause?.record(Finding.Part.displacedStored) ?? cause?.record(Finding.Part.displaced),
                let deletion
            else { return nil }
            return .init(means, until: .newerWrite, of: deletion.actor, newer)
        }
    }

    /// When the plan was gone: as the store wrote it down, else as its deletion was answered.
    private var deleted: RecordRef? { finding.record(Finding.Part.emptied) ?? deletion }
}

extension Finding.Safeguard.Verdict {
    fileprivate var isConditional: Bool { if case .ifWithin = self { true } else { false } }
}
