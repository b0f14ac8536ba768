import EventModel

/// Where a line stands: the index of its log, and its number from 1.
struct Place: Hashable, Comparable {
    var source: Int
    var line: Int

    static func < (a: Place, b: Place) -> Bool { (a.source, a.line) < (b.source, b.line) }
}

/// One line of a log as a record: the fields that proofs rest on.
struct Record {
    let place: Place
    let byte: Int
    /// A digest of the line's bytes.
    let digest: UInt64
    let actor: String
    let event: String
    let role: String?
    /// The actor's wall clock, in nanoseconds; nil for no time.
    let time: Int64?
    /// The vector clock, where it has the actor's own entry.
    let clock: [String: Int64]
    let hasClockField: Bool
    let id: String?
    let item: String?
    let queue: String?
    let causes: [String]
    let endpoint: String?
    let plan: Generation?
    let active: Generation?
    let replaces: Generation?
    let commit: Generation?
    let store: String?
    let by: String?
    let reason: String?
    let addresses: Int64?
    let outcome: Outcome

    /// Its own counter.
    var counter: Int64? { clock[actor] }
    /// Whose write it tells of.
    var writer: String? { event == "change.committed" ? by : actor }
    /// The store that took the write, in whose own count its commit is.
    var takenBy: String { event == "change.committed" ? actor : store ?? "" }
    /// The store's logical time: of its own log the place there, else its entry in the clock.
    var storeTime: (store: String, counter: Int64)? {
        if event == "change.committed" || event == "record.emptied" {
            return counter.map { (actor, $0) }
        }
        guard let store, counter != nil, let counter = clock[store] else { return nil }
        return (store, counter)
    }
    /// Whether it tells that a write took effect.
    var isEffect: Bool {
        switch event {
        case "change.committed", "record.restored": true
        case "plan.applied": outcome == .ok
        default: false
        }
    }
    /// Whether it tells that a write did not take effect.
    var isFailure: Bool { event == "plan.applied" && (outcome == .refused || outcome == .throttled) }
    /// Whether it is its writer's word that a write took effect.
    var isAnswer: Bool { (event == "plan.applied" && outcome == .ok) || event == "record.restored" }
    /// Whether it leaves open whether a write took effect.
    var isInDoubt: Bool {
        event == "plan.applied" && (outcome == .timeout || outcome == .error || outcome == .unknown)
    }
    /// Whether the write was done on purpose.
    var isDeliberate: Bool { role == "operator" || reason == "rollback" || event == "record.restored" }

    /// Reads a line; nil for one that is not a record.
    init?(_ bytes: [UInt8], at place: Place, byte: Int) {
        guard let value = try? JSONReader.value(of: bytes), let actor = value["actor"]?.text, let ts = value["ts"],
            let event = value["event"]?.text
        else { return nil }
        func generation(_ key: String) -> Generation? {
            (value[key]?.digits ?? value[key]?.text).flatMap { Generation(decimal: $0) }
        }
        self.place = place
        self.byte = byte
        digest = Record.digest(bytes)
        self.actor = actor
        self.event = event
        role = value["role"]?.text
        time = Record.time(ts)
        let entries = value["vc"]?.object ?? [:]
        hasClockField = value["vc"] != nil
        let counts = entries.compactMapValues { $0.integer.flatMap { $0 >= 0 ? $0 : nil } }
        clock = counts[actor] == nil ? [:] : counts
        id = value["id"]?.text
        item = value["item"]?.text ?? id
        queue = value["queue"]?.text
        causes = value["causes"]?.array?.compactMap(\.text) ?? []
        endpoint = value["endpoint"]?.text
        plan = generation("plan")
        active = generation("active")
        replaces = generation("replaces")
        commit = generation("commit")
        store = value["store"]?.text
        by = value["by"]?.text
        reason = value["reason"]?.text
        addresses = value["records"]?.integer
        outcome =
            switch value["outcome"] {
            case nil: .ok
            case .text(let word): Outcome(name: word)
            case .bool(let isOK): isOK ? .ok : .error
            default: .unknown
            }
    }

    /// FNV-1a of a line's bytes.
    static func digest(_ bytes: [UInt8]) -> UInt64 {
        bytes.reduce(0xCBF2_9CE4_8422_2325) { ($0 ^ UInt64($1)) &* 0x0000_0100_0000_01B3 }
    }

    private static func time(_ value: JSONValue) -> Int64? {
        var text = value.text ?? value.digits ?? ""
        if value.text != nil {
            switch RFC3339.read(text) {
            case .moment(let time): return time.nanoseconds
            case .withoutZone: return nil
            case .none: break
            }
        }
        return text.withUTF8 { UnixTime(UnsafeRawBufferPointer($0))?.time.nanoseconds }
    }
}
