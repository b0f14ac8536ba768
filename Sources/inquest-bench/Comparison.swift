/// A command measured against another in turns, so that what else the machine does falls on both.
struct Comparison: Encodable {
    let name: String
    let events: Int
    let zstd: Figures
    let inquest: Figures
    /// Inquest's wall time in those of zstd.
    let ratio: Double

    /// Medians of a command's runs.
    struct Figures: Encodable {
        var wallSeconds: Double
        var cpuSeconds: Double
        var peakBytes: Int

        init(_ runs: [ProcessRun]) {
            func median<T: Comparable>(_ values: [T]) -> T { values.sorted()[values.count / 2] }
            wallSeconds = median(runs.map(\.wall))
            cpuSeconds = median(runs.map(\.cpu))
            peakBytes = median(runs.map(\.peak))
        }
    }

    /// Runs `zstd -dc` on the files and then the command, `rounds` times.
    init(_ name: String, events: Int, files: [String], command: [String], rounds: Int) throws {
        self.name = name
        self.events = events
        var reference: [ProcessRun] = []
        var measured: [ProcessRun] = []
        for _ in 0..<rounds {
            reference.append(try ProcessRun(["zstd", "-dcq"] + files))
            measured.append(try ProcessRun(command))
        }
        zstd = Figures(reference)
        inquest = Figures(measured)
        ratio = inquest.wallSeconds / zstd.wallSeconds
    }
}
