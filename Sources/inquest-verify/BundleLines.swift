import LogReading

/// The logs of a bundle, line by line.
final class BundleLines {
    private let bundle: Bundle
    /// What could not be read.
    private(set) var damage: [String]

    init(_ paths: [String]) throws(BundleError) {
        bundle = try Bundle.open(paths: paths, options: ReadingOptions())
        damage = bundle.damage.map { "\($0.path): \($0.message)" }
    }

    /// The logs' paths, by index.
    var paths: [String] { bundle.sources.map(\.path) }

    /// Whether a log is of the format whose lines can be checked; else its records were made by a profile.
    func isNative(_ source: Int) -> Bool { if case .native = bundle.sources[source].format { true } else { false } }

    /// Gives the lines of some logs to `body`, with their places and where they begin; each without its end.
    ///
    /// - Parameter body: says whether it wants the rest of the log.
    func forEach(in sources: [Int], _ body: (_ line: [UInt8], _ place: Place, _ byte: Int) -> Bool) {
        for source in sources {
            do throws(ReadFault) {
                try read(source, body)
            } catch {
                note(error)
            }
        }
    }

    private func note(_ fault: ReadFault) {
        let text = "\(fault.path): \(fault.message)"
        if !damage.contains(text) { damage.append(text) }
    }

    /// Reads the next bytes; nil where damage lies.
    private func fill(_ chunk: inout [UInt8], from reader: ByteReader) -> Int? {
        chunk.withUnsafeMutableBytes { buffer in
            do throws(ReadFault) {
                return try reader.read(into: buffer)
            } catch {
                note(error)
                return nil
            }
        }
    }

    private func read(_ source: Int, _ body: ([UInt8], Place, Int) -> Bool) throws(ReadFault) {
        let reader = try bundle.sources[source].open()
        var chunk = [UInt8](repeating: 0, count: 1 << 18)
        var line: [UInt8] = []
        var place = Place(source: source, line: 1)
        var (start, offset) = (0, 0)
        var goesOn = true
        func end() {
            goesOn = goesOn && body(line.last == 0x0D ? Array(line.dropLast()) : line, place, start)
            line.removeAll(keepingCapacity: true)
            place.line += 1
        }
        while goesOn {
            guard let count = fill(&chunk, from: reader) else {
                // A line that damage interrupts ends there.
                if !line.isEmpty { end() }
                start = offset
                continue
            }
            if count == 0 { break }
            var from = 0
            while goesOn, let next = chunk[from..<count].firstIndex(of: 0x0A) {
                line += chunk[from..<next]
                end()
                from = next + 1
                start = offset + from
            }
            line += chunk[from..<count]
            offset += count
        }
        if goesOn, !line.isEmpty { end() }
    }
}
