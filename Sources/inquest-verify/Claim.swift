import EventModel

/// A line as a findings file cites it, with what it says that the line says.
struct Citation {
    var part = ""
    let file: String
    let line: Int
    let byte: Int?
    let time: String?
    let actor: String
    let event: String?
    let counter: Int64?

    init?(_ value: JSONValue) {
        guard let file = value["file"]?.text, let line = value["line"]?.integer, line > 0,
            let actor = value["actor"]?.text
        else { return nil }
        part = value["part"]?.text ?? ""
        self.file = file
        self.line = Int(line)
        byte = value["byte"]?.integer.map { Int($0) }
        time = value["ts"]?.text
        self.actor = actor
        event = value["event"]?.text
        counter = value["counter"]?.integer
    }
}

/// One step of a proof.
struct Step {
    let name: String
    let by: String
    let store: String?
    let counters: ClosedRange<Int64>?
    /// The lines that it cites, by the parts that they play.
    let cited: [String: Citation]
    let chain: [Citation]
    /// The lines that it counts, by file.
    let counted: [(file: String, lines: [Int])]

    init?(_ value: JSONValue) {
        guard let name = value["step"]?.text else { return nil }
        self.name = name
        by = value["by"]?.text ?? ""
        store = value["store"]?.text
        if let from = value["from"]?.integer, let to = value["to"]?.integer, from <= to {
            counters = from...to
        } else {
            counters = nil
        }
        var cited: [String: Citation] = [:]
        for key in ["record", "earlier", "later"] {
            if let record = value[key] {
                guard let citation = Citation(record) else { return nil }
                cited[key] = citation
            }
        }
        self.cited = cited
        let links = value["chain"]?.array ?? []
        chain = links.compactMap { Citation($0) }
        if chain.count < links.count { return nil }
        var counted: [(file: String, lines: [Int])] = []
        for part in value["records"]?.array ?? [] {
            guard let file = part["file"]?.text, let lines = part["lines"]?.array else { return nil }
            counted.append((file, lines.compactMap { $0.integer.map { Int($0) } }))
        }
        self.counted = counted
    }
}

/// A finding as a file states it.
struct Claim {
    let id: String
    let label: String
    let kind: String
    let isProven: Bool
    let at: String
    let until: String?
    let summary: String
    let basis: String?
    let endpoint: String?
    let actor: String?
    let plan: Generation?
    let displaced: Generation?
    let awareness: String?
    let count: Int64?
    let newerPlans: Int64?
    let peak: Double?
    let evidence: [Citation]
    let proof: [Step]

    init?(_ value: JSONValue) {
        guard let id = value["id"]?.text, let kind = value["kind"]?.text, let confidence = value["confidence"]?.text,
            let at = value["at"]?.text
        else { return nil }
        func generation(_ key: String) -> Generation? {
            (value[key]?.digits ?? value[key]?.text).flatMap { Generation(decimal: $0) }
        }
        self.id = id
        label = value["label"]?.text ?? id
        self.kind = kind
        isProven = confidence == "proven"
        self.at = at
        until = value["until"]?.text
        summary = value["summary"]?.text ?? ""
        basis = value["basis"]?.text
        endpoint = value["endpoint"]?.text
        actor = value["actor"]?.text
        plan = generation("plan")
        displaced = generation("displaced")
        awareness = value["awareness"]?.text
        count = value["count"]?.integer
        newerPlans = value["newer_plans"]?.integer
        peak = value["peak"]?.number
        let cited = value["evidence"]?.array ?? []
        evidence = cited.compactMap { Citation($0) }
        let steps = value["proof"]?.array ?? []
        proof = steps.compactMap { Step($0) }
        if evidence.count < cited.count || proof.count < steps.count { return nil }
    }

    /// All lines that it cites.
    var citations: [Citation] { evidence + proof.flatMap { Array($0.cited.values) + $0.chain } }

    /// What it is about, for a line of output.
    var subject: String { endpoint ?? actor ?? "" }
}
