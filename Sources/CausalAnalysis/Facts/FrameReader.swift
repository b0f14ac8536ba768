import EventModel

/// Unpacks frames into batches.
struct FrameReader: ~Copyable {
    /// The words of the frame at hand, which `FrameStore` fills.
    var input = BitReader()
    private var shapes = ShapeTable()
    private var shapeOfRow = Column<Int64>()
    private var column = Column<Int64>()
    private var rowsOfShape = Column<Int32>()
    /// The values of all fields, field by field, and where the next one of each stands.
    private var values = Column<Int64>()
    private var places = Column<Int32>()

    /// What is asked of a frame.
    enum Depth {
        /// Shape, time, counter, clock and causes: what the order of well-clocked records needs.
        case skeleton
        /// Also endpoint and fields: what inference needs.
        case fields
        /// Also lines and digests.
        case all
    }

    /// Unpacks the frame at hand into an empty batch, with lines and places as they were read; returns the source, nil where the frame is damaged.
    mutating func unpack(_ depth: Depth, isChecked: Bool = true, into batch: inout EventBatch) -> Int? {
        guard let header = FrameHeader(input.words, .records, isChecked: isChecked) else { return nil }
        let count = header.events
        input.position = 64 * FrameHeader.words
        shapes.read(header.shapes, from: &input)
        input.get(count, into: &shapeOfRow)
        shapes.append(shapeOfRow, to: &batch)
        batch.actor.append(count) { $0.update(repeating: header.actor, count: count) }
        getSteps(count, into: &batch.time)
        getSteps(count, into: &batch.counter)
        getClocks(count, &batch)
        getCauses(count, &batch)
        if depth == .skeleton { return Int(header.source) }
        input.get(count, into: &column)
        batch.endpoint.append(count) { endpoints in
            column.withPointer { column in
                for row in 0..<count { endpoints[row] = Symbol(index: UInt32(truncatingIfNeeded: column[row])) }
            }
        }
        getFields(count, &batch)
        if depth == .fields { return Int(header.source) }
        getLines(count, &batch)
        return Int(header.source)
    }

    private mutating func getSteps(_ count: Int, into values: inout Column<Int64>) {
        var last = input.getSigned()
        values.reserve(count)
        values.append(last)
        input.get(count - 1, behind: &values)
        values.withMutablePointer { values in
            for at in 1..<max(1, count) {
                last &+= values[at]
                values[at] = last
            }
        }
    }

    private mutating func getClocks(_ count: Int, _ batch: inout EventBatch) {
        input.get(shapes.entryCount(shapeOfRow), into: &column)
        shapes.appendClocks(shapeOfRow, steps: column, to: &batch)
    }

    private mutating func getCauses(_ count: Int, _ batch: inout EventBatch) {
        var causes = 0
        batch.causeStart.reserve(count + 1)
        for row in 0..<count {
            if shapes.hasCauses { causes += shapes.causeCount(Int(shapeOfRow[row])) }
            batch.causeStart.append(UInt32(truncatingIfNeeded: causes))
        }
        input.get(causes, into: &column)
        for at in column.indices { batch.cause.append(UInt64(bitPattern: column[at])) }
    }

    private mutating func getFields(_ count: Int, _ batch: inout EventBatch) {
        countFields(count, &batch)
        values.truncate(to: 0)
        for (index, field) in Field.allCases.enumerated() where places[index] > 0 {
            let many = Int(places[index])
            places[index] = Int32(values.count)
            if field.isNumber {
                getNumbers(many)
            } else if field.isSymbol || field == .id || field == .item {
                input.get(many, behind: &values)
            } else {
                getIntegers(many)
            }
        }
        batch.values.append(values.count) { packed in
            values.withPointer { values in
                places.withMutablePointer { places in
                    var next = 0
                    for row in 0..<count {
                        var left = batch.fields[row].rawValue & FieldSet.values
                        while left != 0 {
                            let field = left.trailingZeroBitCount
                            let at = Int(places[field])
                            packed[next] = values[at]
                            next &+= 1
                            places[field] = Int32(truncatingIfNeeded: at &+ 1)
                            left &= left &- 1
                        }
                    }
                }
            }
        }
    }

    /// Counts the rows that have each field, and says where each row's values begin.
    private mutating func countFields(_ count: Int, _ batch: inout EventBatch) {
        places.truncate(to: 0)
        places.grow(toHold: Field.allCases.count - 1, with: 0)
        rowsOfShape.truncate(to: 0)
        rowsOfShape.grow(toHold: shapes.count - 1, with: 0)
        var total = 0
        batch.valueStart.reserve(count)
        for row in 0..<count {
            let shape = Int(shapeOfRow[row])
            rowsOfShape[shape] &+= 1
            batch.valueStart.append(UInt32(truncatingIfNeeded: total))
            total &+= shapes.valueCount(shape)
        }
        for shape in rowsOfShape.indices {
            var left = shapes.fields(shape).rawValue & FieldSet.values
            while left != 0 {
                places[left.trailingZeroBitCount] += rowsOfShape[shape]
                left &= left &- 1
            }
        }
    }

    private mutating func getIntegers(_ count: Int) {
        var last = input.getSigned()
        let first = values.count
        values.append(last)
        input.get(count - 1, behind: &values)
        for at in (first + 1)..<values.count {
            last &+= values[at]
            values[at] = last
        }
    }

    private mutating func getNumbers(_ count: Int) {
        let isWhole = input.get(1) == 1
        let first = values.count
        input.get(count, behind: &values)
        if !isWhole { return }
        for at in first..<values.count { values[at] = Int64(bitPattern: (Double(values[at]) / 1000).bitPattern) }
    }

    private mutating func getLines(_ count: Int, _ batch: inout EventBatch) {
        var line = input.getSigned()
        let first = line
        batch.firstLine = UInt64(bitPattern: first)
        input.get(count - 1, into: &column)
        batch.lineInBatch.append(count) { lines in
            lines[0] = 0
            column.withPointer { column in
                for row in 1..<max(1, count) {
                    line &+= column[row &- 1]
                    lines[row] = UInt32(truncatingIfNeeded: line &- first)
                }
            }
        }
        batch.textOffset = UInt64(bitPattern: input.getSigned())
        var place = input.getSigned()
        input.get(count - 1, into: &column)
        input.get(count, into: &values)
        values.withPointer { lengths in
            batch.textLength.append(count) {
                for row in 0..<count { $0[row] = UInt32(truncatingIfNeeded: lengths[row]) }
            }
            batch.textStart.append(count) { starts in
                starts[0] = UInt32(truncatingIfNeeded: place)
                column.withPointer { column in
                    for row in 1..<max(1, count) {
                        place &+= column[row &- 1] &+ lengths[row &- 1]
                        starts[row] = UInt32(truncatingIfNeeded: place)
                    }
                }
            }
        }
        input.get(count, into: &column)
        batch.digest.append(count) { digests in
            column.withPointer { column in
                for row in 0..<count { digests[row] = UInt64(bitPattern: column[row]) }
            }
        }
    }
}
