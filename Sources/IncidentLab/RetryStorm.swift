import EventModel

/// The clients and the front end of a retry storm.
struct RetryStorm {
    private var clients: Clients
    private var frontend: Frontend

    /// The storm of a blueprint; nil where it has none.
    init?(_ blueprint: Blueprint, _ cast: Cast) {
        guard let clientsID = cast.clients, let frontendID = cast.frontend else { return nil }
        clients = Clients(id: clientsID, frontend: frontendID, rate: blueprint.traffic(2.0))
        frontend = Frontend(
            id: frontendID, clients: clientsID, capacity: blueprint.traffic(3.0), trouble: blueprint.trouble)
    }

    /// Starts both clockworks.
    func begin(_ world: World) {
        clients.begin(world)
        frontend.begin(world)
    }

    /// Hands a message to its actor.
    mutating func receive(_ message: Message, _ world: World) {
        if message.to == clients.id { clients.receive(message, world) } else { frontend.receive(message, world) }
    }
}
