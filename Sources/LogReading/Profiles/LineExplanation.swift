import EventModel

/// Field by field what a profile makes of one line of a log, and where each value comes from.
public struct LineExplanation {
    private let plan: Plan
    private let name: SourceName
    private let options: ReadingOptions
    private let source: LogSource

    /// Prepares it.
    public init(_ plan: Plan, _ source: LogSource, _ options: ReadingOptions) {
        self.plan = plan
        self.source = source
        name = source.name
        self.options = options
    }

    /// The report, line by line; says so where the log has no such line.
    /// - Parameter number: of the line, from 1; where the profile numbers records, of the record.
    public func report(of number: Int) throws(ReadFault) -> [String] {
        let decoder = ProfileDecoder(plan, path: name, options)
        let reader = try source.open()
        var block = RawBlock()
        var isLast = false
        var seen: UInt64 = 0
        while !isLast {
            let part = reader.beginning(256 << 10)
            if let fault = part.fault { throw fault }
            isLast = part.isWhole
            block.bytes = part.bytes
            block.used = part.bytes.count
            var batch = EventBatch()
            decoder.trace(UInt64(number) - seen - 1)
            decoder.decode(block, isLast: isLast, into: &batch, keepingText: true)
            seen += batch.lineCount
            if UInt64(number) <= seen, number > 0 {
                return words(number, seen - batch.lineCount, decoder.traced, batch)
            }
        }
        return ["\(name.path) has \(seen) \(plan.parts.numbersRecords ? "records" : "lines"), no number \(number)"]
    }

    private func words(
        _ number: Int, _ before: UInt64, _ traced: [String], _ batch: borrowing EventBatch
    ) -> [String] {
        var lines = [
            "\(name.path), \(plan.parts.numbersRecords ? "record" : "line") \(number), read by the profile \(plan.name)"
        ]
        lines += traced.isEmpty ? ["makes no event"] + batch.left.keys.map { "left: " + $0.words } : traced
        for row in 0..<batch.count where UInt64(batch.lineInBatch[row]) + before + 1 == UInt64(number) {
            lines.append("becomes  " + String(decoding: batch.text[batch.textRange(at: row)], as: UTF8.self))
        }
        return lines
    }
}
