import EventModel

extension MissingEvidence {
    /// What to log, as a part of a sentence.
    var words: String {
        switch self {
        case .field(let name, let event): "\(name) in \(event.name)"
        case .event(.recordEmptied): "record.emptied with its plan in the store's log"
        case .event(let event): event.name
        case .log(let actor): "the log of \(actor)"
        }
    }
}

extension LoggingAdvice {
    /// One sentence on what to log next time; nil where nothing is open.
    var sentence: String? {
        if items.isEmpty { return nil }
        let named = items.prefix(3).map {
            "\($0.evidence.words) would have settled \(Figures.count($0.count, "finding or question", plural: "findings or questions"))"
        }
        let more = items.count > 3 ? ", and \(items.count - 3) more (findings.json)" : ""
        return "To log next time: " + named.joined(separator: ", ") + more + "."
    }
}
