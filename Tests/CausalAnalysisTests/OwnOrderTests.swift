import EventModel
import Testing

@testable import CausalAnalysis

/// How the order of one actor's own lines is settled, rule by rule.
@Suite("An actor's own order")
struct OwnOrderTests {
    private static let second = Nanoseconds.second

    private func event(_ seconds: Double, _ counter: Int64? = nil, actor: String = "a", digest: UInt64? = nil)
        -> MemorySupply.Event
    {
        var event = MemorySupply.Event(time: Int64(seconds * 1e9), actor: actor)
        if let counter { event.clock = [actor: counter] }
        event.digest = digest
        return event
    }

    private func seconds(_ supply: MemorySupply) -> [Double] {
        Recorder.order(supply).entries.map { Double($0.time) / 1e9 }
    }

    private func caps(_ sources: [[MemorySupply.Event]], paths: [String]? = nil) -> [Finding.Confidence] {
        var supply = MemorySupply(sources, paths: paths)
        var recorder = CapRecorder()
        do throws(SpillFailure) {
            var order = try SettledOrder(&supply)
            try order.run(&recorder)
        } catch {
            Issue.record("the order failed: \(error.message)")
        }
        return recorder.caps
    }

    @Test("a file that was written newest first is reversed, and what rests on it is at most likely")
    func newestFirst() {
        let file = (1...9).reversed().map { event(Double($0)) }
        let (entries, notes) = Recorder.order(MemorySupply([file]))
        #expect(entries.map(\.time) == (1...9).map { Int64($0) * Self.second })
        #expect(notes.actors.first?.reversed == [SourceID(index: 0)])
        #expect(Set(caps([file])) == [.likely])
    }

    @Test("a newest-first file with counters is no row of restarts")
    func newestFirstCounters() {
        let (entries, notes) = Recorder.order(MemorySupply([(1...6).reversed().map { event(Double($0), Int64($0)) }]))
        #expect(entries.map(\.counter) == [1, 2, 3, 4, 5, 6])
        #expect(notes.actors.first?.restarts.count == 0)
        #expect(notes.actors.first?.gaps.count == 0)
    }

    @Test("a file whose counters rise stays as it stands, whatever its times do")
    func countersRise() {
        let file = (1...6).map { event(Double(10 - $0), Int64($0)) }
        #expect(Recorder.order(MemorySupply([file])).entries.map(\.counter) == [1, 2, 3, 4, 5, 6])
        #expect(Set(caps([file])) == [.proven])
    }

    @Test("of two parts the later by time comes last")
    func parts() {
        let file = [6, 7, 8, 9, 1, 2, 3, 4, 5].map { event($0) }
        let (entries, notes) = Recorder.order(MemorySupply([file]))
        #expect(entries.map(\.time) == (1...9).map { Int64($0) * Self.second })
        #expect(notes.actors.first?.swapped == [SourceID(index: 0)])
        #expect(Set(caps([file])) == [.likely])
    }

    @Test("lines that times dispute stand by time, and what rests on them is at most possible")
    func ambiguous() {
        let file = [1, 2, 4, 3, 5, 6].map { event($0) }
        let (entries, notes) = Recorder.order(MemorySupply([file]))
        #expect(entries.map(\.time) == (1...6).map { Int64($0) * Self.second })
        #expect(notes.actors.first?.ambiguousRanges == 1)
        #expect(notes.actors.first?.ambiguous.count == 2)
        #expect(caps([file]) == [.proven, .proven, .possible, .possible, .proven, .proven])
    }

    @Test("the shortest disputed runs are those of a naive search", arguments: 0..<200)
    func ranges(seed: Int) {
        var random = SeededGenerator(seed: UInt64(seed))
        let lines = (0..<Int.random(in: 1...14, using: &random)).map { at in
            Line(
                spot: RecordSpot(frame: 0, row: Int32(at)), time: Int64(at / 2 + Int.random(in: 0...3, using: &random)),
                counter: Int.random(in: 0...3, using: &random) == 0 ? Int64(at) : -1, digest: 0, hasID: false,
                hasTime: Int.random(in: 0...5, using: &random) > 0, number: UInt64(at))
        }
        func disagree(_ i: Int, _ j: Int) -> Bool {
            lines[i].hasTime && lines[j].hasTime && lines[i].time > lines[j].time
                && !(lines[i].hasClock && lines[j].hasClock)
        }
        // A cut is clean where no pair across it disagrees.
        let cuts = (0...lines.count).filter { cut in
            !(0..<cut).contains { i in (cut..<lines.count).contains { disagree(i, $0) } }
        }
        let naive = zip(cuts, cuts.dropFirst()).map { $0..<$1 }.filter { $0.count > 1 }
        #expect(AmbiguousRanges.find(lines) == naive)
    }

    @Test("records of a disputed range come out as their edges, then time, then line have it", arguments: 0..<200)
    func looseOrder(seed: Int) {
        var random = SeededGenerator(seed: UInt64(seed))
        let records = (0..<Int.random(in: 2...12, using: &random)).map { at in
            SettledRecord(
                spot: RecordSpot(frame: 0, row: Int32(at)), time: Int64.random(in: 0...9, using: &random),
                counter: -1, knownAt: .max, hasClock: Int.random(in: 0...3, using: &random) == 0)
        }
        func precedes(_ i: Int, _ j: Int) -> Bool {
            i < j && (records[i].time <= records[j].time || (records[i].hasClock && records[j].hasClock))
        }
        let blocked = Int.random(in: -3..<records.count, using: &random)
        var left = Set(records.indices)
        var offered: Set<Int> = []
        var loose = LooseOrder(.init(records: records.indices, cycle: nil), records) { offered.insert($0) }
        while !left.isEmpty {
            let minimal = left.filter { j in !left.contains { precedes($0, j) } }
            let free = Set(offered.filter { left.contains($0) && !loose.mustWait($0, records) })
            #expect(free == minimal, "the records that none of the rest precedes are offered")
            // One record may wait for something else as long as others can go.
            let next = minimal.subtracting(minimal.count > 1 ? [blocked] : []).min {
                (records[$0].time, $0) < (records[$1].time, $1)
            }
            guard let next else { break }
            left.remove(next)
            for held in offered where left.contains(held) && loose.mustWait(held, records) {
                if !loose.held.contains(held) { loose.held.append(held) }
            }
            loose.take(next) { offered.insert($0) }
        }
        #expect(loose.isEmpty)
    }

