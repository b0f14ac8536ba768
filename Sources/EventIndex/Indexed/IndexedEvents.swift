import CausalAnalysis
import EventModel
import LogReading

/// The table `events` of an index: its rows are made as SQL asks for them, from the frames that can hold what it asks for.
package final class IndexedEvents {
    let index: BundleIndex
    private let mostFrames: Int
    /// By symbol, as far as one was asked for.
    private var names: [SQLValue] = []
    /// How many events there are, about: the basis of SQLite's plans.
    let count: Int
    let endpoints: Int

    /// Why reading was given up.
    package enum Stop: Error, Sendable {
        /// By now it would have been cheaper to put all events into tables.
        case tooCostly
        case fault(IndexFault)
    }

    /// Why reading was given up; nil: it was not.
    package private(set) var stop: Stop?

    /// Whether to go on whatever it costs: a part of an answer has gone out.
    package var isPatient = false

    /// How often all frames may be read before it is cheaper to put all events into tables.
    package static let mostPasses = 8
    /// How many frames are kept for those who come back to them, as joins do: of 64 KiB and their columns.
    private static let keptFrames = 256

    /// The events of an index, which nobody else reads meanwhile.
    package init(_ index: BundleIndex, mostPasses: Int = IndexedEvents.mostPasses) throws(IndexFault) {
        self.index = index
        index.keptLimit = IndexedEvents.keptFrames
        let frames = try index.frames()
        mostFrames = index.framesRead + frames.count * mostPasses + 64
        count = frames.reduce(0) { $0 + $1.lines }
        endpoints = try index.names(.endpoint).count
    }

    /// A name as SQL gets it.
    func name(_ symbol: Symbol) -> SQLValue {
        let at = Int(symbol.index)
        while names.count <= at {
            names.append(.text(SQLText.safe(index.name(Symbol(index: UInt32(names.count))))))
        }
        return names[at]
    }

    var lastEvent: Timestamp? { index.summary.span?.upperBound }

    /// Does something with the index, unless that has been given up.
    func reading<T>(_ body: () throws(IndexFault) -> T) -> T? {
        if stop != nil { return nil }
        if index.framesRead > mostFrames, !isPatient {
            stop = .tooCostly
            return nil
        }
        do throws(IndexFault) {
            return try body()
        } catch {
            stop = .fault(error)
            return nil
        }
    }
}

/// One walk through the rows that conditions leave.
final class IndexedEventCursor {
    private let events: IndexedEvents
    private var cursor: IndexCursor?
    private(set) var row: IndexedRow?
    private var values: [SQLValue]?

    init(_ events: IndexedEvents) {
        self.events = events
    }

    /// Begins anew; false where reading was given up.
    func begin(_ conditions: EventConditions) -> Bool {
        let events = events
        cursor = events.reading { () throws(IndexFault) in IndexCursor(events.index, try conditions.plan(events.index))
        }
        return cursor != nil && advance()
    }

    /// Goes to the next row; false where reading was given up.
    func advance() -> Bool {
        values = nil
        row = nil
        guard let next = events.reading({ () throws(IndexFault) in try cursor?.next() }) else { return false }
        row = next
        return true
    }

    /// A column's value in the row. What needs no look into the line comes first; the rest is made once a row.
    func value(_ column: Int) -> SQLValue {
        guard let row else { return .null }
        if column < EventTables.fields.count, let field = EventTables.fields[column] {
            return value(field, row.batch.value, row.row)
        }
        let time = Timestamp(nanoseconds: row.batch.value.time[row.row])
        switch column {
        case 0: return .integer(EventRecord.seq(row.delivery))
        case 1: return time.isAbsent ? .null : .integer(time.nanoseconds)
        case 2: return events.name(row.batch.value.actor[row.row])
        case 3: return events.name(row.batch.value.event[row.row])
        case 5:
            let endpoint = row.batch.value.endpoint[row.row]
            return endpoint == .none ? .null : events.name(endpoint)
        case 12 where !row.batch.value.fields[row.row].contains(.outcome): return .null
        // Another word than those of the vocabulary stands in the line alone.
        case 12 where row.batch.value.outcome[row.row] != .unknown: return .text(row.batch.value.outcome[row.row].name)
        case 33: return .text(events.index.summary.sources[Int(row.delivery.source.index)])
        case 34: return .integer(Int64(clamping: row.batch.value.line(at: row.row)))
        case EventTables.timeColumn: return time.isAbsent ? .null : .text(time.rfc3339(digits: 9))
        default: return fromLine(column, row)
        }
    }

    private func value(_ field: Field, _ batch: borrowing EventBatch, _ row: Int) -> SQLValue {
        guard let bits = batch.integer(field, at: row) else { return .null }
        if field.isSymbol { return events.name(Symbol(index: UInt32(truncatingIfNeeded: bits))) }
        if field.isGeneration, bits >= Generation.firstLarge {
            let generation = Generation(code: bits) { events.index.name($0) }
            return generation.int64.map { .integer($0) } ?? .text(generation.description)
        }
        if !field.isNumber { return .integer(bits) }
        let number = Double(bitPattern: UInt64(bitPattern: bits))
        return field == .depth ? SQLValue(count: number) : .number(number)
    }

    private func fromLine(_ column: Int, _ row: IndexedRow) -> SQLValue {
        if values == nil {
            var columns = ColumnValues()
            let record = EventRecord(
                row.batch.value, row: row.row, delivery: row.delivery, name: { events.index.name($0) },
                file: events.index.summary.sources[Int(row.delivery.source.index)])
            EventTables.bind(record, to: &columns)
            values = columns.values
        }
        return values.map { column < $0.count ? $0[column] : .null } ?? .null
    }
}
