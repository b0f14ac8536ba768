/// What happened in a simulation, from its own state: what an analysis of the logs should find, and be compared with.
///
/// Times are nanoseconds since 1970-01-01T00:00:00Z on the simulation's one true clock; nil where something lasted to the end.
package struct Truth: Sendable, Equatable {
    /// An older plan took effect over a newer one.
    package struct Overwrite: Sendable, Equatable {
        package var at: Int64
        package var endpoint: String
        package var plan: Int64
        package var displaced: Int64
        package var actor: String
        /// When the store answered the check that the write relied on.
        package var checkedAt: Int64
        package var commit: Int64
    }

    /// A plan was removed while active on endpoints.
    package struct Deletion: Sendable, Equatable {
        package var at: Int64
        package var plan: Int64
        package var actor: String
        package var endpoints: [String]
    }

    /// An endpoint had no addresses.
    package struct Emptied: Sendable, Equatable {
        package var endpoint: String
        package var plan: Int64
        package var at: Int64
        package var until: Int64?
    }

    /// Automation was refused on an endpoint, from the first refusal to the repair.
    package struct Wedge: Sendable, Equatable {
        package var endpoint: String
        package var at: Int64
        package var until: Int64?
        package var refusals: Int
        package var actors: [String]
    }

    /// Writes of one run that were newer than what they displaced, though that had changed since their check.
    package struct StaleCheck: Sendable, Equatable {
        package var actor: String
        package var plan: Int64
        package var at: Int64
        package var writes: Int
    }

    /// A queue was offered more than it could do: from the moment when it began to grow until it was back to its usual depth.
    package struct Backlog: Sendable, Equatable {
        package var actor: String
        package var queue: String
        package var onset: Int64
        package var peak: Int64
        package var peakAt: Int64
        package var end: Int64?
    }

    /// Work was done, but too late to count, from the first such item to the end of the last queue in that state.
    package struct Collapse: Sendable, Equatable {
        package var actor: String
        package var queue: String
        package var at: Int64
        package var until: Int64?
    }

    /// A service failed more than two requests in a hundred; pauses of less than a quarter of an hour are part of it.
    package struct Impact: Sendable, Equatable {
        package var service: String
        package var from: Int64
        package var until: Int64?
        /// The largest share of failed requests in one sample.
        package var worst: Double
    }

    /// Trouble went from one component to another, first at `at`.
    package struct Edge: Sendable, Equatable {
        package var from: String
        package var to: String
        package var at: Int64
    }

    /// A time in which one component failed for one reason; pauses of less than a quarter of an hour are part of it.
    package struct Phase: Sendable, Equatable {
        package var component: String
        /// The component that it hung on, or the word for what people did to it.
        package var cause: String
        package var from: Int64
        package var until: Int64
        /// Launches, samples or items that failed so.
        package var count: Int64
    }

    /// What people did to a component, whatever came of it.
    package struct Intervention: Sendable, Equatable {
        package var at: Int64
        package var actor: String
        package var act: String
        package var component: String
    }

    /// Something that a timeline names.
    package struct Milestone: Sendable, Equatable {
        package var name: String
        package var at: Int64
    }

    /// Clients tried each piece of work more than twice on the average.
    package struct Storm: Sendable, Equatable {
        package var actor: String
        package var at: Int64
        package var until: Int64?
    }

    package var scenario = ""
    package var seed: UInt64 = 0
    package var scale = 1.0
    package var safeguards: [String] = []
    package var from: Int64 = 0
    package var until: Int64 = 0
    /// Records written, before any damage.
    package var records: Int64 = 0
    /// All actors, each of which has a log.
    package var actors: [String] = []
    package var overwrites: [Overwrite] = []
    package var deletions: [Deletion] = []
    package var emptied: [Emptied] = []
    package var wedges: [Wedge] = []
    package var staleChecks: [StaleCheck] = []
    package var backlogs: [Backlog] = []
    package var collapses: [Collapse] = []
    package var storms: [Storm] = []
    package var impacts: [Impact] = []
    package var edges: [Edge] = []
    package var phases: [Phase] = []
    package var interventions: [Intervention] = []
    package var milestones: [Milestone] = []
    /// Every effect on every endpoint; nil where no faults were asked for.
    package var history: History?

    /// When a milestone came about; nil when it did not.
    package func time(of milestone: String) -> Int64? { milestones.first { $0.name == milestone }?.at }
}
