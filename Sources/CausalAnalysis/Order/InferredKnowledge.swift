import EventModel

/// What a process was inferred to know, in the order in which it came to know it. Only an event of a process whose counters are given can be known by
/// one; whoever knows it knows all that stands here up to it.
struct InferredKnowledge: Sendable {
    struct News: Sendable {
        let process: ProcessID
        let stamp: Stamp
        fileprivate let at: Stamp
    }

    private var news: [News] = []
    /// By another sequence: how much of its knowledge has been taken over.
    var read: [Int: Int] = [:]

    var isEmpty: Bool { news.isEmpty }

    subscript(at: Int) -> News { news[at] }

    mutating func append(_ process: ProcessID, _ stamp: Stamp, at place: Stamp) {
        news.append(News(process: process, stamp: stamp, at: place))
    }

    /// How much was known by an event.
    func count(upTo stamp: Stamp) -> Int {
        var low = 0
        var high = news.count
        while low < high {
            let middle = (low + high) / 2
            if news[middle].at <= stamp { low = middle + 1 } else { high = middle }
        }
        return low
    }
}
