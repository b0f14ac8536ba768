import EventModel

/// What all actors share: the time, the one generator, messages on their way, clocks, logs and the truth.
final class World {
    private(set) var now: Int64
    var random: Random
    let truth: TruthKeeper
    private var queue = EventQueue()
    private var clocks: CausalClocks
    private let names: [[UInt8]]
    private var book: LogBook
    private var failure: (any Error)?

    init(seed: UInt64, start: Int64, cast: [Role], book: LogBook, truth: TruthKeeper) {
        now = start
        random = Random(seed: seed)
        clocks = CausalClocks(actors: cast.count)
        names = cast.map { Array($0.name.utf8) }
        self.book = book
        self.truth = truth
    }

    /// An actor's name.
    func name(_ actor: ActorID) -> [UInt8] { names[Int(actor.index)] }

    /// Sends a message that carries the sender's clock.
    func send(
        _ kind: Message.Kind, from: ActorID, to: ActorID, in delay: Int64, a: Int64 = 0, b: Int64 = 0, c: Int64 = 0,
        d: Int64 = 0, e: Int64 = 0, trace: Int = 0
    ) {
        push(kind, from, to, now + delay, clocks.snapshot(from), a, b, c, d, e, trace)
    }

    /// Asks something that leaves no trace where it arrives: a read. The answer carries a clock, the question none.
    func ask(
        _ kind: Message.Kind, from: ActorID, to: ActorID, in delay: Int64, a: Int64 = 0, b: Int64 = 0, c: Int64 = 0,
        d: Int64 = 0, e: Int64 = 0
    ) {
        push(kind, from, to, now + delay, -1, a, b, c, d, e, 0)
    }

    /// Wakes an actor at a time.
    func alarm(_ kind: Message.Kind, _ actor: ActorID, at time: Int64, a: Int64 = 0, b: Int64 = 0) {
        push(kind, actor, actor, max(time, now), -1, a, b, 0, 0, 0, 0)
    }

    /// Writes a record of an actor; its own clock entry grows.
    func record(_ actor: ActorID, _ kind: EventKind, _ fields: (inout Line) -> Void = { _ in }) {
        record(actor, named: kind.name, fields)
    }

    /// Writes a record outside the vocabulary.
    func record(_ actor: ActorID, named event: String, _ fields: (inout Line) -> Void = { _ in }) {
        clocks.tick(actor)
        truth.note(actor, at: now)
        do {
            try book.write(actor, event, at: now, clocks: clocks, fields)
        } catch {
            failure = failure ?? error
        }
    }

    /// An actor's process starts again; where `forgets`, its counter and what it knew are gone.
    func restart(_ actor: ActorID, forgets: Bool) {
        if forgets { clocks.reset(actor) }
    }

    /// For each log, the line of each of its actor's records, by ordinal; 0 where it is lost. Empty unless the book keeps places.
    var places: [LogPlaces] { book.places }

    /// Completes every log.
    func finish() throws {
        if let failure { throw failure }
        try book.finish()
    }

    /// The next message due up to `end`, its clock taken in by its receiver. Throws what a log's sink threw.
    func next(until end: Int64) throws -> Message? {
        if let failure { throw failure }
        guard let message = queue.pop(until: end) else { return nil }
        now = message.time
        if message.clock >= 0 { clocks.merge(message.clock, into: message.to) }
        return message
    }

    private func push(
        _ kind: Message.Kind, _ from: ActorID, _ to: ActorID, _ time: Int64, _ clock: Int32, _ a: Int64, _ b: Int64,
        _ c: Int64, _ d: Int64, _ e: Int64, _ trace: Int
    ) {
        queue.push(
            Message(
                time: time, sequence: 0, to: to, from: from, kind: kind, clock: clock, a: a, b: b, c: c, d: d, e: e,
                trace: trace))
    }
}
