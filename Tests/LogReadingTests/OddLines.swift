import EventModel

/// Makes lines as logs have them, and lines that only look like them: one by chance, changed by chance.
struct OddLines {
    private var dice: Dice
    /// What stands after a colon or comma of the line at hand.
    private var space = ""

    init(seed: UInt64) {
        dice = Dice(state: seed)
    }

    /// The next line, without its end.
    mutating func next() -> [UInt8] {
        space = chance(4) ? pick([" ", "  ", "\t"]) : ""
        var members: [String] = []
        if !chance(60) { members.append(member("ts", chance(30) ? value() : time())) }
        if !chance(60) { members.append(member("actor", chance(30) ? value() : name())) }
        if !chance(60) { members.append(member("event", chance(30) ? value() : pick(OddLines.events))) }
        for _ in 0..<dice.roll(0..<7) { members.append(anyMember()) }
        if chance(3) { members.swapAt(0, dice.roll(0..<max(1, members.count))) }
        var text = "{" + members.joined(separator: "," + space) + "}"
        if chance(40) { text = pick([" ", "\u{FEFF}", "\t"]) + text }
        if chance(40) { text += pick([" ", "\r", "x", "{}", ","]) }
        var line = Array(text.utf8)
        if chance(2) { for _ in 0...dice.roll(0..<3) { change(&line) } }
        return line
    }

    // MARK: Members

    private mutating func anyMember() -> String {
        if chance(12) { return member(pick(OddLines.all), value()) }
        switch dice.roll(0..<8) {
        case 0, 1: return member(pick(OddLines.integers), integer())
        case 2: return member(pick(["latency_ms", "oldest_ms"]), number())
        case 3: return member(pick(OddLines.names), name())
        case 4: return member("vc", clock())
        case 5: return member("causes", "[" + (0..<dice.roll(0..<4)).map { _ in name() }.joined(separator: ",") + "]")
        case 6:
            return member(pick(["host", "request", "k", "", "planned", "a_key_of_more_than_sixteen_bytes"]), value())
        default: return member(pick(["outcome", "reason", "error", "state", "role"]), pick(OddLines.words))
        }
    }

    private mutating func member(_ key: String, _ value: String) -> String {
        let written = chance(80) ? "\\u00" + String(key.utf8.first ?? 0x61, radix: 16) + key.dropFirst() : key
        return "\"\(written)\":\(space)\(value)"
    }

    private mutating func clock() -> String {
        // A clock of more than 64 entries is read in another way.
        let entries = chance(40) ? dice.roll(60..<70) : dice.roll(0..<6)
        let members = (0..<entries).map { at in
            member(
                entries > 6 ? "n\(chance(20) ? 1 : at)" : pick(["a", "b", "c", "d"]), chance(15) ? value() : integer())
        }
        return "{" + members.joined(separator: "," + space) + "}"
    }

    // MARK: Values

    private mutating func value() -> String {
        switch dice.roll(0..<7) {
        case 0: integer()
        case 1: number()
        case 2: name()
        case 3: time()
        case 4: pick(["true", "false", "null", "tru", "nulll", "{}", "[]", "[1,2]", #"{"k":{"l":[{}]}}"#, "[1,2}", ""])
        case 5: pick(OddLines.words)
        default: clock()
        }
    }

    private mutating func integer() -> String {
        if !chance(5) { return "\(dice.roll() >> UInt64(dice.roll(1..<64)))" }
        return pick([
            "0", "-0", "-1", "00", "012", "1.0", "1e3", "9223372036854775807", "9223372036854775808",
            "-9223372036854775808",
            "18446744073709551615", "18446744073709551616", "123456789012345678901", "+1", "0x1", "1_000",
        ])
    }

    private mutating func number() -> String {
        if chance(8) {
            return pick(["1.", ".5", "1e400", "-0.0", "5e-324", "1E+5", "1e5", "0.1e-1", "00.5", "1.5.5", "NaN"])
        }
        let whole = dice.roll() >> UInt64(dice.roll(1..<64))
        let fraction = String(dice.roll(), radix: 10).prefix(dice.roll(0..<19))
        return fraction.isEmpty ? "\(whole)" : "\(whole).\(fraction)"
    }

    private mutating func time() -> String {
        if chance(4) { return chance(2) ? integer() : pick(RecordTimeTests.good.map(\.0)) }
        func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
        let minute =
            "2025-\(two(dice.roll(1..<13)))-\(two(dice.roll(1..<32)))T\(two(dice.roll(0..<25))):\(two(dice.roll(0..<61)))"
        let fraction = "." + String(dice.roll(), radix: 10).prefix(dice.roll(0..<12))
        let zone = chance(6) ? pick(["", "z", "+02:00", "-23:59", "+24:00", "-00:00"]) : "Z"
        return "\"\(minute):\(two(dice.roll(0..<62)))\(chance(2) ? "" : fraction)\(zone)\""
    }

    private mutating func name() -> String {
        chance(10)
            ? pick([
                #""\n""#, #""\u0041""#, #""\ud83d\ude00""#, #""\ud800""#, #""é""#, "\"\u{7F}\"", "\"\u{1}\"",
                #""a\"b""#, #""\\""#,
                "\"\"", "\"" + String(repeating: "long ", count: dice.roll(0..<500)) + "\"",
            ])
            : "\"" + pick(["a", "b", "c", "enactor-az1", "svc-1.example.com"])
                + (chance(3) ? "\(dice.roll(0..<50))" : "") + "\""
    }

    // MARK: Changes

    /// Changes a line in one place.
    private mutating func change(_ line: inout [UInt8]) {
        if line.isEmpty { return line.append(byte()) }
        let at = dice.roll(0..<line.count)
        switch dice.roll(0..<6) {
        case 0: line[at] = byte()
        case 1: line.insert(byte(), at: at)
        case 2: line.remove(at: at)
        case 3: line.swapAt(at, dice.roll(0..<line.count))
        case 4:
            let end = min(line.count, at + dice.roll(0..<30))
            line.insert(contentsOf: line[at..<end], at: dice.roll(0..<line.count))
        default: if chance(4) { line.removeSubrange(at...) } else { line[at] ^= 1 << UInt8(dice.roll(0..<8)) }
        }
        // A line end makes two lines of one, which says nothing of either.
        for place in line.indices where line[place] == 0x0A { line[place] = 0x20 }
    }

    private mutating func byte() -> UInt8 {
        chance(4) ? UInt8(truncatingIfNeeded: dice.roll()) : pick(Array(#"{}[]":,\0123456789.-+eE tfn/"#.utf8))
    }

    private mutating func chance(_ of: Int) -> Bool { dice.roll(0..<of) == 0 }

    private mutating func pick<T>(_ values: [T]) -> T { values[dice.roll(0..<values.count)] }

    private static let events = ["plan.applied", "plan.checked", "queue.sampled", "x", ""].map { "\"\($0)\"" }
    private static let words = [
        "ok", "error", "timeout", "throttled", "refused", "rollback", "operator", "unhealthy", "odd",
    ]
    .map { "\"\($0)\"" }
    private static let integers = Field.allCases.filter { !$0.isSymbol && $0 != .id && $0 != .item }.map(\.key)
    private static let names =
        Field.allCases.filter { $0.isSymbol || $0 == .id || $0 == .item }.map(\.key) + ["endpoint"]
    private static let all =
        Field.allCases.map(\.key)
        + ["ts", "actor", "event", "endpoint", "outcome", "vc", "error", "reason", "causes"]
}
