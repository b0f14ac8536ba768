import CausalAnalysis
import EventModel

/// What a report's page shows: plain values, for whoever writes the page.
package struct ReportPage {
    let report: Report
    let list: FindingList
    let options: PageOptions
    let times: TimeStyle
    let name: (Symbol) -> String

    /// In causal order.
    private(set) var events: [PageEvent] = []
    /// By the order of events.
    private(set) var index: [RecordPlace: Int] = [:]
    /// How many events there were, and how many are in the page, by reason.
    var seen: [UInt64] = []
    private(set) var kept = [UInt64](repeating: 0, count: PageEvent.Reason.allCases.count)
    /// The beginnings of records that prove findings.
    var lines: [RecordPlace: [UInt8]] = [:]
    var roles: [RecordPlace: PageFocus.Role] = [:]
    var diagrams: [Diagram] = []
    var generations: [Generations] = []
    var queues: [(group: Int, curve: QueueCurve)] = []
    var services = ServiceCurves(nil)
    /// Why findings hold, by group.
    var explanations: [Int: Explanation] = [:]

    init(_ report: Report, _ list: FindingList, _ options: PageOptions, name: @escaping (Symbol) -> String) {
        self.report = report
        self.list = list
        self.options = options
        self.name = name
        times = TimeStyle(offset: options.offset, span: report.span)
    }

    /// Takes the events chosen, and puts those of the diagrams between them.
    mutating func take(_ chosen: [PageEvent]) {
        for event in chosen { kept[Int(event.reason.rawValue)] += 1 }
        var all: [UInt64: PageEvent] = [:]
        for event in diagrams.flatMap(\.events) { all[event.ordinal] = event }
        let drawn = all.values.filter { event in !chosen.contains(ordinal: event.ordinal) }
        events = (chosen.map { all[$0.ordinal].map(Self.evidence($0)) ?? $0 } + drawn)
            .sorted { $0.ordinal < $1.ordinal }
        index = Dictionary(uniqueKeysWithValues: events.enumerated().map { ($0.element.place, $0.offset) })
    }

    /// What is drawn in a diagram counts as evidence, but an act or a failure stays what it is.
    private static func evidence(_ chosen: PageEvent) -> (PageEvent) -> PageEvent {
        { drawn in chosen.reason == .act || chosen.reason == .failure ? chosen : drawn }
    }

    /// Why events were left out, and how many.
    var omissions: [(words: String, count: UInt64)] {
        PageEvent.Reason.allCases.compactMap { reason in
            let count = seen[Int(reason.rawValue)] - kept[Int(reason.rawValue)]
            return count > 0 ? (reason.words, count) : nil
        }
    }

    /// A command on the bundle, as a reader can type it.
    func command(_ name: String) -> String {
        let bundle = options.bundle.isEmpty ? "BUNDLE" : options.bundle.map(ShellWord.quote).joined(separator: " ")
        return "inquest \(name) \(bundle)"
    }
}

extension [PageEvent] {
    /// Whether an event of that place in the causal order is among these, which stand in it. O(log n).
    fileprivate func contains(ordinal: UInt64) -> Bool {
        var low = 0
        var high = count
        while low < high {
            let middle = (low + high) / 2
            if self[middle].ordinal < ordinal { low = middle + 1 } else { high = middle }
        }
        return low < count && self[low].ordinal == ordinal
    }
}
