/// How the store answers a write.
enum WriteResult: Int64, Sendable {
    /// The plan is active on the endpoint now.
    case ok
    /// Another transaction holds the endpoint; nothing was looked at.
    case throttled
    /// The endpoint's active plan is gone: no write is possible.
    case inconsistent
    /// A newer plan is active (with the safeguard compare-and-set).
    case newerActive
    /// The plan itself was removed.
    case planGone

    /// `outcome` in a record.
    var word: String {
        switch self {
        case .ok: "ok"
        case .throttled: "throttled"
        case .inconsistent, .newerActive, .planGone: "refused"
        }
    }

    /// `error` in a record.
    var error: String {
        switch self {
        case .ok: ""
        case .throttled: "prior request not complete"
        case .inconsistent: "inconsistent state: the active plan does not exist"
        case .newerActive: "condition failed: a newer plan is active"
        case .planGone: "no such plan"
        }
    }
}
