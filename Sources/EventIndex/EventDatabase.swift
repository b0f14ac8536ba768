import EventModel
import GRDB

/// Tables of events and findings that answer saved queries, and can be changed by nothing.
package struct EventDatabase: Sendable {
    private let queue: DatabaseQueue
    private let sqlGuard: SQLGuard
    private let limits: SQLLimits
    private let lastEvent: Timestamp?

    /// Takes a connection over and puts the guard before it.
    /// - Parameter lastEvent: the latest time of the events, where it is known.
    init(queue: DatabaseQueue, limits: SQLLimits, lastEvent: Timestamp?) throws {
        self.lastEvent = lastEvent
        self.queue = queue
        self.limits = limits
        sqlGuard = try queue.unsafeRead { db in try SQLGuard(db, limits: limits) }
    }

    /// Runs a query: gives the columns' names to `header`, then every row to `row` until that says false.
    ///
    /// Rows are made as they are asked for; nothing is collected. A query that breaks off, at its deadline or by an error, may
    /// already have given rows.
    /// - Parameters:
    ///   - parameters: texts by name, as `--param name=text` gives them; of two for one name the last counts.
    ///   - offset: the zone of times that name none, in seconds east of UTC.
    ///   - clock: the time that it may take; nil: that of the limits.
    package func run(
        _ query: SavedQuery, parameters: [(name: String, value: String)] = [], offset: Int = 0,
        within clock: QueryClock? = nil, header: ([String]) -> Void, row: ([SQLValue]) -> Bool
    ) throws(SavedQueryError) {
        let clock = clock ?? QueryClock(limits.time)
        do {
            try clock.run(interrupt: { [queue] in queue.interrupt() }) {
                try answer(query, parameters, offset: offset, header: header, row: row)
            }
        } catch let error as SavedQueryError {
            throw error
        } catch let error as DatabaseError {
            throw clock.isLate ? .tooLate(query: query.name, limit: clock.limit) : failure(error, query.name)
        } catch {
            throw .failed(query: query.name, message: String(describing: error))
        }
    }

    private func answer(
        _ query: SavedQuery, _ parameters: [(name: String, value: String)], offset: Int, header: ([String]) -> Void,
        row: ([SQLValue]) -> Bool
    ) throws {
        try queue.unsafeRead { db in
            sqlGuard.begin()
            let values = try query.values(
                parameters, offset: offset, lastEvent: try lastEvent ?? EventDatabase.lastEvent(db))
            let statement = try EventDatabase.statement(query, db)
            var arguments: [String: DatabaseValue] = [:]
            for name in SQLGuard.parameters(of: statement) {
                guard let name, let value = values[name] else {
                    throw SavedQueryError.undeclaredParameter(name, query: query.name)
                }
                arguments[name] = value.databaseValue
            }
            header(statement.columnNames)
            let rows = try Row.fetchCursor(statement, arguments: StatementArguments(arguments))
            while let next = try rows.next() {
                let length = SQLGuard.length(ofRow: statement)
                guard length <= limits.length else {
                    throw SavedQueryError.tooLarge(query: query.name, message: "a row of \(length) bytes")
                }
                if !row(next.databaseValues.map(SQLValue.init)) { return }
            }
        }
    }

    /// Compiles the query's one statement.
    private static func statement(_ query: SavedQuery, _ db: Database) throws -> Statement {
        let statements = try db.allStatements(sql: query.sql)
        guard let first = try statements.next(), try statements.next() == nil else {
            throw SavedQueryError.notOneStatement(query: query.name)
        }
        return first
    }

    private static func lastEvent(_ db: Database) throws -> Timestamp {
        Timestamp(nanoseconds: try Int64.fetchOne(db, sql: "SELECT max(ts) FROM events") ?? 0)
    }

    private func failure(_ error: DatabaseError, _ query: String) -> SavedQueryError {
        let message = error.message ?? error.resultCode.description
        switch error.resultCode {
        case .SQLITE_AUTH: return .denied(what: sqlGuard.denied ?? "more than reading", query: query)
        case .SQLITE_TOOBIG, .SQLITE_NOMEM, .SQLITE_FULL: return .tooLarge(query: query, message: message)
        default:
            if let denied = sqlGuard.denied { return .denied(what: denied, query: query) }
            return .failed(query: query, message: message)
        }
    }
}
