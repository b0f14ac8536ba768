import GRDB
import GRDBSQLite

/// `events` as a virtual table of SQLite's: its C callbacks, and so, with `SQLGuard`, the only place of the room that handles pointers.
///
/// SQLite asks for a plan (`xBestIndex`) with the conditions of a query, then for rows (`xFilter`, `xNext`, `xColumn`). It looks at every
/// row again itself, so that a plan only has to leave out nothing. See https://sqlite.org/vtab.html.
enum EventModule {
    /// Puts the table into a connection, which owns it from then on.
    static func add(_ events: IndexedEvents, to db: Database) throws {
        let context = Unmanaged.passRetained(Context(events))
        let code = sqlite3_create_module_v2(
            db.sqliteConnection, "events", context.takeUnretainedValue().module, context.toOpaque(),
            { $0.map { Unmanaged<Context>.fromOpaque($0).release() } })
        guard code == SQLITE_OK else { throw DatabaseError(resultCode: ResultCode(rawValue: code)) }
        // A table without a CREATE TABLE is set up as it is first used, which the guard would refuse.
        _ = try Row.fetchAll(db, sql: "SELECT 1 FROM events LIMIT 0")
    }

    /// What lives as long as the module: its callbacks, the events, and the plans that were made.
    private final class Context {
        let events: IndexedEvents
        let module = UnsafeMutablePointer<sqlite3_module>.allocate(capacity: 1)
        var plans: [[EventCondition]] = []

        init(_ events: IndexedEvents) {
            self.events = events
            var callbacks = sqlite3_module()
            callbacks.xConnect = { connection, context, _, _, table, _ in connect(connection, context, table) }
            callbacks.xDisconnect = {
                $0.map { UnsafeMutableRawPointer($0).assumingMemoryBound(to: Table.self) }?.end() ?? SQLITE_OK
            }
            callbacks.xBestIndex = { bestIndex($0, $1) }
            callbacks.xOpen = { open($0, $1) }
            callbacks.xClose = {
                $0.map { UnsafeMutableRawPointer($0).assumingMemoryBound(to: Cursor.self) }?.end() ?? SQLITE_OK
            }
            callbacks.xFilter = { cursor, plan, _, count, values in filter(cursor, Int(plan), Int(count), values) }
            callbacks.xNext = { EventModule.rows($0)?.advance() ?? false ? SQLITE_OK : SQLITE_ABORT }
            callbacks.xEof = { EventModule.rows($0)?.row == nil ? 1 : 0 }
            callbacks.xColumn = { cursor, result, column in
                EventModule.rows(cursor)?.value(Int(column)).give(to: result)
                return SQLITE_OK
            }
            callbacks.xRowid = { cursor, id in
                if case .integer(let seq)? = EventModule.rows(cursor)?.value(0) { id?.pointee = seq }
                return SQLITE_OK
            }
            // Without it SQLite would call the table unmodifiable before the guard could say what is refused.
            callbacks.xUpdate = { _, _, _, _ in SQLITE_READONLY }
            module.initialize(to: callbacks)
        }

        deinit { module.deallocate() }
    }

    /// SQLite's own part stands first in both, as it demands.
    private struct Table {
        var base = sqlite3_vtab()
        let context: Unmanaged<Context>
    }

    private struct Cursor {
        var base = sqlite3_vtab_cursor()
        let context: Unmanaged<Context>
        let rows: Unmanaged<IndexedEventCursor>
    }

    // MARK: Callbacks

    private static func connect(
        _ connection: OpaquePointer?, _ context: UnsafeMutableRawPointer?,
        _ result: UnsafeMutablePointer<UnsafeMutablePointer<sqlite3_vtab>?>?
    ) -> CInt {
        guard let context else { return SQLITE_INTERNAL }
        let code = sqlite3_declare_vtab(connection, EventTables.indexedEvents)
        guard code == SQLITE_OK else { return code }
        let table = UnsafeMutablePointer<Table>.allocate(capacity: 1)
        table.initialize(to: Table(context: Unmanaged<Context>.fromOpaque(context)))
        result?.pointee = UnsafeMutableRawPointer(table).assumingMemoryBound(to: sqlite3_vtab.self)
        return SQLITE_OK
    }

