import Glibc

/// The threads that work in a workshop beside the one whose it is. They end with the crew, and the workshop closes.
package final class Crew: Sendable {
    private let workshop: Workshop
    private let threads: [WorkerThread]

    /// - Parameter count: how many. Their numbers as workers run from 1; 0 is the workshop's owner, who need not have any.
    package init(_ count: Int, in workshop: Workshop) {
        self.workshop = workshop
        threads = (0..<count).map { number in WorkerThread { workshop.work(as: number + 1) } }
    }

    deinit {
        workshop.close()
        for thread in threads { thread.join() }
    }
}

/// A thread that runs one closure.
private final class WorkerThread: @unchecked Sendable {
    // Unchecked: nothing changes once it has begun.
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
