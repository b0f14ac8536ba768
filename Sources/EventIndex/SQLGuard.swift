import GRDB
import GRDBSQLite
import Synchronization

/// What a query may cost.
package struct SQLLimits: Sendable {
    /// How long a query may run.
    package var time: Duration = .seconds(30)
    /// How much memory SQLite may hold, in bytes, for all its connections in this process together.
    package var memory: Int64 = 512 << 20
    /// The longest text or row, in bytes.
    package var length: Int32 = 16 << 20

    /// The usual limits.
    package init() {}
}

/// Stands between a query that somebody wrote and SQLite: it reads the tables and computes, and does nothing else.
///
/// Three of SQLite's own defences, which it offers as C callbacks only, so this file and no other of the room handles pointers:
/// - the *authorizer* is asked about every action as a statement is compiled. Allowed are SELECT, reading a column, recursion, and every
///   function that SQLite does not itself flag as having side effects (`load_extension` has);
/// - *limits* on the length of texts, SQL, expressions and patterns, and on memory, keep a small query from becoming a large one;
/// - the *progress handler*, asked after every some thousand steps, ends a query at its deadline.
///
/// The callbacks get a pointer to the guard without owning it: the connection must not outlive it (`EventDatabase` holds both).
final class SQLGuard: Sendable {
    private let limits: SQLLimits
    private let forbiddenFunctions: Set<String>
    private let state = Mutex(State())

    private struct State {
        var deadline: ContinuousClock.Instant?
        var isLate = false
        var denied: String?
    }

    /// Puts the guard before a connection, for good: afterwards not even we can write there.
    init(_ db: Database, limits: SQLLimits) throws {
        self.limits = limits
        // SQLITE_DIRECTONLY: "side effects or sensitive information", as SQLite documents the flag.
        forbiddenFunctions = try String.fetchSet(
            db, sql: "SELECT DISTINCT name FROM pragma_function_list WHERE flags & \(SQLITE_DIRECTONLY)")
        // SQLite sets a table-valued function up, by a CREATE TABLE of its own, when it is first used: now, or never.
        _ = try Row.fetchAll(db, sql: "SELECT 1 FROM json_each('[]'), json_tree('[]')")
        try db.execute(sql: "PRAGMA query_only = 1")
        sqlite3_hard_heap_limit64(limits.memory)
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
        sqlite3_progress_handler(
            db.sqliteConnection, 4096,
            { context in
                guard let context else { return 1 }
                return Unmanaged<SQLGuard>.fromOpaque(context).takeUnretainedValue().isPastDeadline() ? 1 : 0
            }, context)
    }

    /// Starts the clock for one query and forgets what the one before did.
    func begin() {
        state.withLock { $0 = State(deadline: .now + limits.time) }
    }

    /// What was refused since `begin`, in SQL's word: `INSERT`, `load_extension()`.
    var denied: String? { state.withLock { $0.denied } }

    /// Whether the deadline has ended the query.
    var isLate: Bool { state.withLock { $0.isLate } }

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

    private func isPastDeadline() -> Bool {
        state.withLock { state in
            guard let deadline = state.deadline, .now > deadline else { return false }
            state.isLate = true
            return true
        }
    }

    private static let words: [CInt: String] = [
        SQLITE_INSERT: "INSERT", SQLITE_UPDATE: "UPDATE", SQLITE_DELETE: "DELETE", SQLITE_PRAGMA: "PRAGMA",
        SQLITE_ATTACH: "ATTACH", SQLITE_DETACH: "DETACH", SQLITE_TRANSACTION: "a transaction",
        SQLITE_SAVEPOINT: "SAVEPOINT", SQLITE_ALTER_TABLE: "ALTER TABLE", SQLITE_REINDEX: "REINDEX",
        SQLITE_ANALYZE: "ANALYZE",
    ]
}
