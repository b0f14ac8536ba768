import EventModel

/// A profile, compiled: what a decoder does with a log. Made once, read by many.
public final class Plan: Sendable {
    /// The profile's name.
    public let name: String
    /// What it reads, for people.
    public let title: String
    let parts: Parts
    /// Tells its text from that of every other profile.
    public var fingerprint: String { name + "-" + String(parts.digest, radix: 16) }

    /// Whether what a record means depends on records around it, so that a source is decoded from its beginning to its end: what it waits for,
    /// what was carried, a table's header.
    var isInOrder: Bool {
        parts.headers > 0 || !parts.carries.isEmpty
            || parts.events.contains { $0.awaits != nil || $0.answers != nil }
    }

    init(name: String, title: String, _ parts: Parts) {
        self.name = name
        self.title = title
        self.parts = parts
    }

    /// The same profile, which shares no object with this one: counting references to shared ones costs two cores more than the
    /// decoding does.
    func separate() -> Plan {
        // It was read before, so that it can be read again.
        (try? ProfileReader.plan(parts.text, file: name)) ?? self
    }

    /// What a profile says.
    struct Parts: Sendable {
        /// The more general profile that it takes precedence over.
        var refines: String?
        /// What one of a log's first records must satisfy.
        var recognise: [Condition] = []
        var container = Container.lines
        /// A line that matches begins a record; the others go on with it.
        var begins: Pattern?
        /// A line that matches goes on with the record before it.
        var continues: Pattern?
        var unwraps = true
        var codec = Codec.json
        var decodes: [Decode] = []
        /// Whose groups are fields of every record.
        var path: Pattern?
        /// Lines that are not records: their groups are fields of those that follow.
        var carries: [Pattern] = []
        var each: [Each] = []
        var events: [EventRule] = []
        /// The rule for what no other is for.
        var otherwise: [Assignment]?
        var keep = Keep.scalars
        var drops: Set<String> = []
        var clock = ClockKind.perActor
        var order = DeclaredOrder.found
        /// What several executions in one log are told apart by: actors of different ones are different.
        var execution: Reference?
        /// Whether a line may become several events, so that records are numbered and not lines.
        var numbersRecords = false
        var variables = 0
        var groups = 0
        var headers = 0
        var samples: [ProfileSample] = []
        /// The profile's text, and its digest.
        var text = ""
        var digest: UInt64 = 0
    }

    /// How a log holds its records.
    enum Container: Sendable {
        case lines
        /// JSON values one behind the other, however they are laid out.
        case values
        /// The elements of an array inside of such values.
        case array([FieldName])
        /// What matches of a text, over as many lines as that takes.
        case matches(Pattern)
        /// A big-endian length, then a zstd frame that holds one text, again and again.
        case frames

        /// Whether the lines that records begin at are counted; else the records are.
        var numbersLines: Bool {
            switch self {
            case .lines, .matches: true
            case .values, .array, .frames: false
            }
        }
    }

    /// What is decoded out of a field.
    struct Decode: Sendable {
        var from: Reference
        var codec: Codec?
        /// An array of pairs whose pairs become fields.
        var spreads = false
        var variable: Int?
    }

    /// One event for each element.
    struct Each: Sendable {
        var list: Reference
        var variable: Int
        /// Fields of these names are the key, or the index, of the element at hand.
        var key: FieldName
        var index: FieldName
    }

    /// What becomes of records that satisfy a condition.
    struct EventRule: Sendable {
        var condition: Condition
        /// One event for each element of a list.
        var each: Each?
        var emissions: [[Assignment]]
        /// Why such records are left out; nil where they are not.
        var skips: String?
        /// Records wait for the outcome of the group of this name; of which key.
        var awaits: (group: Int, key: Candidate?)?
        /// Whether there is no such event once the outcome is there.
        var isForUnanswered = false
        /// The record has the outcome of those that wait.
        var answers: (group: Int, key: Candidate?)?
        var answerFields: [Assignment] = []
    }

    /// A field of ours and its ways.
    struct Assignment: Sendable {
        var target: Target
        var candidates: [Candidate]
        var time: [TimeRule] = []
    }

    /// What is assigned to.
    enum Target: Sendable {
        case time, actor, event, endpoint, outcome, error, reason, clock, counter, causes
        case field(Field)
        case other(FieldName)
    }

    /// Which fields of the source are kept beside ours.
    enum Keep: Sendable {
        case none, scalars, all
        case names([FieldName])
    }

    enum ClockKind: Sendable { case perActor, shared }
}

/// A piece of a log, and what it must become.
struct ProfileSample: Sendable {
    var path: String
    var lines: [String]
    /// Of each expected event the fields that are named, as JSON.
    var events: [[(key: String, json: String)]]
    var line: Int
}
