/// Why a profile made no event of a record that it read, or of a line that it could not read.
public enum LeaveReason: Hashable, Sendable {
    /// The line is not of the profile's form: why.
    case unread(String)
    /// A table's header.
    case header
    /// A line that only says something of those behind it.
    case carried
    /// The list is missing whose elements become events.
    case noList
    /// A rule leaves it out: what the rule says.
    case rule(String)
    /// No rule is for it.
    case noRule
    /// It says how earlier records ended, or a later one says more than it.
    case answer

    /// In words, for a count of such records.
    public var words: String {
        switch self {
        case .unread(let why): why
        case .header: "a table's header"
        case .carried: "a heading of what follows"
        case .noList: "without the list of its parts"
        case .rule(let why): why
        case .noRule: "no rule of the profile is for it"
        case .answer: "a part of what another record tells"
        }
    }

    /// Whether the profile had no use for it although nothing says that it should not.
    public var isMiss: Bool {
        switch self {
        case .unread, .noRule, .noList: true
        case .header, .carried, .rule, .answer: false
        }
    }
}

extension EventBatch {
    /// Counts a record that made no event.
    package mutating func leave(_ reason: LeaveReason) { left[reason, default: 0] += 1 }
}
