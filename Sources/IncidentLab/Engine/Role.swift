/// What an actor is called in the logs, and what it is.
struct Role: Sendable {
    /// The actor's name, also its log's.
    let name: String
    /// `role` in its records.
    let title: String
}
