import EventModel

@testable import CausalAnalysis

/// The logs of a Raft cluster: elections, heartbeats and entries, each message's sending with an `id` that its receipt names in `causes`, as
/// implementations trace them. No vector clocks.
struct RaftTrace {
    /// By server, its events in the order in which they happened.
    private(set) var logs: [[MemorySupply.Event]]
    /// How far each server's clock is off.
    let offsets: [Int64]
    private(set) var messages = 0
    private var random: SeededGenerator
    private var time: Int64 = 1_760_940_000 * Nanoseconds.second

    /// - Parameter skew: the most that a clock is off.
    init(seed: UInt64, servers: Int = 5, rounds: Int = 150, skew: Int64) {
        var random = SeededGenerator(seed: seed)
        logs = Array(repeating: [], count: servers)
        offsets = (0..<servers).map { _ in Int64.random(in: -skew...skew, using: &random) }
        self.random = random
        var leader = 0
        for _ in 0..<rounds {
            if Int.random(in: 0..<20, using: &self.random) == 0 { leader = elect(not: leader) }
            replicate(from: leader)
        }
    }

    static func name(_ server: Int) -> String { "raft-\(server)" }

    /// A candidate asks all others for their votes.
    private mutating func elect(not old: Int) -> Int {
        let candidate = (old + Int.random(in: 1..<logs.count, using: &random)) % logs.count
        log(candidate)
        for other in logs.indices where other != candidate { exchange(candidate, other) }
        log(candidate)
        return candidate
    }

    /// The leader sends entries to all, of which some are lost, and hears of most of them.
    private mutating func replicate(from leader: Int) {
        for other in logs.indices where other != leader && Int.random(in: 0..<12, using: &random) > 0 {
            exchange(leader, other)
        }
        if Int.random(in: 0..<3, using: &random) == 0 { log(leader) }
    }

    private mutating func exchange(_ one: Int, _ other: Int) {
        let request = send(one)
        time += Int64.random(in: 200_000...9_000_000, using: &random)
        receive(other, request)
        let answer = send(other)
        time += Int64.random(in: 200_000...9_000_000, using: &random)
        if Int.random(in: 0..<15, using: &random) > 0 { receive(one, answer) }
    }

    private mutating func send(_ server: Int) -> String {
        messages += 1
        log(server)
        logs[server][logs[server].count - 1].id = "m\(messages)"
        return "m\(messages)"
    }

    private mutating func receive(_ server: Int, _ message: String) {
        log(server)
        logs[server][logs[server].count - 1].causes = [message]
    }

    private mutating func log(_ server: Int) {
        time += Int64.random(in: 10_000...40_000_000, using: &random)
        logs[server].append(MemorySupply.Event(time: time + offsets[server], actor: Self.name(server)))
    }
}