    private static func open(
        _ table: UnsafeMutablePointer<sqlite3_vtab>?,
        _ result: UnsafeMutablePointer<UnsafeMutablePointer<sqlite3_vtab_cursor>?>?
    ) -> CInt {
        guard let context = context(table) else { return SQLITE_INTERNAL }
        let cursor = UnsafeMutablePointer<Cursor>.allocate(capacity: 1)
        let rows = IndexedEventCursor(context.takeUnretainedValue().events)
        cursor.initialize(to: Cursor(context: context, rows: Unmanaged.passRetained(rows)))
        result?.pointee = UnsafeMutableRawPointer(cursor).assumingMemoryBound(to: sqlite3_vtab_cursor.self)
        return SQLITE_OK
    }

    private static func filter(
        _ cursor: UnsafeMutablePointer<sqlite3_vtab_cursor>?, _ plan: Int, _ count: Int,
        _ values: UnsafeMutablePointer<OpaquePointer?>?
    ) -> CInt {
        guard let cursor, let rows = rows(cursor) else { return SQLITE_INTERNAL }
        let context = UnsafeMutableRawPointer(cursor).assumingMemoryBound(to: Cursor.self).pointee.context
        var conditions = EventConditions()
        for (index, condition) in context.takeUnretainedValue().plans[plan].prefix(count).enumerated() {
            conditions.add(condition, SQLValue(values?[index]))
        }
        return rows.begin(conditions) ? SQLITE_OK : SQLITE_ABORT
    }

    private static func bestIndex(
        _ table: UnsafeMutablePointer<sqlite3_vtab>?, _ info: UnsafeMutablePointer<sqlite3_index_info>?
    ) -> CInt {
        guard let info, let context = context(table)?.takeUnretainedValue() else { return SQLITE_INTERNAL }
        var estimate = EventEstimate(rows: context.events.count, endpoints: context.events.endpoints)
        var plan: [EventCondition] = []
        for index in 0..<Int(info.pointee.nConstraint) {
            guard let constraint = info.pointee.aConstraint?[index], constraint.usable != 0,
                let relation = relation(CInt(constraint.op)),
                let column = EventTables.column(Int(constraint.iColumn), relation)
            else { continue }
            // Texts may be compared in ways that an index knows nothing of.
            let collation = sqlite3_vtab_collation(info, CInt(index)).map { String(cString: $0) }
            if relation != .glob, collation != "BINARY" { continue }
            let condition = EventCondition(column: column, relation: relation)
            plan.append(condition)
            estimate.add(condition)
            info.pointee.aConstraintUsage[index].argvIndex = CInt(plan.count)
        }
        info.pointee.idxNum = CInt(context.plans.count)
        context.plans.append(plan)
        info.pointee.estimatedCost = estimate.cost
        info.pointee.estimatedRows = Int64(estimate.rows)
        // Rows come by their place; but of `IN` SQLite asks for one value after the other.
        let order = info.pointee.nOrderBy == 1 ? info.pointee.aOrderBy?.pointee : nil
        let isInOrder = order.map { $0.iColumn <= 0 && $0.desc == 0 } ?? false
        info.pointee.orderByConsumed = isInOrder && !plan.contains { $0.relation == .equal } ? 1 : 0
        return SQLITE_OK
    }

    // MARK: Pointers

    private static func context(_ table: UnsafeMutablePointer<sqlite3_vtab>?) -> Unmanaged<Context>? {
        table.map { UnsafeMutableRawPointer($0).assumingMemoryBound(to: Table.self).pointee.context }
    }

