import Glibc

/// Something that has jobs for whoever is free.
package protocol Station: AnyObject, Sendable {
    /// Does one job, if there is one now. Called with the workshop locked, and returns so; unlocks it meanwhile.
    ///
    /// - Parameter worker: the number of who does it, from 0; no two of one number work at a time.
    /// - Returns: whether there was one.
    func work(as worker: Int) -> Bool
}

/// A mutex with a condition, at which threads meet, and the stations whose jobs they share.
///
/// Nobody waits while there is a job that another thread will need done: with as many threads as there are cores, all of them are busy
/// and none stands in another's way.
package final class Workshop: @unchecked Sendable {
    // Unchecked: `stations` and `isClosed` are touched with the mutex locked.
    private let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
    private let condition = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)
    private var stations: [any Station] = []
    private var isClosed = false

    /// One without stations.
    package init() {
        pthread_mutex_init(mutex, nil)
        pthread_cond_init(condition, nil)
    }

    deinit {
        pthread_cond_destroy(condition)
        pthread_mutex_destroy(mutex)
        condition.deallocate()
        mutex.deallocate()
    }

    package func lock() { pthread_mutex_lock(mutex) }
    package func unlock() { pthread_mutex_unlock(mutex) }

    /// Wakes all who wait, since there is something new.
    package func announce() { pthread_cond_broadcast(condition) }

    /// Takes a station in, behind those that are there: jobs are taken from the first that has one. Not to be called locked.
    package func add(_ station: any Station) {
        lock()
        stations.append(station)
        unlock()
    }

    /// Lets a station go. Not to be called locked.
    package func remove(_ station: any Station) {
        lock()
        stations.removeAll { $0 === station }
        unlock()
    }

    /// Does a job of any station; without one, lets go of the lock until something is announced. To be called locked.
    package func workOrWait(as worker: Int) {
        for station in stations where station.work(as: worker) { return }
        pthread_cond_wait(condition, mutex)
    }

    /// Works until the workshop is closed.
    func work(as worker: Int) {
        lock()
        while !isClosed { workOrWait(as: worker) }
        unlock()
    }

    /// Sends everybody home.
    func close() {
        lock()
        isClosed = true
        stations = []
        announce()
        unlock()
    }
}
