import EventModel
import Foundation
import LogReading

/// Checks all proven findings of a file against a bundle.
struct Verifier {
    /// What became of one finding.
    struct Verdict {
        let claim: Claim
        /// Why it was refused; nil where it was accepted.
        let refusal: String?
    }

    private let claims: [Claim]
    private let lines: BundleLines

    init(_ claims: [Claim], _ lines: BundleLines) {
        self.claims = claims
        self.lines = lines
    }

    /// The verdicts, in the file's order.
    func verdicts() -> [Verdict] {
        let paths = lines.paths
        let sources = Dictionary(paths.enumerated().map { ($1, $0) }, uniquingKeysWith: { first, _ in first })
        var ledger = Ledger(cited: cited(sources))
        let wanted = wanted(ledger, sources)
        if !wanted.isEmpty {
            ledger = Ledger(cited: ledger.cited, fineTimes: fineTimes())
            let words = wanted.words
            lines.forEach(in: Array(paths.indices).filter(lines.isNative)) { line, place, byte in
                if Self.mayConcern(line, words), let record = Record(line, at: place, byte: byte) {
                    ledger.take(record, wanted)
                }
                return true
            }
        }
        let relations = Relations(ledger: ledger, paths: paths)
        return claims.map { claim in
            do throws(Refusal) {
                try Check(claim: claim, relations: relations, sources: sources).run()
                return Verdict(claim: claim, refusal: nil)
            } catch {
                return Verdict(claim: claim, refusal: error.reason)
            }
        }
    }

    /// The lines that proofs cite, of those that are records.
    private func cited(_ sources: [String: Int]) -> [Place: Record] {
        var places: Set<Place> = []
        func add(_ file: String, _ line: Int) {
            if let source = sources[file] { places.insert(Place(source: source, line: line)) }
        }
        for claim in claims {
            for citation in claim.citations { add(citation.file, citation.line) }
            for part in claim.proof.flatMap(\.counted) { for line in part.lines { add(part.file, line) } }
        }
        var records: [Place: Record] = [:]
        lines.forEach(in: Set(places.map(\.source)).filter(lines.isNative).sorted()) { line, place, byte in
            if places.contains(place), let record = Record(line, at: place, byte: byte) { records[place] = record }
            return true
        }
        return records
    }

    /// Whether a line may say what is wanted: it has one of the words, or an escape or a zero byte behind which one may hide.
    private static func mayConcern(_ line: [UInt8], _ words: [String]) -> Bool {
        if line.contains(where: { $0 == UInt8(ascii: "\\") || $0 == 0 }) { return true }
        let text = (line + [0]).map { CChar(bitPattern: $0) }
        return words.contains { strstr(text, $0) != nil }
    }

    /// The logs with times that are not multiples of 10 ms.
    private func fineTimes() -> Set<Int> {
        var fine: Set<Int> = []
        lines.forEach(in: Array(lines.paths.indices).filter(lines.isNative)) { line, place, byte in
            if let time = Record(line, at: place, byte: byte)?.time, time % 10_000_000 != 0 {
                fine.insert(place.source)
            }
            return !fine.contains(place.source)
        }
        return fine
    }

    private func wanted(_ ledger: Ledger, _ sources: [String: Int]) -> Ledger.Wanted {
        var wanted = Ledger.Wanted()
        for claim in claims {
            switch claim.kind {
            case "missing-log":
                if let actor = claim.actor { wanted.named.insert(actor) }
            case "log-gap", "restart", "clock-conflict", "clock-fault":
                if let actor = claim.actor { wanted.actors.insert(actor) }
            default:
                wanted.plans = true
                if let endpoint = claim.endpoint { wanted.endpoints.insert(endpoint) }
                for step in claim.proof {
                    if let store = step.store { wanted.stores.insert(store) }
                    for citation in Array(step.cited.values) + step.chain {
                        let place = sources[citation.file].map { Place(source: $0, line: citation.line) }
                        if let endpoint = place.flatMap({ ledger.cited[$0]?.endpoint }) {
                            wanted.endpoints.insert(endpoint)
                        }
                    }
                }
            }
        }
        return wanted
    }
}
