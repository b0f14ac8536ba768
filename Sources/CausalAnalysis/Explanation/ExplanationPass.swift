import EventModel

/// Collects in one more pass over all events what explains a finding. Memory: the finding's evidence, generations and actors.
package struct ExplanationPass: EventConsumer {
    private let name: (Symbol) -> String
    private var explanation: Explanation
    private var parts: [RecordPlace: [Int]] = [:]
    private var seen: [Witness?]
    private var story: PlanStory?
    private var curve: QueueCurveBuilder?

    /// Explains `finding` of a report whose events lie in `span`; `name` looks up the symbols of this pass.
    package init(_ finding: Finding, span: ClosedRange<Timestamp>?, name: @escaping (Symbol) -> String) {
        self.name = name
        explanation = Explanation(finding: finding)
        seen = finding.evidence.map { _ in nil }
        for (index, item) in finding.evidence.enumerated() {
            parts[RecordPlace(item.record), default: []].append(index)
        }
        story = PlanStory(finding)
        if finding.queue != nil { curve = QueueCurveBuilder(finding, span: span) }
    }

    package mutating func observe(
        _ batch: borrowing EventBatch, row: Int, delivery: Delivery, clocks: borrowing ProcessClocks
    ) {
        let place = RecordPlace(source: delivery.source, line: batch.line(at: row))
        if let indices = parts[place] {
            for index in indices { seen[index] = witness(index, batch, row: row, delivery: delivery, clocks: clocks) }
        }
        story?.observe(batch, row: row, delivery: delivery, clocks: clocks, name: name)
        curve?.observe(batch, row: row, name: name)
    }

    /// What was collected, once all events have been observed.
    package func finish() -> Explanation {
        var result = explanation
        result.witnesses = seen.compactMap { $0 }
        story?.finish(&result, name: name)
        result.curve = curve?.finish()
        return result
    }

    private func witness(
        _ index: Int, _ batch: borrowing EventBatch, row: Int, delivery: Delivery, clocks: borrowing ProcessClocks
    ) -> Witness {
        let item = explanation.finding.evidence[index]
        var witness = Witness(
            part: item.part, record: item.record, actor: name(batch.actor[row]), process: delivery.process,
            stamp: delivery.stamp)
        witness.plan = batch.generation(.plan, at: row, name: name)
        witness.active = batch.generation(.active, at: row, name: name)
        witness.replaces = batch.generation(.replaces, at: row, name: name)
        witness.commit = batch.generation(.commit, at: row, name: name)
        witness.attempt = batch.integer(.attempt, at: row)
        witness.outcome = batch.outcome[row]
        witness.clock = clocks.snapshot(delivery.process)
        return witness
    }
}
