import EventModel

/// Packs records of one actor into frames.
///
/// A log has some twenty shapes of lines: event, outcome, fields, and whose entries its clocks have. A frame lists its shapes once; then come a
/// column with each row's shape, and columns of what changes: times, counters and lines by their distance from the row before, entries of clocks
/// by that from the last one of the same actor, values of a field from the last of that field.
struct FrameWriter: ~Copyable {
    private var output = BitWriter()
    private var column = Column<Int64>()
    private var shapes = ShapeTable()
    private var shapeOfRow = Column<Int32>()
    private var fields = Table<Column<Int64>>()

    /// So many records stand in one frame at most.
    static let most = 1024

    init() {
        for _ in Field.allCases { fields.append(Column<Int64>()) }
    }

    /// Appends the frame that was packed last to a store.
    func append(to store: inout FrameStore) throws(SpillFailure) -> FramePlace { try store.append(output.words) }

    /// Packs some rows of a batch, which are one actor's and ascend.
    mutating func pack(
        _ batch: borrowing EventBatch, _ rows: borrowing Column<Int32>, _ range: Range<Int>, of source: Int
    ) {
        output.beginFrame()
        shapes.reset()
        shapeOfRow.truncate(to: 0)
        for at in range { shapeOfRow.append(shapes.shape(of: batch, Int(rows[at]))) }
        shapes.write(to: &output)
        Self.fill(&column, range.count) { Int64(shapeOfRow[$0]) }
        output.put(column)
        putSteps(rows, range) { batch.time[$0] }
        putSteps(rows, range) { batch.counter[$0] }
        putClocks(batch, rows, range)
        column.truncate(to: 0)
        for at in range {
            for cause in batch.causes(at: Int(rows[at])) { column.append(Int64(bitPattern: batch.cause[cause])) }
        }
        output.put(column)
        putValues(rows, range) { Int64(batch.endpoint[$0].index) }
        putFields(batch, rows, range)
        putSteps(rows, range) { Int64(batch.lineInBatch[$0]) &+ Int64(bitPattern: batch.firstLine) }
        putPlaces(batch, rows, range)
        putValues(rows, range) { Int64(batch.textLength[$0]) }
        putValues(rows, range) { Int64(batch.digest[$0] & 0xFFFF_FFFF) }
        output.finishFrame(
            FrameHeader(
                .records, source: UInt32(source), events: range.count, actor: batch.actor[Int(rows[range.lowerBound])],
                shapes: shapes.count))
    }

    /// Fills a column with so many values.
    @inline(__always)
    private static func fill(_ column: inout Column<Int64>, _ count: Int, _ value: (Int) -> Int64) {
        column.truncate(to: 0)
        column.append(count) { column in
            for at in 0..<count { column[at] = value(at) }
        }
    }

    @inline(__always)
    private mutating func putValues(
        _ rows: borrowing Column<Int32>, _ range: Range<Int>, _ value: (Int) -> Int64
    ) {
        precondition(range.upperBound <= rows.count, "no such rows")
        rows.withPointer { rows in Self.fill(&column, range.count) { value(Int(rows[range.lowerBound &+ $0])) } }
        output.put(column)
    }

    /// Writes the first value, then how much each is above the one before.
    @inline(__always)
    private mutating func putSteps(_ rows: borrowing Column<Int32>, _ range: Range<Int>, _ value: (Int) -> Int64) {
        precondition(range.upperBound <= rows.count, "no such rows")
        var last = value(Int(rows[range.lowerBound]))
        output.put(signed: last)
        rows.withPointer { rows in
            Self.fill(&column, range.count) {
                let next = value(Int(rows[range.lowerBound &+ $0]))
                defer { last = next }
                return next &- last
            }
        }
        output.put(column, from: 1)
    }

    /// Writes where lines begin: the first, then how far each lies behind the end of the one before.
    private mutating func putPlaces(
        _ batch: borrowing EventBatch, _ rows: borrowing Column<Int32>, _ range: Range<Int>
    ) {
        output.put(signed: Int64(bitPattern: batch.textOffset))
        output.put(signed: Int64(batch.textStart[Int(rows[range.lowerBound])]))
        var end: Int64 = 0
        Self.fill(&column, range.count) {
            let row = Int(rows[range.lowerBound &+ $0])
            defer { end = Int64(batch.textStart[row]) &+ Int64(batch.textLength[row]) }
            return Int64(batch.textStart[row]) &- end
        }
        output.put(column, from: 1)
    }

    private mutating func putClocks(
        _ batch: borrowing EventBatch, _ rows: borrowing Column<Int32>, _ range: Range<Int>
    ) {
        column.truncate(to: 0)
        for at in range {
            let entries = batch.clockEntries(at: Int(rows[at]))
            if entries.isEmpty { continue }
            var slot = shapes.firstSlot(of: shapeOfRow[at - range.lowerBound])
            for entry in entries {
                column.append(shapes.step(slot, to: batch.clockCount[entry]))
                slot += 1
            }
        }
        output.put(column)
    }

    private mutating func putFields(
        _ batch: borrowing EventBatch, _ rows: borrowing Column<Int32>, _ range: Range<Int>
    ) {
        for field in fields.indices { fields[field].truncate(to: 0) }
        for at in range {
            let row = Int(rows[at])
            var left = batch.fields[row].rawValue & FieldSet.values
            var value = Int(batch.valueStart[row])
            while left != 0 {
                fields[left.trailingZeroBitCount].append(batch.values[value])
                left &= left &- 1
                value &+= 1
            }
        }
        for (index, field) in Field.allCases.enumerated() where fields[index].count > 0 {
            if field.isNumber {
                putNumbers(index)
            } else if field.isSymbol || field == .id || field == .item {
                putField(index)
            } else {
                var last = fields[index][0]
                output.put(signed: last)
                column.truncate(to: 0)
                for at in 1..<max(1, fields[index].count) {
                    column.append(fields[index][at] &- last)
                    last = fields[index][at]
                }
                output.put(column)
            }
        }
    }

    /// Writes numbers: as whole thousandths where all of them are, else as the bits of doubles.
    private mutating func putNumbers(_ index: Int) {
        column.truncate(to: 0)
        for at in fields[index].indices {
            let number = Double(bitPattern: UInt64(bitPattern: fields[index][at]))
            let thousandths = (number * 1000).rounded()
            guard thousandths.magnitude < 0x1p50, thousandths / 1000 == number, number.sign == .plus else { break }
            column.append(Int64(thousandths))
        }
        let isWhole = column.count == fields[index].count
        output.put(isWhole ? 1 : 0, 1)
        if isWhole { output.put(column) } else { putField(index) }
    }

    private mutating func putField(_ index: Int) {
        column.truncate(to: 0)
        for at in fields[index].indices { column.append(fields[index][at]) }
        output.put(column)
    }
}

extension FieldSet {
    /// The bits of the fields that have packed values.
    static let values: UInt64 = Field.item.bit << 1 - 1
}
