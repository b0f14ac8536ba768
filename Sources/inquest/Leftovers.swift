import Foundation
import Synchronization

/// The files and folders that a run has begun and not finished: removed where a signal, or a limit, ends the run.
///
/// Signals are taken by a thread of their own, so that files are removed outside a signal handler, and wait while several files are put in
/// their places together. What `kill -9` leaves is hidden and never read as part of a bundle.
final class Leftovers: Sendable {
    static let ofThisRun = Leftovers()

    private let paths = Mutex<Set<String>>([])

    /// Remembers something that is unfinished from now on.
    func add(_ path: String) { paths.withLock { _ = $0.insert(path) } }

    /// Forgets something that is finished, or gone.
    func forget(_ path: String) { paths.withLock { _ = $0.remove(path) } }

    /// Runs steps that belong together: a signal waits for their end.
    func uninterrupted<T>(_ body: () -> T) -> T { paths.withLock { _ in body() } }

    /// Ends the process, whatever its threads are doing, and leaves nothing unfinished behind.
    func exit(with status: ExitStatus) -> Never {
        paths.withLock { paths in
            Leftovers.remove(paths)
            _exit(status.rawValue)
        }
    }

    /// Has the signals that end a run remove what is unfinished first. For the beginning of `main`: threads that exist already would still
    /// be ended at once.
    func removeOnSignals() {
        var signals = sigset_t()
        sigemptyset(&signals)
        for number in [SIGINT, SIGTERM, SIGHUP] where !Leftovers.isIgnored(number) { sigaddset(&signals, number) }
        pthread_sigmask(SIG_BLOCK, &signals, nil)
        Thread.detachNewThread { [self, signals] in
            var signals = signals
            var number: Int32 = 0
            guard sigwait(&signals, &number) == 0 else { return }
            paths.withLock { paths in
                Leftovers.remove(paths)
                let name = [SIGINT: "interrupted", SIGTERM: "terminated", SIGHUP: "hung up"][number] ?? "ended"
                Console.standard.error(
                    "inquest: \(name): "
                        + (paths.isEmpty ? "nothing was left unfinished" : "unfinished outputs were removed"))
                // The signal itself ends the process, so that its parent sees which one did.
                signal(number, SIG_DFL)
                raise(number)
                pthread_sigmask(SIG_UNBLOCK, &signals, nil)
            }
        }
    }

    private static func remove(_ paths: Set<String>) {
        // What is gone already, or cannot be removed, stays: nobody is left to tell.
        for path in paths { try? FileManager.default.removeItem(atPath: path) }
    }

    /// Whether the parent has had a signal ignored, as `nohup` does.
    private static func isIgnored(_ number: Int32) -> Bool {
        let before = signal(number, SIG_IGN)
        let isIgnored = unsafeBitCast(before, to: Int.self) == unsafeBitCast(SIG_IGN, to: Int.self)
        if !isIgnored { signal(number, SIG_DFL) }
        return isIgnored
    }
}
