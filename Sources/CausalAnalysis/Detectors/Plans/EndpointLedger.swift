import EventModel

/// What is kept of one endpoint: the list of its records that are not judged yet, and what is known as of the last that was.
///
/// Plain memory, by number; −1 without one.
struct EndpointLedger: Sendable {
    let endpoint: Symbol
    /// The newest record that waits, and how many do.
    var newest: Int32 = -1
    var count: Int32 = 0
    /// The checks of this endpoint, one of each actor.
    var checks: Int32 = -1
    /// The active write and the store's record of it.
    var active: Int32 = -1
    var activeStored: Int32 = -1
    /// In `EndpointLedgers`: what its history leaves open.
    var open: Int32 = -1
    var isVoid = false
    var past = PastWrites.none

    /// The active write; without numbers before the first.
    var write: OrdinaryCourse.Write { OrdinaryCourse.Write(main: active, stored: activeStored) }

    init(endpoint: Symbol) {
        self.endpoint = endpoint
    }
}
