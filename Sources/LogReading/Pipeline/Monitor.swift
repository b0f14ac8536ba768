import Glibc

/// A mutex with a condition: what the threads of the pipeline meet at.
final class Monitor: @unchecked Sendable {
    private let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
    private let condition = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)

    init() {
        pthread_mutex_init(mutex, nil)
        pthread_cond_init(condition, nil)
    }

    deinit {
        pthread_cond_destroy(condition)
        pthread_mutex_destroy(mutex)
        condition.deallocate()
        mutex.deallocate()
    }

    func lock() { pthread_mutex_lock(mutex) }
    func unlock() { pthread_mutex_unlock(mutex) }

    /// Lets go of the lock until somebody announces something.
    func wait() { pthread_cond_wait(condition, mutex) }
    func announce() { pthread_cond_broadcast(condition) }
}

/// A thread that runs one closure.
final class WorkerThread: @unchecked Sendable {
    private var thread = pthread_t()
    private let isRunning: Bool

    init(_ body: @escaping @Sendable () -> Void) {
        let box = Unmanaged.passRetained(Box(body))
        isRunning =
            pthread_create(
                &thread, nil,
                { argument in
                    if let argument { Unmanaged<Box>.fromOpaque(argument).takeRetainedValue().body() }
                    return nil
                }, box.toOpaque()) == 0
        if !isRunning { box.release() }
    }

    /// Waits for the closure's end.
    func join() {
        if isRunning { pthread_join(thread, nil) }
    }

    private final class Box {
        let body: @Sendable () -> Void

        init(_ body: @escaping @Sendable () -> Void) {
            self.body = body
        }
    }
}
