import EventModel

/// How the causal order reads its sources: row by row into the lanes of their actors.
extension CausalOrder {
    mutating func openFirst() {
        let count = windows.count
        if count <= options.openSources {
            for source in 0..<count { open(source) }
            return
        }
        for source in 0..<count {
            if let time = supply.firstTime(of: SourceID(index: UInt32(source))) {
                dormant.append((time.nanoseconds, source))
            } else {
                // It holds no record, but perhaps damage or lines that are none, which only reading brings to light.
                open(source)
            }
        }
        // Latest first, so that the next to open is the last.
        dormant.sort { ($0.time, $0.source) > ($1.time, $1.source) }
        for _ in 0..<options.openSources {
            if let next = dormant.popLast() { open(next.source) }
        }
    }

    mutating func open(_ source: Int) {
        windows[source].state = .open
        // Whether many write in it mostly shows at once; then nothing goes out before it is read ahead.
        for _ in 0..<options.probe where windows[source].state == .open && !windows[source].isShared {
            releaseNext(from: source)
        }
    }

    /// Releases the next row of a source into its lane; false at the source's end. Lanes that have waited for it are looked at again, but
    /// the one that is being filled.
    @discardableResult
    mutating func releaseNext(from source: Int, filling asking: Int = -1) -> Bool {
        if windows[source].slot < 0 || windows[source].next == batches[windows[source].slot].events.count {
            guard let batch = supply.next(of: SourceID(index: UInt32(source))) else {
                windows[source].end()
                sharedLive.removeAll { $0 == source }
                touchLanes(of: source)
                if !mayShowMoreActors { reconsiderAbsent() }
                return false
            }
            windows[source].begin(batches.hold(batch, of: source))
        }
        let slot = windows[source].slot
        let held = batches[slot]
        let row = windows[source].next
        if row % EventBatch.prefetchedRows == 0 { held.events.prefetch(row + 2 * EventBatch.prefetchedRows) }
        let time = held.events.time[row]
        let actor = held.events.actor[row]
        if windows[source].isScattered(by: actor, at: time, span: 2 * options.maxSkew) {
            scatteredSources.insert(source)
        }
        windows[source].release(time: time, length: held.events.textLength[row])
        let lane = lane(of: actor)
        if !windows[source].isShared, windows[source].firstActor != actor { share(source, with: actor) }
        lanes[lane].release(HeldPlace(slot: slot, row: Int32(truncatingIfNeeded: row)), from: source)
        if held.events.kind[row] == .planCreated { inference.notePlanner(lane) }
        if lane != asking, lanes[lane].isHungry(reach: options.reach) { touched.append(lane) }
        return true
    }

    /// Notes an actor that writes in a source: the second makes it shared.
    private mutating func share(_ source: Int, with actor: Symbol) {
        if windows[source].firstActor == nil {
            windows[source].firstActor = actor
        } else {
            windows[source].isShared = true
            sharedLive.append(source)
        }
    }

    /// A row has been given out or dropped: its batch goes with its last row.
    mutating func finish(_ place: HeldPlace) {
        let held = batches[place.slot]
        held.finish(Int(place.row))
        if held.isFinished { windows[held.source].release(place.slot, in: &batches) }
    }

    /// Reads shared sources ahead, and opens those whose first record has come near.
    mutating func readAhead(span: Int64) {
        var at = 0
        while at < sharedLive.count {
            let source = sharedLive[at]
            while windows[source].state == .open,
                windows[source].mayRelease(span: span, bytes: options.lookAheadBytes, batches)
            {
                releaseNext(from: source)
            }
            if at < sharedLive.count, sharedLive[at] == source { at += 1 }
        }
        if let next = dormant.last, let top = ready.top,
            next.time <= top.time.addingReportingOverflow(2 * options.maxSkew).partialValue
        {
            dormant.removeLast()
            open(next.source)
        }
    }

    mutating func lane(of actor: Symbol) -> Int {
        let symbol = Int(actor.index)
        if symbol < laneOfActor.count, laneOfActor[symbol] >= 0 { return Int(laneOfActor[symbol]) }
        laneOfActor.grow(toHold: symbol, with: -1)
        laneOfActor[symbol] = Int32(lanes.count)
        lanes.append(Lane(actor: actor, name: supply.symbols[actor], reach: options.reach))
        notes.actors.append(OrderNotes.Actor(actor: actor))
        skew.add(actor)
        reconsiderAbsent()
        return lanes.count - 1
    }

    /// The process of an actor's latest life begun; −1 before its first.
    func latestLife(of actor: Symbol) -> Int32 {
        let symbol = Int(actor.index)
        return symbol < lifeOfActor.count ? lifeOfActor[symbol] : -1
    }

    func knownLane(of actor: Symbol) -> Int? {
        let symbol = Int(actor.index)
        return symbol < laneOfActor.count && laneOfActor[symbol] >= 0 ? Int(laneOfActor[symbol]) : nil
    }

    /// The sources in which processes stand one after the other, with the actors in each, by name: their records were not given out
    /// in order, and are once each source is read by one source for each actor. Not with so many actors that this would cost more
    /// than it is worth.
    package var scattered: [SourceID: [String]] {
        var actors: [SourceID: [String]] = [:]
        for source in scatteredSources {
            let names = lanes.indices.filter { lanes[$0].isFed(by: source) }.map { lanes[$0].name }.sorted()
            if names.count <= 256 { actors[SourceID(index: UInt32(source))] = names }
        }
        return actors
    }

    mutating func touchLanes(of source: Int) {
        for lane in lanes.indices where lanes[lane].isFed(by: source) { touched.append(lane) }
    }
}
