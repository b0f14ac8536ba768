import EventModel
import GRDB
import GRDBSQLite

/// Takes the values of one row of a table, from left to right.
protocol ColumnSink {
    mutating func add(_ value: Int64?)
    mutating func add(_ value: Double?)
    mutating func add(_ value: String?)
    /// A text of JSON, which is long and cannot have a NUL in it.
    mutating func add(json value: String?)
}

extension ColumnSink {
    /// A count that may be an average: whole ones are integers.
    mutating func add(count value: Double?) {
        if let whole = value.flatMap({ Int64(exactly: $0) }) { add(whole) } else { add(value) }
    }

    /// A generation: a number, and where 64 bits do not hold it its digits, which SQL sorts behind all numbers.
    mutating func add(_ value: Generation?) {
        guard let value else { return add(Int64?.none) }
        if let number = value.int64 { add(number) } else { add(value.description) }
    }
}

/// Collects them.
struct ColumnValues: ColumnSink {
    private(set) var values: [SQLValue] = []

    mutating func add(_ value: Int64?) { values.append(value.map { .integer($0) } ?? .null) }
    mutating func add(_ value: Double?) { values.append(value.map { .number($0) } ?? .null) }
    mutating func add(_ value: String?) { values.append(value.map { .text(SQLText.safe($0)) } ?? .null) }
    mutating func add(json value: String?) { values.append(value.map { .text($0) } ?? .null) }
}

/// Texts as SQL gets them.
enum SQLText {
    /// SQLite's functions end a text at its first NUL, so a NUL in a name is stored as the picture of one.
    static func safe(_ text: String) -> String {
        text.utf8.contains(0) ? String(text.map { $0 == "\0" ? "\u{2400}" : $0 }) : text
    }
}

/// Binds the values of one row to a prepared insertion, from left to right, and runs it. Most columns of most rows are NULL, which a
/// fresh statement's parameters are already; so only what is there costs anything.
struct RowBinder: ColumnSink {
    private let statement: Statement
    private var index: CInt = 0
    private var code = SQLITE_OK

    init(_ statement: Statement) {
        self.statement = statement
    }

    mutating func add(_ value: Int64?) {
        index += 1
        if let value { note(value.bind(to: statement.sqliteStatement, at: index)) }
    }

    mutating func add(_ value: Double?) {
        index += 1
        if let value { note(value.bind(to: statement.sqliteStatement, at: index)) }
    }

    mutating func add(_ value: String?) {
        index += 1
        if let value { note(SQLText.safe(value).bind(to: statement.sqliteStatement, at: index)) }
    }

    mutating func add(json value: String?) {
        index += 1
        if let value { note(value.bind(to: statement.sqliteStatement, at: index)) }
    }

    /// A value of any type.
    mutating func add(_ value: SQLValue) {
        index += 1
        note(value.databaseValue.bind(to: statement.sqliteStatement, at: index))
    }

    private mutating func note(_ result: CInt) {
        if code == SQLITE_OK { code = result }
    }

    /// Inserts the row and makes ready for the next. False where SQLite refused; its connection knows why.
    mutating func insert() -> Bool {
        defer {
            sqlite3_reset(statement.sqliteStatement)
            sqlite3_clear_bindings(statement.sqliteStatement)
            index = 0
            code = SQLITE_OK
        }
        return code == SQLITE_OK && sqlite3_step(statement.sqliteStatement) == SQLITE_DONE
    }
}
