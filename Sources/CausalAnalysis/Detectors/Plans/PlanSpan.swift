import EventModel

/// Two events of an endpoint's history between which a write that no log holds would change what was concluded.
struct PlanSpan: Sendable {
    var from: Moment
    var to: Moment
    /// The store's logical times of their effects, where the records tell.
    var fromStore: StoreTime?
    var toStore: StoreTime?
}
