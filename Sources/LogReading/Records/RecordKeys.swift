import CSimdjson
import EventModel

/// The keys of EVENTS.md by what their values are.
enum RecordKeys {
    static let integers: [(csj_key, Field)] = [
        (CSJ_KEY_PLAN, .plan), (CSJ_KEY_ACTIVE, .active), (CSJ_KEY_REPLACES, .replaces), (CSJ_KEY_COMMIT, .commit),
        (CSJ_KEY_RECORDS, .records), (CSJ_KEY_ATTEMPT, .attempt), (CSJ_KEY_ARRIVED, .arrived),
        (CSJ_KEY_COMPLETED, .completed), (CSJ_KEY_FAILED, .failed), (CSJ_KEY_ARRIVED_TOTAL, .arrivedTotal),
        (CSJ_KEY_COMPLETED_TOTAL, .completedTotal), (CSJ_KEY_FAILED_TOTAL, .failedTotal),
        (CSJ_KEY_REQUESTS, .requests), (CSJ_KEY_ERRORS, .errors), (CSJ_KEY_THROTTLES, .throttles),
    ]
    static let numbers: [(csj_key, Field)] = [
        (CSJ_KEY_DEPTH, .depth), (CSJ_KEY_OLDEST_MS, .oldestMs), (CSJ_KEY_LATENCY_MS, .latencyMs),
    ]
    static let symbols: [(csj_key, Field)] = [
        (CSJ_KEY_ROLE, .role), (CSJ_KEY_QUEUE, .queue), (CSJ_KEY_SERVICE, .service), (CSJ_KEY_STORE, .store),
        (CSJ_KEY_BY, .by), (CSJ_KEY_STATE, .state),
    ]
    static let digests: [(csj_key, Field)] = [(CSJ_KEY_ID, .id), (CSJ_KEY_ITEM, .item)]

    /// All keys as the fast path knows them.
    static let fast: [(name: String, key: KeyTable.Key)] = {
        let others: [(String, csj_key, KeyForm)] = [
            ("ts", CSJ_KEY_TS, .time), ("actor", CSJ_KEY_ACTOR, .text), ("event", CSJ_KEY_EVENT, .text),
            ("endpoint", CSJ_KEY_ENDPOINT, .text), ("outcome", CSJ_KEY_OUTCOME, .text), ("vc", CSJ_KEY_VC, .clock),
            ("error", CSJ_KEY_ERROR, .text), ("reason", CSJ_KEY_REASON, .text), ("causes", CSJ_KEY_CAUSES, .other),
        ]
        let fields: [([(csj_key, Field)], KeyForm)] = [
            (integers, .integer), (numbers, .number), (symbols, .text), (digests, .text),
        ]
        return others.map { ($0, KeyTable.Key($1, $2)) }
            + fields.flatMap { pairs, form in pairs.map { ($1.key, KeyTable.Key($0, form, $1)) } }
    }()

    /// The key of each field, by the field's number.
    static let ofField: [Int] = {
        var keys = Array(repeating: 0, count: Field.allCases.count)
        for (key, field) in integers + numbers + symbols + digests { keys[Int(field.rawValue)] = Int(key.rawValue) }
        return keys
    }()
}
