import EventModel
@testable import LogReading
@testable import Reporting

/// Whatever lines a block holds: each that is not blank is an event or is counted as malformed, and none changes another.
func fuzzRecords(_ input: UnsafeRawBufferPointer) {
    var options = ReadingOptions()
    options.maxLineLength = 2048
    options.maxDepth = 16
    guard let decoder = RecordDecoder(options) else { return }
    let whole = decode(Array(input), decoder)
    let malformed = whole.faultCounts.reduce(0) { $0 + ($1.key.isMalformed ? $1.value : 0) }
    check(UInt64(whole.count) + malformed == whole.writtenLineCount, "events and malformed lines are not all lines")
    check(whole.faults.count == whole.faultCounts.count, "a kind of fault without its first")
    checkColumns(whole)
    guard let end = input.firstIndex(of: 0x0A) else { return }
    // The first line by itself, then the rest: together as much as before.
    let first = decode(Array(input[...end]), decoder)
    let rest = decode(Array(input[(end + 1)...]), decoder)
    let (digests, times, counters) = columns(whole)
    let (a, b) = (columns(first), columns(rest))
    check(a.digests + b.digests == digests, "a line is read differently beside another")
    check(a.times + b.times == times && a.counters + b.counters == counters, "a value moved")
    check(first.writtenLineCount + rest.writtenLineCount == whole.writtenLineCount, "a line is lost")
    for (kind, count) in whole.faultCounts {
        check(
            first.faultCounts[kind, default: 0] + rest.faultCounts[kind, default: 0] == count, "\(kind) is miscounted")
    }
}

private func decode(_ bytes: [UInt8], _ decoder: RecordDecoder) -> EventBatch {
    var block = decoder.poisonedBlock(bytes)
    var batch = EventBatch()
    decoder.decode(&block, into: &batch, keepingText: true)
    return batch
}

/// What tells the events of a batch apart.
private func columns(_ batch: borrowing EventBatch) -> (digests: [UInt64], times: [Int64], counters: [Int64]) {
    var columns: (digests: [UInt64], times: [Int64], counters: [Int64]) = ([], [], [])
    for row in 0..<batch.count {
        columns.digests.append(batch.digest[row])
        columns.times.append(batch.time[row])
        columns.counters.append(batch.counter[row])
    }
    return columns
}

/// Every column has its row, every start its place, every line its bytes.
func checkColumns(_ batch: borrowing EventBatch) {
    let rows = batch.count
    let counts = [
        batch.actor.count, batch.event.count, batch.kind.count, batch.endpoint.count, batch.outcome.count,
        batch.fields.count, batch.valueStart.count, batch.counter.count, batch.clockStart.count - 1,
        batch.causeStart.count - 1, batch.digest.count, batch.lineInBatch.count, batch.textStart.count,
        batch.textLength.count,
    ]
    check(counts.allSatisfy { $0 == rows }, "columns of different lengths: \(counts)")
    for row in 0..<rows {
        for field in Field.allCases where batch.has(field, at: row) {
            guard let value = batch.integer(field, at: row) else { return check(false, "\(field) has no value") }
            if field.rawValue <= Field.throttles.rawValue { check(value >= 0, "\(field) is \(value)") }
        }
        for field in [Field.depth, .oldestMs, .latencyMs] {
            check(batch.number(field, at: row).map { $0 >= 0 && $0.isFinite } ?? true, "\(field) is no number")
        }
        for entry in batch.clockEntries(at: row) { check(batch.clockCount[entry] >= 0, "a clock's entry below 0") }
        let line = Array(batch.text[batch.textRange(at: row)])
        check(!line.contains(0x0A), "a record of two lines")
        _ = RecordMembers(line).members
    }
}
