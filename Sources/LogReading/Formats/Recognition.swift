import EventModel

/// Tells by a log's first bytes which format it has.
struct Recognition: Sendable {
    private let given: [Plan]
    private let options: ReadingOptions

    /// How many records are looked at.
    private static let mostRecords = 60

    init(_ options: ReadingOptions) {
        given = options.profiles
        self.options = options
    }

    /// The format of a log that begins so; nil where none is known that reads it.
    /// - Parameter isWhole: whether these bytes are all of it.
    func format(_ head: UnsafeRawBufferPointer, isWhole: Bool, name: SourceName) -> RecordFormat? {
        if let plan = given.first(where: { reads(head, $0, isWhole: isWhole, name: name) }) { return .profile(plan) }
        if Recognition.isNative(head) { return .native }
        if let plan = Plan.inHead(head, options), reads(head, plan, isWhole: isWhole, name: name) {
            return .profile(plan)
        }
        return matches(head, isWhole: isWhole, name: name).first.map { .profile($0) }
    }

    /// The built-in profiles that recognise such a log, without those that another of them refines; of several, those that leave the fewest
    /// of its records. More than one is a fault of theirs.
    func matches(_ head: UnsafeRawBufferPointer, isWhole: Bool, name: SourceName) -> [Plan] {
        let all = BuiltInProfiles.all.compactMap { plan in
            survey(head, plan, isWhole: isWhole, name: name).map { (plan: plan, unread: $0.records - $0.read) }
        }
        let refined = Recognition.refined(by: all.map(\.plan))
        let own = all.filter { !refined.contains($0.plan.name) }
        let fewest = own.map(\.unread).min() ?? 0
        return own.filter { $0.unread == fewest }.map(\.plan)
    }

    /// The names of profiles that these refine, directly or not.
    private static func refined(by plans: [Plan]) -> Set<String> {
        var names: Set<String> = []
        for plan in plans {
            var general = plan.parts.refines
            while let name = general, names.insert(name).inserted {
                general = BuiltInProfiles.named(name)?.parts.refines
            }
        }
        return names
    }

    /// Whether a profile reads such a log: one of the first records is what it recognises by, and of those that it looked at at least half
    /// are of its form.
    func reads(_ head: UnsafeRawBufferPointer, _ plan: Plan, isWhole: Bool, name: SourceName) -> Bool {
        survey(head, plan, isWhole: isWhole, name: name) != nil
    }

    /// Why no profile that was asked for reads such a log; nil where none was.
    func refusal(_ head: UnsafeRawBufferPointer, isWhole: Bool, name: SourceName) -> String? {
        guard let plan = given.first else { return nil }
        let tally = ProfileDecoder(plan, path: name, options).survey(head, isWhole: isWhole, most: Self.mostRecords)
        let what = "the profile \(plan.name) does not read it: of its first records (\(tally.records)) "
        let unread = tally.records - tally.read
        if unread > 0, let reason = tally.reason { return what + "\(unread) are of another form: \(reason.rawValue)" }
        return tally.records == 0 ? nil : what + "none is what it recognises a log by"
    }

    /// What a profile makes of such a log's first records; nil where it does not read it.
    private func survey(
        _ head: UnsafeRawBufferPointer, _ plan: Plan, isWhole: Bool, name: SourceName
    ) -> ProfileDecoder.Survey? {
        let decoder = ProfileDecoder(plan, path: name, options)
        let tally = decoder.survey(head, isWhole: isWhole, most: Self.mostRecords)
        return tally.recognised > 0 && tally.read * 2 >= tally.records ? tally : nil
    }

    /// Whether one of the first lines is a record of our own format.
    static func isNative(_ head: UnsafeRawBufferPointer) -> Bool {
        var lines = 0
        for line in head.split(separator: 0x0A) {
            let text = UnsafeRawBufferPointer(rebasing: line).trimmed
            if text.isEmpty { continue }
            lines += 1
            if lines > mostRecords { return false }
            let start = text.starts(with: [0xEF, 0xBB, 0xBF]) ? text.part(from: 3) : text
            guard start.first == UInt8(ascii: "{") else { continue }
            let members = RecordMembers(Array(start)).members
            let keys = Set(members.map(\.key))
            if keys.isSuperset(of: ["ts", "actor", "event"]) { return true }
        }
        return false
    }
}

/// OpenTelemetry's compressed export: a big-endian length, then a zstd frame.
enum FrameMagic {
    static func isAhead(_ head: UnsafeRawBufferPointer) -> Bool {
        guard head.count >= 8 else { return false }
        let length = UInt32(bigEndian: head.loadUnaligned(as: UInt32.self))
        return length >= 8 && length < 1 << 28 && head[4..<8].elementsEqual([0x28, 0xB5, 0x2F, 0xFD])
    }
}
