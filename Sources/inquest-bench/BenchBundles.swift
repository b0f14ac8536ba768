import Foundation
import LogReading

/// The bundles that are measured, made once under a folder and kept.
struct BenchBundles {
    let folder: String

    private static let seed: UInt64 = 1020
    private static let endpoints = 20_000

    /// One file, one frame, the records of all actors as a collector writes them.
    func oneFrame(events: Int) throws -> [String] {
        try make("one-\(events)") { folder in
            let file = try LogFileWriter(folder: folder, name: "day", level: 3, rotation: .max)
            try BenchBundles.day(events) { _, line in try file.write(line.span) }
            try file.finish()
        }
    }

    /// The same with 1,000,000 endpoints; 4,000,000 events write each of them at least once.
    func manyEndpoints(events: Int) throws -> [String] {
        try make("wide-\(events)") { folder in
            let file = try LogFileWriter(folder: folder, name: "day", level: 3, rotation: .max)
            try BenchBundles.day(events, endpoints: 1_000_000) { _, line in try file.write(line.span) }
            try file.finish()
        }
    }

    /// A file for each actor.
    func fileForEachActor(events: Int) throws -> [String] {
        try writeActors("actors-\(events)", events: events, rotation: .max)
    }

    /// Each actor's log, rotated after every 4 MiB.
    func manyFiles(events: Int) throws -> [String] {
        try writeActors("many-\(events)", events: events, rotation: 4 << 20)
    }

    private func writeActors(_ name: String, events: Int, rotation: Int) throws -> [String] {
        try make(name) { folder in
            let files = try BusyDay.actors.map { name in
                try LogFileWriter(folder: folder, name: "\(name)", level: 3, rotation: rotation)
            }
            try BenchBundles.day(events) { actor, line in try files[actor].write(line.span) }
            for file in files { try file.finish() }
        }
    }

    /// 1,000 actors, each of which has heard of all others: clocks of 1,000 entries.
    func manyActors(events: Int) throws -> [String] {
        try make("crowd-\(events)") { folder in
            let file = try LogFileWriter(folder: folder, name: "crowd", level: 3, rotation: .max)
            var random = SeededGenerator(seed: BenchBundles.seed)
            let count = 1000
            var clocks = Array(repeating: Array(repeating: 0, count: count), count: count)
            for event in 0..<events {
                let actor = event % count
                let heard = Int(random.next() % UInt64(count))
                for k in 0..<count { clocks[actor][k] = max(clocks[actor][k], clocks[heard][k]) }
                clocks[actor][actor] += 1
                let entries = clocks[actor].indices.lazy.filter { clocks[actor][$0] > 0 }
                    .map { "\"node-\($0)\":\(clocks[actor][$0])" }.joined(separator: ",")
                let time = 1_760_918_400_000_000_000 + event * 1_000_000
                let line = "{\"ts\":\(time),\"actor\":\"node-\(actor)\",\"event\":\"gossip\",\"vc\":{\(entries)}}\n"
                try file.write(Array(line.utf8).span)
            }
            try file.finish()
        }
    }

    /// 10,000 actors: a server, and nodes that have heard of it and of nobody else.
    func manyNodes(events: Int) throws -> [String] {
        try make("nodes-\(events)") { folder in
            let file = try LogFileWriter(folder: folder, name: "nodes", level: 3, rotation: .max)
            let nodes = 9_999
            for event in 0..<events {
                let time = 1_760_918_400_000_000_000 + event * 1_000_000
                let served = event / 10 + 1
                let told = event - served
                let node = "node-\(told % nodes)"
                let (actor, clock) =
                    event % 10 == 0
                    ? ("server", "\"server\":\(served)")
                    : (node, "\"\(node)\":\(told / nodes + 1),\"server\":\(served)")
                let line = "{\"ts\":\(time),\"actor\":\"\(actor)\",\"event\":\"status\",\"vc\":{\(clock)}}\n"
                try file.write(Array(line.utf8).span)
            }
            try file.finish()
        }
    }

    /// Makes a bundle unless it is there: in a folder of another name, renamed when it is whole.
    private func make(_ name: String, _ write: (String) throws -> Void) throws -> [String] {
        let place = folder + "/" + name
        let manager = FileManager.default
        if !manager.fileExists(atPath: place) {
            let draft = place + ".part"
            try? manager.removeItem(atPath: draft)
            try manager.createDirectory(atPath: draft, withIntermediateDirectories: true)
            try write(draft)
            try manager.moveItem(atPath: draft, toPath: place)
        }
        return try manager.contentsOfDirectory(atPath: place).sorted().map { place + "/" + $0 }
    }

    private static func day(
        _ events: Int, endpoints: Int = endpoints, _ write: (Int, [UInt8]) throws -> Void
    ) throws {
        var day = BusyDay(seed: seed, endpoints: endpoints)
        for _ in 0..<events {
            let record = day.next()
            try write(record.actor, record.line)
        }
    }
}
