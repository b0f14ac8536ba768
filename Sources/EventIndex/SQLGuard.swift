import GRDB
import GRDBSQLite
import Synchronization

/// What a query may cost.
package struct SQLLimits: Sendable {
    /// How long a query may run, where no clock is given with it.
    package var time = usualTime
    /// The longest text, and the most bytes of text in a row.
    package var length: Int32 = 16 << 20

    /// How long a query may run where nobody says.
    package static let usualTime = Duration.seconds(30)
    /// How much memory SQLite may hold, in bytes. SQLite knows one such limit for all connections of a process, so it is never changed.
    static let memory: Int64 = 512 << 20

    /// The usual limits.
    package init() {}
}

/// Stands between a query that somebody wrote and SQLite: it reads the tables and computes, and does nothing else.
///
/// Two of SQLite's own defences, the first of which it offers as a C callback only, so this file and no other of the room handles pointers:
/// - the *authorizer* is asked about every action as a statement is compiled. Allowed are SELECT, reading a column, recursion, and every
///   function that SQLite does not itself flag as having side effects (`load_extension` has);
/// - *limits* on the length of texts, SQL, expressions and patterns, and on memory, keep a small query from becoming a large one;
/// - its deadline is kept from outside, by `QueryClock`: a callback inside SQLite is not called while a single function runs.
///
/// The callback gets a pointer to the guard without owning it: the connection must not outlive it (`EventDatabase` holds both).
final class SQLGuard: Sendable {
    private let forbiddenFunctions: Set<String>
    private let state = Mutex(State())

    private struct State {
        var denied: String?
    }

    /// Puts the guard before a connection, for good: afterwards not even we can write there.
    init(_ db: Database, limits: SQLLimits) throws {
        // SQLITE_DIRECTONLY: "side effects or sensitive information", as SQLite documents the flag.
        forbiddenFunctions = try String.fetchSet(
            db, sql: "SELECT DISTINCT name FROM pragma_function_list WHERE flags & \(SQLITE_DIRECTONLY)")
        // SQLite sets a table-valued function up, by a CREATE TABLE of its own, when it is first used: now, or never.
        _ = try Row.fetchAll(db, sql: "SELECT 1 FROM json_each('[]'), json_tree('[]')")
        try db.execute(sql: "PRAGMA query_only = 1")
        _ = SQLGuard.limitsMemory
        let maxima: [(CInt, CInt)] = [
            (SQLITE_LIMIT_LENGTH, limits.length), (SQLITE_LIMIT_SQL_LENGTH, 1 << 16), (SQLITE_LIMIT_COLUMN, 256),
            (SQLITE_LIMIT_EXPR_DEPTH, 200), (SQLITE_LIMIT_COMPOUND_SELECT, 64), (SQLITE_LIMIT_VDBE_OP, 1 << 18),
            (SQLITE_LIMIT_FUNCTION_ARG, 64), (SQLITE_LIMIT_ATTACHED, 0), (SQLITE_LIMIT_LIKE_PATTERN_LENGTH, 256),
            (SQLITE_LIMIT_VARIABLE_NUMBER, 256), (SQLITE_LIMIT_TRIGGER_DEPTH, 1), (SQLITE_LIMIT_WORKER_THREADS, 0),
        ]
        for (limit, value) in maxima { sqlite3_limit(db.sqliteConnection, limit, value) }
        let context = Unmanaged.passUnretained(self).toOpaque()
        sqlite3_set_authorizer(
            db.sqliteConnection,
            { context, action, first, second, _, _ in
                guard let context else { return SQLITE_DENY }
                return Unmanaged<SQLGuard>.fromOpaque(context).takeUnretainedValue()
                    .authorize(action, first.map { String(cString: $0) }, second.map { String(cString: $0) })
            }, context)
    }

    /// Sets the process's limit, once.
    private static let limitsMemory: Bool = sqlite3_hard_heap_limit64(SQLLimits.memory) >= 0

    /// Forgets what the query before did.
    func begin() {
        state.withLock { $0 = State() }
    }

    /// What was refused since `begin`, in SQL's word: `INSERT`, `load_extension()`.
    var denied: String? { state.withLock { $0.denied } }

    /// The bytes of text in the row that a statement has come to. They are counted before any is copied: a `zeroblob` takes no memory
    /// until it is looked at.
    static func length(ofRow statement: Statement) -> Int {
        (0..<CInt(statement.columnCount)).reduce(0) { sum, column in
            switch sqlite3_column_type(statement.sqliteStatement, column) {
            case SQLITE_TEXT, SQLITE_BLOB: sum + Int(sqlite3_column_bytes(statement.sqliteStatement, column))
            default: sum
            }
        }
    }

    /// The names of a compiled statement's parameters without their first character; nil for a bare `?`.
    static func parameters(of statement: Statement) -> [String?] {
        let count = sqlite3_bind_parameter_count(statement.sqliteStatement)
        guard count > 0 else { return [] }
        return (1...count).map { index in
            sqlite3_bind_parameter_name(statement.sqliteStatement, index).map {
                String(String(cString: $0).dropFirst())
            }
        }
    }

    private func authorize(_ action: CInt, _ first: String?, _ second: String?) -> CInt {
        switch action {
        case SQLITE_SELECT, SQLITE_READ, SQLITE_RECURSIVE:
            return SQLITE_OK
        case SQLITE_FUNCTION where !forbiddenFunctions.contains(second ?? ""):
            return SQLITE_OK
        case SQLITE_FUNCTION:
            note((second ?? "") + "()")
        default:
            // What changes the schema is asked about as a write to the schema's own table.
            let isSchema = first?.hasPrefix("sqlite_") ?? false
            note(isSchema ? "more than reading" : SQLGuard.words[action] ?? "more than reading")
        }
        return SQLITE_DENY
    }

    private func note(_ what: String) {
        state.withLock { if $0.denied == nil { $0.denied = what } }
    }

    private static let words: [CInt: String] = [
        SQLITE_INSERT: "INSERT", SQLITE_UPDATE: "UPDATE", SQLITE_DELETE: "DELETE", SQLITE_PRAGMA: "PRAGMA",
        SQLITE_ATTACH: "ATTACH", SQLITE_DETACH: "DETACH", SQLITE_TRANSACTION: "a transaction",
        SQLITE_SAVEPOINT: "SAVEPOINT", SQLITE_ALTER_TABLE: "ALTER TABLE", SQLITE_REINDEX: "REINDEX",
        SQLITE_ANALYZE: "ANALYZE",
    ]
}
