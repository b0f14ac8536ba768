import Foundation
import Testing

/// Logs whose clocks are wrong in one way each, made of a log that is right: `check` finds the fault, `analyze` counts it in its quality,
/// neither hangs, and no finding changes without the reader being told.
@Suite struct WrongClocksTests {
    /// A record of the sound log, to be spoiled.
    struct Record {
        var actor: String
        var seconds: Double
        var clock: [String: Int]
        var rest: String

        var line: String {
            let entries = clock.sorted { $0.key < $1.key }.map { "\"\($0.key)\":\($0.value)" }.joined(separator: ",")
            let whole = Int(seconds)
            let time = String(
                format: "2025-10-20T06:%02d:%02d.%03dZ", whole / 60, whole % 60, Int((seconds * 1000).rounded()) % 1000)
            return "{\"ts\":\"\(time)\",\"actor\":\"\(actor)\",\"vc\":{\(entries)},\(rest)}"
        }
    }

    struct Fault: CustomTestStringConvertible {
        var name: String
        /// The fault's word in `check --format json`.
        var kind: String
        /// The count in the quality of `analyze`; nil where only `check` looks for it.
        var quality: String?
        var spoil: @Sendable (inout [Record]) -> Void

        var testDescription: String { name }
    }

    /// Two enactors and a bystander for three minutes; `b` writes 9, `a` puts 4 over it, `b` deletes 4 and is refused.
    private static func sound() -> [Record] {
        var records: [Record] = []
        var clocks: [String: [String: Int]] = [:]
        func add(_ actor: String, _ seconds: Double, _ rest: String, hears: [String] = []) {
            var clock = clocks[actor] ?? [:]
            for other in hears { clock.merge(clocks[other] ?? [:], uniquingKeysWith: max) }
            clock[actor, default: 0] += 1
            clocks[actor] = clock
            records.append(Record(actor: actor, seconds: seconds, clock: clock, rest: rest))
        }
        func plan(_ event: String, _ plan: Int, _ more: String = "") -> String {
            "\"role\":\"enactor\",\"event\":\"\(event)\",\"plan\":\(plan)" + (more.isEmpty ? "" : ",") + more
        }
        let endpoint = "\"endpoint\":\"db.example\""
        for step in 0..<20 { add("c", Double(step) * 2, "\"event\":\"tick\"", hears: step % 4 == 3 ? ["a", "b"] : []) }
        add("a", 41, plan("plan.checked", 4, "\"active\":3"), hears: ["c"])
        add("b", 45, plan("plan.checked", 9, "\"active\":3"))
        add("b", 46, plan("plan.applied", 9, endpoint + ",\"replaces\":3,\"records\":6"))
        for step in 0..<5 { add("c", 47 + Double(step), "\"event\":\"tick\"", hears: step == 4 ? ["b"] : []) }
        add("a", 58, plan("plan.applying", 4, endpoint))
        add("a", 58.1, plan("plan.applied", 4, endpoint + ",\"replaces\":9,\"records\":5"))
        add("c", 59, "\"event\":\"tick\"", hears: ["a"])
        add("b", 59.5, "\"role\":\"enactor\",\"event\":\"cleanup.started\"", hears: ["c"])
        add("b", 60, plan("plan.deleted", 4))
        add("b", 61, plan("plan.applied", 9, endpoint + ",\"outcome\":\"refused\""))
        for step in 0..<20 { add("c", 62 + Double(step) * 2, "\"event\":\"tick\"", hears: ["a", "b"]) }
        return records
    }

    private static func nth(_ actor: String, _ n: Int, _ records: [Record]) -> Int {
        let own = records.indices.filter { records[$0].actor == actor }
        return own[n < 0 ? own.count + n : n]
    }

    /// `c` knows an event of `d` that knows this event of `c`.
    private static func closeCircle(_ records: inout [Record]) {
        let (x, y) = (nth("c", -2, records), nth("d", 0, records))
        for at in [x, nth("c", -1, records)] { records[at].clock["d"] = 1 }
        records[y].clock["c"] = records[x].clock["c"]
    }

