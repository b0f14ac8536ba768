import EventModel
import GRDB

/// A database of SQLite in a file of its own, for other programs: the tables that saved queries read, who happened before whom, and the
/// cascade. See `ExportSchema`.
package final class ExportDatabase {
    private let queue: DatabaseQueue

    /// Begins a new file, which must not exist.
    package init(path: String) throws(EventStore.Failure) {
        var configuration = Configuration()
        configuration.allowsUnsafeTransactions = true
        configuration.prepareDatabase { db in
            db.add(function: EventTables.rfc3339)
            // A file that is not finished is thrown away.
            try db.execute(sql: "PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA locking_mode = EXCLUSIVE")
        }
        queue = try EventStore.sqlite {
            let queue = try DatabaseQueue(path: path, configuration: configuration)
            try queue.writeWithoutTransaction { db in
                try db.execute(sql: "PRAGMA page_size = 4096")
                for sql in ExportSchema.tables { try db.execute(sql: sql) }
                try db.beginTransaction()
            }
            return queue
        }
    }

    /// Adds events, with the pairs of which the first, named by its `seq`, happened directly before the second. Cheapest with some hundreds
    /// at a time.
    package func insert(
        _ events: [EventRecord], edges: [(cause: Int64, effect: Int64)]
    ) throws(EventStore.Failure) {
        try fill { db in
            var values = RowBinder(try db.cachedStatement(sql: ExportSchema.insertEvent))
            for event in events {
                EventTables.bind(event, to: &values)
                try ExportDatabase.insert(&values, db)
            }
            var pairs = RowBinder(try db.cachedStatement(sql: ExportSchema.insertPair))
            for edge in edges {
                pairs.add(edge.cause)
                pairs.add(edge.effect)
                try ExportDatabase.insert(&pairs, db)
            }
        }
    }

    /// Adds findings, their evidence and the cascade, and ends the file.
    package func finish(_ tables: StoredTables, _ cascade: Cascade?) throws(EventStore.Failure) {
        try fill { db in
            for (sql, rows) in [
                (ExportSchema.insertFinding, tables.findings), (ExportSchema.insertEvidence, tables.evidence),
                (ExportSchema.insertWindow, ExportSchema.windows(cascade)),
                (ExportSchema.insertMember, ExportSchema.members(cascade)),
                (ExportSchema.insertEdge, ExportSchema.edges(cascade)),
            ] {
                var values = RowBinder(try db.cachedStatement(sql: sql))
                for row in rows {
                    for value in row { values.add(value) }
                    try ExportDatabase.insert(&values, db)
                }
            }
            for (name, sql, meaning) in ExportSchema.views {
                try db.execute(sql: "CREATE VIEW \(name) AS \(sql)")
                try db.execute(sql: "INSERT INTO guide VALUES (?, 'view', ?)", arguments: [name, meaning])
            }
            for (name, meaning) in ExportSchema.meanings {
                try db.execute(sql: "INSERT INTO guide VALUES (?, 'table', ?)", arguments: [name, meaning])
            }
            for sql in ExportSchema.indices { try db.execute(sql: sql) }
            try db.commit()
        }
        try EventStore.sqlite { try queue.close() }
    }

    private func fill(_ body: (Database) throws -> Void) throws(EventStore.Failure) {
        try EventStore.sqlite { try queue.writeWithoutTransaction(body) }
    }

    private static func insert(_ values: inout RowBinder, _ db: Database) throws {
        guard values.insert() else { throw EventStore.Failure(message: db.lastErrorMessage ?? "no reason given") }
    }
}
