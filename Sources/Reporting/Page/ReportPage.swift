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
    /// What happened; nil where nobody gathered it.
    package var story: Story?

    init(_ report: Report, _ list: FindingList, _ options: PageOptions, name: @escaping (Symbol) -> String) {
        self.report = report
        self.list = list
        self.options = options
        self.name = name
        times = TimeStyle(offset: options.offset, span: report.span)
    }

    /// Takes the events chosen, and puts those of the diagrams between them.
    mutating func take(_ chosen: [PageEvent]) {
        var drawn: [UInt64: PageEvent] = [:]
        for event in diagrams.flatMap(\.events) { drawn[event.ordinal] = event }
        events = chosen.filter { drawn[$0.ordinal] == nil }
        for event in events + drawn.values { kept[Int(event.reason.rawValue)] += 1 }
        events += drawn.values.map(\.drawn)
        events.sort { $0.ordinal < $1.ordinal }
        index = Dictionary(uniqueKeysWithValues: events.enumerated().map { ($0.element.place, $0.offset) })
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

extension PageEvent {
    /// As it stands in the page where a diagram shows it: that is evidence, but an act or a failure stays what it is.
    fileprivate var drawn: PageEvent {
        var event = self
        if reason == .concerned || reason == .other { event.reason = .evidence }
        return event
    }
}
