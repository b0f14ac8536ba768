import EventModel

/// What the order had to put up with, as findings: what the reader must know before trusting the rest.
extension OrderNotes {
    func findings(_ census: Census, _ skew: SettledSkew, _ symbols: SymbolTable) -> [Finding] {
        var findings: [Finding] = []
        for actor in actors {
            let name = symbols[actor.actor]
            func add(_ kind: Finding.Kind, _ trouble: Trouble, _ part: String, _ detail: Finding.Detail? = nil) {
                guard trouble.count > 0, let record = trouble.first else { return }
                // Which of several processes of one name wrote what is not proven.
                var finding = Finding(
                    kind: kind, severity: .info, confidence: actor.processes > 1 ? .likely : .proven, at: record.time,
                    detail: detail, evidence: [Finding.Evidence(part: part, record: record)])
                finding.actor = name
                finding.count = Int64(clamping: trouble.count)
                finding.proof = [.wholeLog]
                findings.append(finding)
            }
            add(.logGap, actor.gaps, "the record after the first gap")
            add(.restart, actor.restarts, "the first record of the new life")
            add(.clockConflict, actor.conflicts, "the second record of one counter")
            add(.clockFault, actor.clockFaults, "the first such record")
            add(.clockFault, actor.cycles, "the first such record", .circle)
        }
        for skewed in skew.contradictions(symbols) { findings.append(skewed) }
        for (actor, mentions) in missingLogs(census, symbols) {
            var finding = Finding(
                kind: .missingLog, severity: .info, confidence: .proven, at: firstTime ?? Timestamp(nanoseconds: 0))
            finding.actor = symbols[actor]
            finding.count = Int64(clamping: mentions)
            finding.proof = [.wholeLog]
            findings.append(finding)
        }
        return findings
    }

    /// Actors that records name and that wrote none, by name.
    func missingLogs(_ census: Census, _ symbols: SymbolTable) -> [(actor: Symbol, mentions: UInt64)] {
        let present = Set(actors.filter { $0.events > 0 }.map(\.actor))
        let named = mentions.merging(census.named, uniquingKeysWith: +)
        return named.filter { !present.contains($0.key) }.map { ($0.key, $0.value) }.sorted {
            symbols.isOrdered($0.0, before: $1.0)
        }
    }

    private var firstTime: Timestamp? { actors.compactMap { $0.first?.time }.min() }
}

extension Quality {
    /// The order's notes, summed over all actors.
    init(_ notes: OrderNotes, _ census: Census, _ skew: SettledSkew, _ symbols: SymbolTable) {
        self.init()
        for actor in notes.actors {
            // Hostile counters may skip more than fits.
            gaps = gaps.addingReportingOverflow(actor.gaps.count).overflow ? .max : gaps + actor.gaps.count
            restarts += actor.restarts.count
            conflicts += actor.conflicts.count
            disorders += actor.disorders.count
            clockFaults += actor.clockFaults.count
            missingCauses += actor.missingCauses.count
            cycles += actor.cycles.count
        }
        missingLogs = notes.missingLogs(census, symbols).map { MissingLog(actor: $0.actor, mentions: $0.mentions) }
        skews = skew.table(symbols)
    }
}