    private static func rows(_ cursor: UnsafeMutablePointer<sqlite3_vtab_cursor>?) -> IndexedEventCursor? {
        cursor.map {
            UnsafeMutableRawPointer($0).assumingMemoryBound(to: Cursor.self).pointee.rows.takeUnretainedValue()
        }
    }

    private static func relation(_ code: CInt) -> EventCondition.Relation? {
        switch code {
        case SQLITE_INDEX_CONSTRAINT_EQ: .equal
        case SQLITE_INDEX_CONSTRAINT_GE, SQLITE_INDEX_CONSTRAINT_GT: .atLeast
        case SQLITE_INDEX_CONSTRAINT_LE, SQLITE_INDEX_CONSTRAINT_LT: .atMost
        case SQLITE_INDEX_CONSTRAINT_GLOB: .glob
        default: nil
        }
    }
}

extension UnsafeMutablePointer {
    /// Frees what SQLite has done with.
    fileprivate func end() -> CInt {
        deinitialize(count: 1)
        deallocate()
        return SQLITE_OK
    }
}

/// What a plan is likely to cost, in events read, and to give.
private struct EventEstimate {
    private(set) var rows: Double
    private(set) var cost: Double
    private let endpoints: Double
    private var isFile = false
    private var isLine = false

    init(rows: Int, endpoints: Int) {
        self.rows = Double(max(1, rows))
        cost = self.rows
        self.endpoints = Double(max(1, endpoints))
    }

    mutating func add(_ condition: EventCondition) {
        switch (condition.column, condition.relation) {
        case (.seq, .equal): narrow(to: 1, cost: 200)
        case (.file, _), (.line, _):
            if case .file = condition.column { isFile = true } else { isLine = condition.relation == .equal || isLine }
            if isFile, isLine { narrow(to: 1, cost: 200) }
        case (.name(.endpoint), .equal): narrow(to: rows / endpoints, cost: cost / endpoints * 200)
        // Frames mostly hold several actors and events.
        case (.name, .equal): narrow(to: rows / 8, cost: cost * 0.9)
        case (.name, _): narrow(to: rows / 2, cost: cost * 0.95)
        case (_, .equal): narrow(to: rows / 100, cost: cost / 20)
        default: narrow(to: rows / 4, cost: cost / 4)
        }
    }

    private mutating func narrow(to rows: Double, cost: Double) {
        self.rows = max(1, min(self.rows, rows))
        self.cost = max(1, min(self.cost, cost))
    }
}

extension SQLValue {
    /// A value that SQLite hands over.
    fileprivate init(_ value: OpaquePointer?) {
        switch value.map(sqlite3_value_type) ?? SQLITE_NULL {
        case SQLITE_INTEGER: self = .integer(sqlite3_value_int64(value))
        case SQLITE_FLOAT: self = .number(sqlite3_value_double(value))
        case SQLITE_TEXT: self = sqlite3_value_text(value).map { .text(String(cString: $0)) } ?? .null
        default: self = .null
        }
    }

    /// Hands a value to SQLite, which copies it.
    fileprivate func give(to result: OpaquePointer?) {
        // SQLITE_TRANSIENT, a macro that C imports cannot show.
        let copies = unsafeBitCast(-1, to: sqlite3_destructor_type.self)
        switch self {
        case .null: sqlite3_result_null(result)
        case .integer(let integer): sqlite3_result_int64(result, integer)
        case .number(let number): sqlite3_result_double(result, number)
        case .text(var text):
            text.withUTF8 { bytes in
                bytes.withMemoryRebound(to: CChar.self) {
                    sqlite3_result_text64(result, $0.baseAddress, UInt64($0.count), copies, UInt8(SQLITE_UTF8))
                }
            }
        case .bytes(let bytes): sqlite3_result_blob64(result, bytes, UInt64(bytes.count), copies)
        }
    }
}
