/// The rules that put an endpoint's steps in order, strongest first; see `EffectiveOrder`. All of them hold; without one, what that one alone
/// decides is left open.
struct OrderRules: OptionSet, Sendable {
    let rawValue: UInt8

    /// 1: the stores' own order of writes.
    static let commits = OrderRules(rawValue: 1 << 0)
    /// 2: the store's entries in the clocks, and the order of its own log.
    static let storeTimes = OrderRules(rawValue: 1 << 1)
    /// 3: happened-before, from an answer or a store's record to a sending or a store's record.
    static let happenedBefore = OrderRules(rawValue: 1 << 2)
    /// 4: what a write replaced, as the store answered.
    static let replaces = OrderRules(rawValue: 1 << 3)
    /// 5: happened-before from answer to answer.
    static let answers = OrderRules(rawValue: 1 << 4)

    static let all: OrderRules = [.commits, .storeTimes, .happenedBefore, .replaces, .answers]
}