    static let faults: [Fault] = [
        Fault(name: "a gap", kind: "log-gap", quality: "gaps") { $0.remove(at: nth("c", 5, $0)) },
        Fault(name: "a duplicate", kind: "duplicate") { records in
            let at = nth("c", 7, records)
            records.insert(records[at], at: at + 1)
        },
        Fault(name: "one counter with two contents", kind: "clock-conflict", quality: "conflicts") { records in
            var again = records[nth("c", 7, records)]
            again.rest = "\"event\":\"other\""
            records.insert(again, at: nth("c", 7, records) + 1)
        },
        Fault(name: "a circle", kind: "cycle", quality: "cycles") { closeCircle(&$0) },
        Fault(name: "an event that knows its own future", kind: "clock-foresees") { closeCircle(&$0) },
        Fault(name: "an entry that falls for good", kind: "clock-falls") { records in
            for n in -10..<0 { records[nth("c", n, records)].clock["a"] = 1 }
        },
        Fault(name: "a clock that is not closed", kind: "clock-not-closed") { records in
            for n in 25..<46 { records[nth("c", n, records)].clock["a"] = nil }
        },
        Fault(name: "a clock that knows events that never came", kind: "log-ends-early") { records in
            records[nth("c", -1, records)].clock["a"] = 40
        },
        Fault(name: "a restart", kind: "restart", quality: "restarts") { records in
            for n in 36..<46 { records[nth("c", n, records)].clock["c"] = n - 35 }
        },
        Fault(name: "disorder", kind: "disorder", quality: "disorders") { records in
            records.swapAt(nth("c", 8, records), nth("c", 9, records))
        },
        Fault(name: "an entry that cannot be", kind: "clock-fault", quality: "clock_faults") { records in
            records[nth("c", 32, records)].clock["b"] = 900
        },
    ]

    private func write(_ records: [Record], to folder: Folder) throws {
        for actor in Set(records.map(\.actor)) {
            let lines = records.filter { $0.actor == actor }.map(\.line)
            try folder.write(lines.joined(separator: "\n") + "\n", to: "bundle/\(actor).log")
        }
    }

    private func json(_ command: String, _ folder: Folder) throws -> [String: Any] {
        let run = try Program.run([command, folder.path + "/bundle", "--format", "json", "--quiet"])
        #expect(run.status == 0, "\(command): \(run.errors)")
        return try #require(try JSONSerialization.jsonObject(with: Data(run.bytes)) as? [String: Any])
    }

    /// The plan findings in a line each, with how sure each is; nil for one that names records that could overturn it.
    private func plans(_ report: [String: Any]) -> [String: String?] {
        let kinds = ["stale-plan-overwrite", "active-plan-deleted", "endpoint-emptied", "automation-wedged"]
        var plans: [String: String?] = [:]
        for finding in report["findings"] as? [[String: Any]] ?? [] {
            guard let kind = finding["kind"] as? String, kinds.contains(kind) else { continue }
            let isInDoubt = finding["quality"] != nil
            plans["\(kind) \(finding["plan"] ?? "") \(finding["at"] ?? "")"] = .some(
                isInDoubt ? nil : finding["confidence"] as? String)
        }
        return plans
    }

    private func withBystander(_ records: [Record]) -> [Record] {
        records + [Record(actor: "d", seconds: 99, clock: ["d": 1], rest: "\"event\":\"tick\"")]
    }

    @Test func theSoundLogHasNoFault() throws {
        let folder = try Folder()
        try write(withBystander(Self.sound()), to: folder)
        let checked = try json("check", folder)
        #expect(checked["trusted"] as? Bool == true, "\(checked["faults"] ?? "")")
        let found = plans(try json("analyze", folder))
        #expect(found.count == 4 && found.values.allSatisfy { $0 == "proven" }, "\(found)")
    }

    @Test(arguments: faults) func eachFaultIsFoundAndChangesNoFindingInSilence(_ fault: Fault) throws {
        let folder = try Folder()
        try write(withBystander(Self.sound()), to: folder)
        let before = plans(try json("analyze", folder))
        var records = withBystander(Self.sound())
        fault.spoil(&records)
        let spoiled = try Folder()
        try write(records, to: spoiled)
        let kinds = (try json("check", spoiled)["faults"] as? [[String: Any]] ?? []).compactMap {
            $0["kind"] as? String
        }
        #expect(kinds.contains(fault.kind), "\(fault.name): check found \(kinds)")
        let report = try json("analyze", spoiled)
        let after = plans(report)
        #expect(after.keys.sorted() == before.keys.sorted(), "\(fault.name) changed what was found")
        for (finding, confidence) in after where confidence != nil {
            #expect(confidence == before[finding], "\(fault.name) changed in silence how sure this is: \(finding)")
        }
        if let key = fault.quality {
            let count = (report["quality"] as? [String: Any])?[key] as? Int
            #expect(count ?? 0 > 0, "\(fault.name): analyze does not count it under \(key)")
        }
    }
}
