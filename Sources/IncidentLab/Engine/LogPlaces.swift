/// Where the records of one log stand: what is left of them after all damage.
package struct LogPlaces: Sendable, Equatable {
    /// The log's name, without an extension.
    package var log: String
    package var actor: String
    /// The line of each of the actor's records in this log, rotated files counted through from the oldest; 0 for one that is lost.
    package var lines: [Int] = []
    private var count = 0

    init(log: String, actor: String) {
        self.log = log
        self.actor = actor
    }

    /// The actor's next record is not in this log, or cannot be read.
    mutating func lose(lines spoiled: Int = 0) {
        lines.append(0)
        count += spoiled
    }

    /// The actor's next record stands on so many lines, behind as many spoiled ones as `after`, one after another.
    mutating func keep(copies: Int, after spoiled: Int) {
        lines.append(count + spoiled + 1)
        count += copies
    }
}
