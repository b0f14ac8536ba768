import EventModel

extension Finding.Basis {
    /// What decided, in words.
    var words: String {
        switch self {
        case .commits(let later, let earlier): "commit \(later) after \(earlier)"
        case .storeLog: "the order of the store's own log"
        case .storeClock(let later, let earlier): "the store's clock: \(later) after \(earlier)"
        case .happenedBefore: "happened before"
        case .sharedClock: "times of one clock"
        case .replaces(let plan): "replaces \(plan)"
        case .answers: "answered after the other's answer"
        case .times(let apart, let slack, let isBeyond):
            "times \(Nanoseconds.words(apart)) apart, \(isBeyond ? "beyond" : "within") the skew's "
                + Nanoseconds.words(slack)
        case .timesInFlight(let apart): "times \(Nanoseconds.words(apart)) apart, both writes in flight"
        case .writesMissing(let other):
            (other.map { $0.words + ", " } ?? "") + "what was written in between is missing"
        case .noAddressesLeft: "records is 0"
        case .seenEmpty: "the endpoint was seen empty"
        case .emptiedWhileActive: "the endpoint was emptied while the plan was active"
        case .writtenBefore: "the write happened before the deletion"
        case .deletedAfter(let deleted, let written):
            "the store's clock: deleted at \(deleted), written at \(written)"
        case .refusalFollows: "a refusal follows"
        case .restorationFollows: "a restoration follows"
        }
    }
}
