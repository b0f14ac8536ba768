/// What took effect on the endpoints of a small simulation, in the stores' own order, and the records that tell of it.
package struct History: Sendable, Equatable {
    /// A write, a restoration by hand or a deletion that took effect on one endpoint.
    package struct Effect: Sendable, Equatable {
        package enum Kind: String, Sendable { case write, restoration, deletion }

        package var kind: Kind
        package var at: Int64
        package var endpoint: String
        package var plan: Int64
        /// The generation that was active immediately before; 0 where there was none.
        package var displaced: Int64
        package var actor: String
        package var store: String
        /// The store's number of the write; nil of a deletion.
        package var commit: Int64?
        /// Ordinals of the writer's records: the check that the run relied on, the start of the run, the request, the answer to it.
        package var check: Int?
        package var started: Int?
        package var sending: Int?
        package var answer: Int?
        /// The ordinal of the store's record of it.
        package var effect: Int
        /// The ordinal of the store's `record.emptied`, of a deletion.
        package var emptied: Int?
        /// What the check saw active.
        package var seen: Int64?
    }

    /// Faults that were drawn or given.
    package var faults: [String] = []
    package var effects: [Effect] = []
    /// Where the records of each log stand.
    package var places: [LogPlaces] = []
}

/// A request on its way: what the truth knows of the sender's side of it.
struct SentWrite: Sendable {
    var check: Int?
    var started: Int?
    var sending: Int
    var seen: Int64?
    var actor: ActorID
}
