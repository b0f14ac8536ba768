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
        reserve(count, depth, &batch)
        for row in 0..<count {
            shapes.append(Int(shapeOfRow[row]), to: &batch)
            batch.actor.append(header.actor)
        }
        getSteps(count, into: &batch.time)
        getSteps(count, into: &batch.counter)
        getClocks(count, &batch)
        getCauses(count, &batch)
        if depth == .skeleton { return Int(header.source) }
        input.get(count, into: &column)
        for row in 0..<count { batch.endpoint.append(Symbol(index: UInt32(truncatingIfNeeded: column[row]))) }
        getFields(count, &batch)
        if depth == .fields { return Int(header.source) }
        getLines(count, &batch)
        return Int(header.source)
    }

    private func reserve(_ count: Int, _ depth: Depth, _ batch: inout EventBatch) {
        batch.event.reserve(count)
        batch.kind.reserve(count)
        batch.outcome.reserve(count)
        batch.fields.reserve(count)
        batch.actor.reserve(count)
        batch.clockStart.reserve(count + 1)
        batch.causeStart.reserve(count + 1)
        if depth == .skeleton { return }
        batch.endpoint.reserve(count)
        batch.valueStart.reserve(count)
        if depth == .fields { return }
        batch.lineInBatch.reserve(count)
        batch.textStart.reserve(count)
        batch.textLength.reserve(count)
        batch.digest.reserve(count)
    }

    private mutating func getSteps(_ count: Int, into values: inout Column<Int64>) {
        var last = input.getSigned()
        values.reserve(count)
        values.append(last)
        input.get(count - 1, behind: &values)
        for at in 1..<count {
            last &+= values[at]
            values[at] = last
        }
    }

    private mutating func getClocks(_ count: Int, _ batch: inout EventBatch) {
        var entries = 0
        for row in 0..<count { entries += shapes.entries(Int(shapeOfRow[row])).count }
        input.get(entries, into: &column)
        batch.clockActor.reserve(entries)
        batch.clockCount.reserve(entries)
        var at = 0
        for row in 0..<count {
            for slot in shapes.entries(Int(shapeOfRow[row])) {
                batch.clockActor.append(shapes.actor(slot))
                batch.clockCount.append(shapes.count(slot, by: column[at]))
                at += 1
            }
            batch.clockStart.append(UInt32(at))
        }
    }

    private mutating func getCauses(_ count: Int, _ batch: inout EventBatch) {
        var causes = 0
        for row in 0..<count {
            causes += shapes.causeCount(Int(shapeOfRow[row]))
            batch.causeStart.append(UInt32(causes))
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
        batch.values.reserve(values.count)
        for row in 0..<count {
            var left = batch.fields[row].rawValue & FieldSet.values
            while left != 0 {
                let field = left.trailingZeroBitCount
                let at = places[field]
                batch.values.append(values[Int(at)])
                places[field] = at &+ 1
                left &= left &- 1
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
        for row in 0..<count {
            let shape = Int(shapeOfRow[row])
            rowsOfShape[shape] &+= 1
            batch.valueStart.append(UInt32(truncatingIfNeeded: total))
            total &+= (shapes.fields(shape).rawValue & FieldSet.values).nonzeroBitCount
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
        batch.lineInBatch.append(0)
        input.get(count - 1, into: &column)
        for at in column.indices {
            line &+= column[at]
            batch.lineInBatch.append(UInt32(truncatingIfNeeded: line &- first))
        }
        batch.textOffset = UInt64(bitPattern: input.getSigned())
        var place = input.getSigned()
        let lengths = input.position
        input.skip(count - 1)
        input.get(count, into: &column)
        for at in column.indices { batch.textLength.append(UInt32(truncatingIfNeeded: column[at])) }
        let digests = input.position
        input.position = lengths
        input.get(count - 1, into: &column)
        batch.textStart.append(UInt32(truncatingIfNeeded: place))
        for at in column.indices {
            place &+= column[at] &+ Int64(batch.textLength[at])
            batch.textStart.append(UInt32(truncatingIfNeeded: place))
        }
        input.position = digests
        input.get(count, into: &column)
        for at in column.indices { batch.digest.append(UInt64(bitPattern: column[at])) }
    }
}
