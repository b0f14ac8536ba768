import EventModel

/// The bounds within which the causal order looks and waits. Spans are of log time, in nanoseconds.
package struct OrderOptions: Sendable {
    /// How far two wall clocks are assumed to stand apart where the records do not tell.
    package var maxSkew: Int64 = 60 * Nanoseconds.second
    /// How long a record waits for a cause that no log has shown.
    package var maxWait: Int64 = 300 * Nanoseconds.second
    /// How much of the sources in which many actors write may be read ahead, in bytes of lines.
    package var lookAheadBytes = 64 << 20
    /// How many records of an actor may stand between a record and its place; also how many are remembered to tell duplicates.
    package var reach = 4096
    /// How many records of a source are looked at, as it is opened, to see whether many actors write in it.
    package var probe = 64
    /// How many sources are open from the start; others are opened as the order comes near their first record.
    package var openSources = 16

    package init() {}
}
