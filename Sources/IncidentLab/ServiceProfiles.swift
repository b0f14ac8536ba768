import EventModel

extension ServiceProfile {
    /// The services of the region. What share of a service hangs on what is made up.
    static let all: [ServiceProfile] = [
        .init(name: "dynamodb", requests: 90_000, onEndpoint: 0.95, connections: Nanoseconds.minute),
        .init(name: "lambda", requests: 60_000, onEndpoint: 0.6, onLaunches: 0.12, onBalancer: 0.6),
        .init(name: "ecs", requests: 4000, onEndpoint: 0.1, onLaunches: 0.3, runsTasks: true),
        .init(name: "eks", requests: 3000, onEndpoint: 0.1, onLaunches: 0.3, runsTasks: true),
        .init(name: "fargate", requests: 3500, onEndpoint: 0.1, onLaunches: 0.4, runsTasks: true),
        .init(name: "sts", requests: 50_000, onEndpoint: 0.5, onBalancer: 0.3),
        .init(name: "sign-in", requests: 8000, onEndpoint: 0.5, connections: 3 * Nanoseconds.minute),
        .init(name: "redshift", requests: 2000, onEndpoint: 0.7, connections: Nanoseconds.minute, stuck: 0.04),
        .init(name: "connect", requests: 6000, onEndpoint: 0.3, onLaunches: 0.08, onBalancer: 0.7),
        .init(name: "support", requests: 900, onEndpoint: 0.8, connections: Nanoseconds.minute),
        .init(name: "airflow", requests: 700, onEndpoint: 0.2, onLaunches: 0.5),
        .init(name: "outposts", requests: 300, onLaunches: 0.4),
        .init(name: "vps-plain", requests: 1500),
    ]
}
