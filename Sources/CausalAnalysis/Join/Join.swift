import EventModel

extension Facts {
    /// Finds out which sequence's record bears each name that others may refer to. Of the `id`s only those are looked for that a record names.
    /// - Parameter dropped: by stream, the lines that are there twice, which bear no names.
    mutating func join(
        _ sequences: borrowing Table<ActorSequence>, without dropped: [Int: Set<RecordSpot>]
    ) throws(SpillFailure) {
        var sequenceOfStream = [Int32](repeating: -1, count: streams.count)
        for at in sequences.indices {
            for stream in sequences[at].streams { sequenceOfStream[Int(stream)] = Int32(at) }
        }
        let isAnyWanted = names.count > 0
        let areCreationsWanted = streams.contains { $0.names.contains(.references) }
        for stream in streams.indices {
            let held = streams[stream].names
            let isLookedAt =
                held.contains(.creations) && areCreationsWanted
                || isAnyWanted && (held.contains(.ids) || held.contains(.enqueues))
            if !isLookedAt { continue }
            var number = streams[stream].firstFrame
            while number >= 0 {
                let frame = try frame(number, .fields)
                for row in 0..<frame.events.count
                where dropped[stream]?.contains(RecordSpot(frame: number, row: Int32(row))) != true {
                    let isCreation = frame.events.kind[row] == .planCreated
                    References.forEachNameBorne(by: frame.events, row) { key in
                        if isCreation || names.find(key) != nil { names.bear(key, sequenceOfStream[stream]) }
                    }
                }
                number = next(number)
            }
        }
    }
}
