import ArgumentParser
import EventIndex
import EventModel

/// Which events a command is about.
struct EventArguments: ParsableArguments {
    @Option(
        help: ArgumentHelp("Only events about this endpoint; a glob (* ? [a-z]), repeatable.", valueName: "name"),
        completion: BundleCompletions.names(.endpoint))
    var endpoint: [String] = []
    @Option(
        help: ArgumentHelp("Only events of this actor; a glob, repeatable.", valueName: "name"),
        completion: BundleCompletions.names(.actor))
    var actor: [String] = []
    @Option(
        help: ArgumentHelp("Only events of this kind, such as plan.*; a glob, repeatable.", valueName: "name"),
        completion: BundleCompletions.names(.event))
    var event: [String] = []
    @Option(help: ArgumentHelp("Only events of these plans: 145, 110..145, 110.. .", valueName: "range"))
    var plan: String?

    var isEmpty: Bool { endpoint.isEmpty && actor.isEmpty && event.isEmpty && plan == nil }

    func filter(window: TimeWindow) throws(Failure) -> EventFilter {
        var plans: PlanRange?
        if let plan {
            do { plans = try PlanRange(plan) } catch { throw Failure(error) }
        }
        return EventFilter(
            endpoints: try Self.globs(endpoint), actors: try Self.globs(actor), events: try Self.globs(event),
            plans: plans, window: window)
    }

    private static func globs(_ texts: [String]) throws(Failure) -> [Glob] {
        var globs: [Glob] = []
        for text in texts {
            do { globs.append(try Glob(text)) } catch { throw Failure(error.message, hint: error.hint) }
        }
        return globs
    }
}
