import EventModel

/// The steps of a proof as JSON: what each rests on, and the lines that it cites.
enum ProofJSON {
    static func write(_ proof: [Finding.ProofStep], in report: Report, to json: inout JSONWriter) {
        json.array { json in
            for step in proof { json.object { write(step, in: report, to: &$0) } }
        }
    }

    private static func write(_ step: Finding.ProofStep, in report: Report, to json: inout JSONWriter) {
        func record(_ key: String, _ record: RecordRef) {
            json.key(key)
            json.object { EvidenceJSON.place(of: record, in: report, to: &$0) }
        }
        json.field("step", step.name)
        switch step {
        case .replaces(let of), .empties(let of): record("record", of)
        case .commit(let earlier, let later), .store(let earlier, let later):
            record("earlier", earlier)
            record("later", later)
        case .happenedBefore(let chain):
            json.key("chain")
            json.array { json in
                for link in chain { json.object { EvidenceJSON.place(of: link, in: report, to: &$0) } }
            }
        case .nothingBetween(let silence, let earlier, let later):
            json.field("by", silence.name)
            if case .storeLog(let store, let incarnation, let counters) = silence {
                json.field("store", report.symbols[store])
                json.field("incarnation", incarnation)
                json.field("from", counters.lowerBound)
                json.field("to", counters.upperBound)
            }
            record("earlier", earlier)
            record("later", later)
        case .counts(let places): write(places, in: report, to: &json)
        case .wholeLog: break
        }
    }

    /// Places by file, in the order in which the files come.
    private static func write(_ places: [RecordPlace], in report: Report, to json: inout JSONWriter) {
        json.key("records")
        json.array { json in
            for (source, own) in Dictionary(grouping: places, by: \.source).sorted(by: { $0.key < $1.key }) {
                json.object { json in
                    json.field("file", report.path(of: source))
                    json.key("lines")
                    json.array { json in for place in own { json.value(place.line) } }
                }
            }
        }
    }
}

extension Finding.ProofStep {
    /// The word for the kind of step.
    fileprivate var name: String {
        switch self {
        case .replaces: "replaces"
        case .commit: "commit"
        case .store: "store"
        case .happenedBefore: "happened-before"
        case .nothingBetween: "nothing-between"
        case .empties: "empties"
        case .counts: "counts"
        case .wholeLog: "whole-log"
        }
    }
}

extension Finding.Silence {
    fileprivate var name: String {
        switch self {
        case .commits: "commits"
        case .storeLog: "store-log"
        case .allWrites: "all-writes"
        }
    }
}