    @Test("rotated files of equal times go by their numbers, the higher one first")
    func rotatedTies() {
        let sources = [[event(5, digest: 3)], [event(5, digest: 2)], [event(5, digest: 1)]]
        let supply = MemorySupply(sources, paths: ["a.log.gz", "a.log.1.gz", "a.log.2.gz"])
        #expect(Recorder.order(supply).entries.map(\.source) == [2, 1, 0])
    }

    @Test("files of one name that overlap in time and have no counters are several processes, ordered by time")
    func pods() {
        let sources = [[event(0), event(10), event(20)], [event(5), event(20.1)]]
        let supply = MemorySupply(sources, paths: ["pod-1.jsonl", "pod-2.jsonl"])
        let (entries, notes) = Recorder.order(supply)
        #expect(entries.map(\.source) == [0, 1, 0, 0, 1])
        #expect(notes.actors.map(\.processes) == [2])
        #expect(!entries[1].clock.covers(entries[0].process, entries[0].stamp), "own order does not hold between them")
        #expect(Set(caps(sources, paths: ["pod-1.jsonl", "pod-2.jsonl"])) == [.likely])
    }

    @Test("exports that overlap give each record once, and are one process")
    func overlappingExports() {
        let all = (1...9).map { event(Double($0)) }
        let (entries, notes) = Recorder.order(
            MemorySupply([Array(all[..<6]), Array(all[3...])], paths: ["e1.jsonl", "e2.jsonl"]))
        #expect(entries.map(\.time) == all.map(\.time))
        #expect(notes.actors.map(\.duplicates) == [3])
        #expect(notes.actors.map(\.processes) == [1])
    }

    @Test("equal lines of one file are two events where nothing tells them apart, else one", arguments: [false, true])
    func equalLines(isFine: Bool) {
        let file = [event(1), event(2, digest: 9), event(2, digest: 9), event(isFine ? 3.0051 : 3)]
        let (entries, notes) = Recorder.order(MemorySupply([file]))
        #expect(entries.count == (isFine ? 3 : 4))
        #expect(notes.actors.first?.duplicates == (isFine ? 1 : 0))
        #expect(notes.actors.first?.repeats == (isFine ? 0 : 1))
    }

    @Test("a lower counter followed at once by one above the highest is disorder, else it is a restart")
    func disorder() {
        let swapped = [event(0, 1), event(1, 3), event(2, 2), event(3, 4)]
        let put = Recorder.order(MemorySupply([swapped]))
        #expect(put.entries.map(\.counter) == [1, 2, 3, 4])
        #expect(put.notes.actors.first?.disorders.count == 1 && put.notes.actors.first?.restarts.count == 0)
        var loop: [MemorySupply.Event] = []
        for at in 0..<9 { loop.append(event(Double(60 * (at / 3) + at % 3), Int64(at % 3 + 1), digest: UInt64(at))) }
        let restarted = Recorder.order(MemorySupply([loop]))
        #expect(restarted.entries.map(\.time) == loop.map(\.time))
        #expect(restarted.notes.actors.first?.restarts.count == 2)
        #expect(restarted.notes.actors.first?.conflicts.count == 0)
    }

    @Test("a record without a clock that just fills a gap is the missing counter; else it stands behind the one ahead")
    func filled() {
        let (entries, notes) = Recorder.order(
            MemorySupply([
                [event(1, 10), event(2), event(3, 12), event(4), event(5, 15)],
                [MemorySupply.Event(time: Self.second / 2, actor: "b", clock: ["b": 1, "a": 11])],
            ]))
        #expect(
            entries.map(\.actor) == ["a", "a", "b", "a", "a", "a"], "b waits for the eleventh, and for nothing else")
        #expect(entries.filter { $0.actor == "a" }.map(\.stamp.counter) == [10, 11, 12, 12, 15])
        #expect(notes.actors.first?.gaps.count == 1, "of 13 and 14 one is there")
    }

    @Test("a record without a time has its predecessor's place, the first ones the next one's")
    func absentTimes() {
        let none = Timestamp.absent.nanoseconds
        var file = [event(0), event(10), event(0), event(30)]
        file[0].time = none
        file[2].time = none
        for at in file.indices { file[at].digest = UInt64(at) }
        let other = [event(5, actor: "b"), event(20, actor: "b")]
        let entries = Recorder.order(MemorySupply([file, other])).entries
        let found = entries.map { $0.actor + ($0.time == none ? "-" : "\($0.time / Self.second)") }
        #expect(found == ["b5", "a-", "a10", "a-", "b20", "a30"])
    }
}

/// Writes down how sure orders are that rest on each record's place.
private struct CapRecorder: EventConsumer {
    var caps: [Finding.Confidence] = []

    mutating func observe(
        _ batch: borrowing EventBatch, row: Int, delivery: Delivery, clocks: borrowing ProcessClocks
    ) {
        caps.append(delivery.orderCap)
    }
}
