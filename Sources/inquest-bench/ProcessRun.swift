import Glibc

/// What one run of a program took.
struct ProcessRun {
    /// Seconds.
    var wall: Double
    /// Seconds of all threads, in the program and in the system for it.
    var cpu: Double
    /// Bytes resident at the peak.
    var peak: Int

    /// Runs a program to its end.
    /// - Parameters:
    ///   - output: the file that takes what it prints.
    ///   - errors: the file that takes its errors; nil: where our own go.
    init(_ arguments: [String], output: String = "/dev/null", errors: String? = nil) throws {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_addopen(&actions, 1, output, O_WRONLY | O_CREAT | O_TRUNC, 0o644)
        if let errors { posix_spawn_file_actions_addopen(&actions, 2, errors, O_WRONLY | O_CREAT | O_TRUNC, 0o644) }
        var words: [UnsafeMutablePointer<CChar>?] = arguments.map { strdup($0) }
        words.append(nil)
        defer { for word in words { free(word) } }
        var process = pid_t()
        let start = ProcessRun.now
        let error = posix_spawnp(&process, arguments[0], &actions, nil, words, environ)
        if error != 0 { throw BenchError(message: "\(arguments[0]): " + String(cString: strerror(error))) }
        var status: Int32 = 0
        var usage = rusage()
        while wait4(process, &status, 0, &usage) < 0 {
            if errno != EINTR { throw BenchError(message: String(cString: strerror(errno))) }
        }
        wall = ProcessRun.now - start
        cpu = ProcessRun.seconds(usage.ru_utime) + ProcessRun.seconds(usage.ru_stime)
        peak = usage.ru_maxrss * 1024
        if status != 0 { throw BenchError(message: "\(arguments.joined(separator: " ")) ended with status \(status)") }
    }

    private static var now: Double {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
    }

    private static func seconds(_ time: timeval) -> Double { Double(time.tv_sec) + Double(time.tv_usec) / 1e6 }
}

/// Why nothing could be measured.
struct BenchError: Error, CustomStringConvertible {
    var message: String
    var description: String { message }
}
