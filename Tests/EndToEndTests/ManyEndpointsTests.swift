import Testing

/// What is found of an endpoint does not depend on how many others there are, so that its records are judged before the log ends.
@Suite struct ManyEndpointsTests {
    /// A plan is deleted, then written to an endpoint by somebody who had heard of the deletion, and a later plan is refused there. In
    /// between so many others are written.
    private static func log(others: Int, storeNamesAll: Bool) -> String {
        let cleaner = #","cleaner":1"#
        let known = storeNamesAll ? cleaner : ""
        var lines = ""
        var (time, writer, store) = (1_760_918_400_000_000_000, 0, 0)
        func add(_ actor: String, _ event: String, _ clock: String, _ rest: String) {
            time += 1_000_000
            lines += #"{"ts":\#(time),"actor":"\#(actor)","event":"\#(event)","vc":{\#(clock)},\#(rest)}"# + "\n"
        }
        func write(_ endpoint: String, _ plan: Int) {
            let target = #""plan":\#(plan),"endpoint":"\#(endpoint)""#
            writer += 1
            add("w", "plan.applying", #""w":\#(writer),"store":\#(store)"# + cleaner, target)
            store += 1
            add(
                "store", "change.committed", #""store":\#(store),"w":\#(writer)"# + known,
                target + #","commit":\#(store),"records":2,"by":"w""#)
            writer += 1
            add(
                "w", "plan.applied", #""w":\#(writer),"store":\#(store)"# + known,
                target + #","commit":\#(store),"outcome":"ok""#)
        }
        add("cleaner", "plan.deleted", #""cleaner":1"#, #""plan":10,"outcome":"ok""#)
        write("e.example", 10)
        for other in 0..<others { write("f\(other).example", 11) }
        for (event, rest) in [("plan.applying", ""), ("plan.applied", #","outcome":"refused""#)] {
            writer += 1
            add("w", event, #""w":\#(writer),"store":\#(store)"# + known, #""plan":12,"endpoint":"e.example""# + rest)
        }
        return lines
    }

    @Test("a deletion that the writer had heard of is not taken for one of the active plan", arguments: [true, false])
    func deletionAheadOfAWrite(_ storeNamesAll: Bool) throws {
        for others in [2, 17_000] {
            let folder = try Folder()
            try folder.write(Self.log(others: others, storeNamesAll: storeNamesAll), to: "a.log")
            let run = try Program.run(["analyze", "a.log", "--quiet"], in: folder.path)
            #expect(run.status == 0 && !run.text.contains("CRITICAL"), "beside \(others) others: \(run.text)")
        }
    }
}
