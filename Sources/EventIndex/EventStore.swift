import EventModel
import GRDB

/// Takes events and findings in, as tables for SQL; `seal` turns it into an `EventDatabase`, which answers queries and takes nothing.
///
/// The tables live in a private temporary database of SQLite's: in memory up to `cacheBytes`, beyond that in a file that has
/// no name, and so is gone with the process however it ends.
package struct EventStore: ~Copyable {
    private let queue: DatabaseQueue
    private let index: IndexedEvents?

    /// Why the tables could not be made.
    package struct Failure: Error, Sendable {
        /// What SQLite said.
        package var message: String

        /// What to do about it.
        package var hint: String {
            "events for SQL go to a temporary file: is there room where TMPDIR points (or SQLITE_TMPDIR)?"
        }
    }

    /// How much of the tables is kept in memory where nothing else is asked for, in bytes.
    package static let usualCache = 64 << 20

    /// An empty store.
    /// - Parameters:
    ///   - index: where events are read from as they are asked for; nil: they are inserted.
    ///   - cacheBytes: how much of the tables is kept in memory.
    package init(reading index: IndexedEvents? = nil, cacheBytes: Int = usualCache) throws(Failure) {
        var configuration = Configuration()
        configuration.label = "events"
        // One transaction from the first row to `seal`.
        configuration.allowsUnsafeTransactions = true
        configuration.prepareDatabase { db in
            db.add(function: EventTables.rfc3339)
            // Nobody else reads the file and nobody recovers it: no journal, no waiting for the disk.
            try db.execute(
                sql: """
                    PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA locking_mode = EXCLUSIVE;
                    PRAGMA cache_size = -\(max(1, cacheBytes / 1024)); PRAGMA page_size = 16384;
                    """)
        }
        self.index = index
        queue = try EventStore.sqlite {
            let queue = try DatabaseQueue(path: "", configuration: configuration)
            try queue.writeWithoutTransaction { db in
                if let index {
                    try EventModule.add(index, to: db)
                } else {
                    try db.execute(sql: EventTables.events)
                }
                try db.execute(sql: EventTables.findings)
                try db.beginTransaction()
            }
            return queue
        }
    }

    /// Adds events. Cheapest with some hundreds at a time.
    package borrowing func insert(_ events: some Sequence<EventRecord>) throws(Failure) {
        try fill { db in
            var values = RowBinder(try db.cachedStatement(sql: EventTables.insertEvent))
            for event in events {
                EventTables.bind(event, to: &values)
                guard values.insert() else { throw Failure(message: db.lastErrorMessage ?? "no reason given") }
            }
        }
    }

    /// Adds findings and their evidence.
    package borrowing func insert(_ tables: StoredTables) throws(Failure) {
        try fill { db in
            for (sql, rows) in [
                (EventTables.insertFinding, tables.findings), (EventTables.insertEvidence, tables.evidence),
            ] {
                var values = RowBinder(try db.cachedStatement(sql: sql))
                for row in rows {
                    for value in row { values.add(value) }
                    guard values.insert() else { throw Failure(message: db.lastErrorMessage ?? "no reason given") }
                }
            }
        }
    }

    /// Ends the filling: from here on the tables can only be read, and only as `SQLGuard` allows.
    package consuming func seal(limits: SQLLimits = SQLLimits()) throws(Failure) -> EventDatabase {
        let (queue, index) = (queue, index)
        return try EventStore.sqlite {
            try queue.writeWithoutTransaction { db in
                if index == nil { try db.execute(sql: EventTables.indices) }
                try db.commit()
            }
            return try EventDatabase(queue: queue, limits: limits, lastEvent: index?.lastEvent)
        }
    }

    private borrowing func fill(_ body: (Database) throws -> Void) throws(Failure) {
        try EventStore.sqlite { try queue.writeWithoutTransaction(body) }
    }

    /// Names what went wrong in SQLite in our own words.
    static func sqlite<T>(_ body: () throws -> T) throws(Failure) -> T {
        do {
            return try body()
        } catch let failure as Failure {
            throw failure
        } catch let error as DatabaseError {
            throw Failure(message: error.message ?? error.resultCode.description)
        } catch {
            throw Failure(message: String(describing: error))
        }
    }
}
