import EventModel

/// What the settled order may be told.
package struct OrderOptions: Sendable {
    /// How far two wall clocks are assumed to stand apart where the records do not tell, in nanoseconds.
    package var maxSkew: Int64 = 60 * Nanoseconds.second
    /// The bytes of frames that are kept in memory; the rest goes to a temporary file.
    package var frameBytes = 16 << 20

    package init() {}
}
