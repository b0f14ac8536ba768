import EventModel

/// Two events of an endpoint's history between which a write that no log holds would change what was concluded.
///
/// Many are kept until the log's end, so of the events it has no more than is asked then.
struct PlanSpan: Sendable {
    let fromProcess: ProcessID
    let toProcess: ProcessID
    let from: Stamp
    let to: Stamp
    /// The first event's clock, by its row in `ClockRows`, which whoever keeps the span holds.
    let fromRow: Int32
    /// The store's logical times of their effects, where the records tell.
    let fromStore: StoreTime?
    let toStore: StoreTime?

    init(from x: Moment, to y: Moment, fromStore: StoreTime?, toStore: StoreTime?) {
        fromProcess = x.process
        toProcess = y.process
        from = x.stamp
        to = y.stamp
        fromRow = x.row
        self.fromStore = fromStore
        self.toStore = toStore
    }
}
