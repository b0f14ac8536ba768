import EventModel

/// Finds the files that were written newest first: their times fall at least three times and rise less than a tenth as often, and their
/// counters do not say otherwise.
enum ReversedFiles {
    /// How often a value rises and falls from line to line.
    struct Changes {
        var rises: Int64 = 0
        var falls: Int64 = 0
        private var previous: Int64?

        mutating func add(_ value: Int64) {
            if let previous {
                if value > previous { rises += 1 } else if value < previous { falls += 1 }
            }
            previous = value
        }

        /// Counts the changes of a row of counters.
        static func ofCounters(_ lines: [Line]) -> Changes {
            var changes = Changes()
            for line in lines where line.hasClock { changes.add(line.counter) }
            return changes
        }
    }

    /// The numbers of such sources.
    static func find(_ facts: inout Facts, _ duplicates: Duplicates) throws(SpillFailure) -> Set<Int> {
        var reversed: Set<Int> = []
        for source in facts.sources.indices {
            let survey = facts.sources[source]
            if survey.falls < 3 { continue }
            let isWhole = survey.streams.allSatisfy { duplicates.dropped[$0] == nil }
            let isReversed =
                isWhole
                ? survey.counterRises <= survey.counterFalls
                    && SourceSurvey.isNewestFirst(rises: survey.rises, falls: survey.falls)
                : try isNewestFirst(survey.streams, &facts, duplicates)
            if isReversed { reversed.insert(source) }
        }
        return reversed
    }

    /// Looks at the lines of a file that are not duplicates.
    private static func isNewestFirst(
        _ streams: Range<Int>, _ facts: inout Facts, _ duplicates: Duplicates
    ) throws(SpillFailure) -> Bool {
        var times: [(line: UInt64, time: Int64)] = []
        var counters = Changes()
        for stream in streams {
            let lines = try duplicates.kept(of: stream, &facts)
            let own = Changes.ofCounters(lines)
            counters.rises += own.rises
            counters.falls += own.falls
            for line in lines where line.hasTime { times.append((line.number, line.time)) }
        }
        if counters.rises > counters.falls { return false }
        times.sort { $0.line < $1.line }
        var changes = Changes()
        for time in times { changes.add(time.time) }
        return SourceSurvey.isNewestFirst(rises: changes.rises, falls: changes.falls)
    }
}
