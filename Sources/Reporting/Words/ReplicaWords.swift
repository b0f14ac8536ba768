import EventModel

/// The sentences of reads and replicas that are behind.
struct ReplicaWords {
    private let finding: Finding
    private let actor: String

    init(_ finding: Finding) {
        self.finding = finding
        actor = finding.actor ?? "somebody"
    }

    func sentence(read: Generation, known: Generation, byItself: Bool) -> String {
        let how = byItself ? "which it had written itself" : "which it had heard of"
        let count = finding.count ?? 1
        let more = count > 1 ? "; \(Figures.grouped(count)) such reads to \((finding.until ?? finding.at).clock)" : ""
        return
            "\(actor) read plan \(read) after plan \(known), \(how), and no write in between made the older one active\(more)"
    }

    func sentence(_ lag: Finding.Lag) -> String {
        let until = finding.until.map { "caught up at \($0.clock)" } ?? "not caught up by the end of the log"
        return "\(actor) lacked plan \(lag.missed), which \(lag.others) others apply for themselves, and was up to "
            + "\(Figures.count(lag.behind, "plan")) and \(Nanoseconds.words(lag.longest)) behind, usually "
            + "\(Nanoseconds.words(lag.usual)); \(until)"
    }
}
