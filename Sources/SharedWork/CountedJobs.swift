/// Jobs that differ by a number alone, for whoever is free.
private final class CountedJobs: Station, @unchecked Sendable {
    // Unchecked: touched with the workshop locked.
    private let workshop: Workshop
    private let count: Int
    private let body: @Sendable (Int) -> Void
    private var next = 0
    private var done = 0

    init(_ count: Int, in workshop: Workshop, _ body: @escaping @Sendable (Int) -> Void) {
        self.workshop = workshop
        self.count = count
        self.body = body
    }

    func work(as worker: Int) -> Bool {
        if next == count { return false }
        let number = next
        next += 1
        workshop.unlock()
        body(number)
        workshop.lock()
        done += 1
        if done == count { workshop.announce() }
        return true
    }

    /// Takes part in the work until all of it is done. Not to be called locked.
    func finish() {
        workshop.lock()
        workshop.announce()
        while done < count { workshop.workOrWait(as: 0) }
        workshop.unlock()
    }
}

extension Workshop {
    /// Does a job for each number below `count`, on the caller's thread and on those that are free, in any order. Returns once all are done.
    package func forEach(below count: Int, _ body: @escaping @Sendable (Int) -> Void) {
        let jobs = CountedJobs(count, in: self, body)
        add(jobs)
        jobs.finish()
        remove(jobs)
    }
}
