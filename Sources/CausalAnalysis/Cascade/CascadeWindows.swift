import EventModel

/// The windows of a report's findings, at most 64: sets of them are the bits of a word.
struct CascadeWindows: Sendable {
    /// A set of windows, one bit each.
    typealias Mask = UInt64

    struct Window: Sendable {
        var kind: Finding.Kind
        /// Indices into the report's findings, by time.
        var findings: [Int]
        var at: Timestamp
        /// nil while it lasts.
        var until: Timestamp?
        /// When the first event that belongs to it came: of a backlog, which is dated at the last usual sample, later
        /// than `at`.
        var onset: Timestamp
        /// How exactly its end is known: nanoseconds after `until` within which it may have ended.
        var resolution: Int64 = 0

        /// Whether events of the time may belong to it.
        func contains(_ time: Timestamp) -> Bool {
            (kind == .backlogOnset ? time > at : time >= at) && until.map { time <= $0 } ?? true
        }
    }

    /// By onset.
    private(set) var windows: [Window] = []
    private(set) var omitted = 0

    private static let limit = 64

    /// What one window is made of: a plan's findings on all its endpoints; a kind's findings of many actors at one
    /// time.
    private struct Key: Hashable {
        var kind: Finding.Kind
        var actor: String?
        var plan: Generation?
        var subject: String?
    }

    init(_ findings: [Finding]) {
        var open: [Key: Int] = [:]
        var all: [Window] = []
        // What events of an unknown name have to do with anything, nobody knows.
        let serious = findings.indices.filter {
            findings[$0].severity != .info && findings[$0].kind != .eventRateChange
        }
        for index in serious.sorted(by: {
            findings[$0].at != findings[$1].at ? findings[$0].at < findings[$1].at : $0 < $1
        }) {
            let finding = findings[index]
            let until = finding.lasts ? nil : max(finding.until ?? finding.at, finding.at)
            let key = CascadeWindows.key(finding)
            if let known = open[key], all[known].until.map({ finding.at <= $0 }) ?? true || finding.plan != nil {
                all[known].findings.append(index)
                all[known].resolution = max(all[known].resolution, CascadeWindows.resolution(finding))
                if let end = all[known].until { all[known].until = until.map { max($0, end) } }
            } else {
                open[key] = all.count
                all.append(
                    Window(
                        kind: finding.kind, findings: [index], at: finding.at, until: until, onset: finding.at,
                        resolution: CascadeWindows.resolution(finding)))
            }
        }
        // Findings come most severe first, so that the windows of the smallest indices matter most.
        let chosen = all.indices.sorted { all[$0].findings.min() ?? 0 < all[$1].findings.min() ?? 0 }
            .prefix(CascadeWindows.limit).sorted()
        windows = chosen.map { all[$0] }
        omitted = all.count - windows.count
    }

    /// Whether a second pass could join anything: there is more than the plans' findings, which prove each other.
    var isWorthAPass: Bool {
        windows.count > 1 && windows.contains { $0.kind != .stalePlanOverwrite && !$0.kind.traits.followsAnOverwrite }
    }

    /// Windows of single records end in a span; those of samples with a sample.
    private static func resolution(_ finding: Finding) -> Int64 {
        guard case .window(let window) = finding.detail, finding.kind != .serviceImpact else { return 0 }
        return window.width
    }

    private static func key(_ finding: Finding) -> Key {
        if finding.kind.traits.isOfAFleet { return Key(kind: finding.kind) }
        return switch finding.kind {
        case .stalePlanOverwrite, .activePlanDeleted, .endpointEmptied:
            Key(kind: finding.kind, actor: finding.plan == nil ? nil : finding.actor, plan: finding.plan)
        case .automationWedged: Key(kind: finding.kind)
        default: Key(kind: finding.kind, actor: finding.actor, subject: finding.subject)
        }
    }
}
