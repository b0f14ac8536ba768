/// Puts the lines of one process's files in a row.
enum FileParts {
    /// The lines of a file with its two parts swapped, where they fall into two of two lines or more, the later wholly ahead of the first by
    /// time, and its counters do not rise as they stand; nil where that is not so, or there is more than one such cut.
    static func swapped(_ lines: [Line]) -> [Line]? {
        guard let cut = cut(lines) else { return nil }
        let counters = ReversedFiles.Changes.ofCounters(lines)
        if counters.rises > counters.falls { return nil }
        return Array(lines[cut...] + lines[..<cut])
    }

    private static func cut(_ lines: [Line]) -> Int? {
        guard lines.count >= 4 else { return nil }
        var latestBehind = [Int64](repeating: .min, count: lines.count + 1)
        for at in lines.indices.reversed() { latestBehind[at] = max(latestBehind[at + 1], lines[at].time) }
        var earliest = Int64.max
        var cut: Int?
        for at in 1..<(lines.count - 1) {
            earliest = min(earliest, lines[at - 1].time)
            if at >= 2, latestBehind[at] < earliest {
                if cut != nil { return nil }
                cut = at
            }
        }
        return cut
    }

    /// Joins the lines of several files or rotations: one behind the other, but by their counters where these rise in files of one time.
    static func joined(_ parts: [[Line]]) -> [Line] {
        var joined: [Line] = []
        var group: [[Line]] = []
        var latest = Int64.min
        for part in parts where !part.isEmpty {
            let span = span(part)
            if !group.isEmpty, span.lowerBound > latest {
                joined += merged(group)
                group = []
            }
            group.append(part)
            latest = max(latest, span.upperBound)
        }
        return joined + merged(group)
    }

    private static func span(_ lines: [Line]) -> ClosedRange<Int64> {
        lines.reduce(lines[0].time...lines[0].time) { min($0.lowerBound, $1.time)...max($0.upperBound, $1.time) }
    }

    private static func merged(_ parts: [[Line]]) -> [Line] {
        guard parts.count > 1, parts.allSatisfy(rises) else { return parts.flatMap { $0 } }
        var merged: [Line] = []
        merged.reserveCapacity(parts.reduce(0) { $0 + $1.count })
        var at = parts.map { _ in 0 }
        var last: Int?
        while true {
            // A line without a counter stays behind the one ahead of it.
            if let part = last, at[part] < parts[part].count, !parts[part][at[part]].hasClock {
                merged.append(parts[part][at[part]])
                at[part] += 1
                continue
            }
            var best: Int?
            for part in parts.indices where at[part] < parts[part].count {
                guard let other = best else {
                    best = part
                    continue
                }
                if parts[part][at[part]].counter < parts[other][at[other]].counter { best = part }
            }
            guard let best else { return merged }
            merged.append(parts[best][at[best]])
            at[best] += 1
            last = best
        }
    }

    /// Whether the counters of a file rise as they stand, and there are any.
    private static func rises(_ lines: [Line]) -> Bool {
        var last: Int64 = -1
        for line in lines where line.hasClock {
            if line.counter <= last { return false }
            last = line.counter
        }
        return last >= 0
    }
}
