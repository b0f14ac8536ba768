import Testing

/// Logs with very many of one thing, for what must grow with their number and not with its square.
enum GrowingLogs: String, CaseIterable, CustomTestStringConvertible {
    case crashLoop, crashingWriter, fallingCounters, restartsWithGaps, actors, longNames, longClocks, actorsWithoutLogs

    var testDescription: String { rawValue }

    /// How many there are to begin with, so that a run takes a second or so in a debug build.
    var count: Int {
        switch self {
        case .crashLoop: 1500
        case .crashingWriter: 1000
        case .fallingCounters: 3000
        case .restartsWithGaps: 1000
        case .actors: 5000
        case .longNames: 40
        case .longClocks: 2000
        case .actorsWithoutLogs: 2000
        }
    }

    /// A log with so many.
    func log(_ count: Int) -> String {
        switch self {
        case .crashLoop:
            // An actor that fails after three records, and one that hears of each of its incarnations.
            return (0..<count).map { life in
                (1...3).map { record(life * 10 + $0, "a", #""a":\#($0)"#, #""event":"status""#) }.joined()
                    + record(life * 10 + 4, "s", #""s":\#(life + 1),"a":3"#, #""event":"status""#)
            }.joined()
        case .crashingWriter:
            // A writer that fails after each write, between writes of another, and no store's log.
            return (0..<count).map { life in
                write(life * 10, "a", 1, plan: life + 2) + write(life * 10 + 5, "b", 2 * life + 1, plan: life + 1)
            }.joined()
        case .fallingCounters:
            return (0..<count).map { record($0, "a", #""a":\#(10 * (count - $0))"#, #""event":"status""#) }.joined()
        case .restartsWithGaps:
            return (0..<count).map { life in
                record(life * 10, "a", #""a":1"#, #""event":"status""#)
                    + record(life * 10 + 1, "a", #""a":5"#, #""event":"status""#)
            }.joined()
        case .actors:
            return (0..<count).map { record($0, "node-\($0)", #""node-\#($0)":1"#, #""event":"status""#) }.joined()
        case .longNames:
            return (0..<count).map { number in
                let name = String(repeating: "x", count: 200_000) + "\(number)"
                return record(number, name, #""\#(name)":1"#, #""event":"status""#)
            }.joined()
        case .longClocks:
            let entries = (0..<count).map { #""node-\#($0)":1"# }.joined(separator: ",")
            return (0..<20).map { record($0, "a", #""a":\#($0 + 1),"# + entries, #""event":"status""#) }.joined()
        case .actorsWithoutLogs:
            return (0..<count).map { number in
                record(number, "a", #""a":\#(number + 1),"lost-\#(number)":1"#, #""event":"status""#)
            }.joined()
        }
    }

    private func write(_ tick: Int, _ actor: String, _ count: Int, plan: Int) -> String {
        let rest = #""plan":\#(plan),"endpoint":"e","attempt":1"#
        return record(tick, actor, #""\#(actor)":\#(count)"#, #""event":"plan.applying","# + rest)
            + record(tick + 1, actor, #""\#(actor)":\#(count + 1)"#, #""event":"plan.applied","# + rest)
    }

    private func record(_ tick: Int, _ actor: String, _ clock: String, _ rest: String) -> String {
        #"{"ts":\#(1_760_940_000_000 + tick * 100),"actor":"\#(actor)","vc":{\#(clock)},\#(rest)}"# + "\n"
    }
}
