import EventModel
import SharedWork

/// Reads all logs of a bundle once, as batches of events with the symbols of the run, and counts what it met on the way.
///
/// One thread takes the batches; `threads` more inflate and decode ahead of it, and do what its taker has for them in `workshop`.
public final class BundleReader: BatchSupply {
    /// What is read.
    public let bundle: Bundle
    /// The names behind all symbols given out so far.
    public private(set) var symbols = SymbolTable()
    /// What was read so far.
    public private(set) var counts = Report.Counts()

    private let options: ReadingOptions
    package let keepsText: Bool
    package let workshop = Workshop()
    private let readAhead: ReadAhead
    private let crew: Crew
    private var perSource: [SourceCount]
    private var faults: [FaultKey: Quality.FaultGroup] = [:]
    private let onProgress: ((Progress) -> Void)?
    private var storedOfEnded: UInt64 = 0
    /// Sees every batch of lines as it is taken, also those without an event, with symbols of `symbols`: an index is made of them.
    package var onBatch: ((borrowing EventBatch, SourceID) -> Void)?

    /// How far the reading has come.
    public struct Progress: Sendable {
        /// Stored bytes used up.
        public var storedBytes: UInt64
        /// Stored bytes in all.
        public var ofStoredBytes: UInt64
        /// Events decoded.
        public var events: UInt64
        /// Different names met: actors, endpoints, queues and the like.
        public var names: UInt64
    }

    private struct SourceCount {
        var events: UInt64 = 0
        var lines: UInt64 = 0
        var bytes: UInt64 = 0
        var left: [LeaveReason: UInt64] = [:]
        var malformed: UInt64 = 0
    }

    private struct FaultKey: Hashable {
        var source: Int
        var kind: RecordFault.Kind
    }

    /// Starts reading.
    ///
    /// - Parameters:
    ///   - threads: how many threads work beside the one that takes.
    ///   - keepsText: whether batches keep their lines' bytes; an analysis does without.
    ///   - blockSize: inflated bytes a batch.
    ///   - onProgress: called now and then, on the thread that takes.
    /// - Throws: where there is no memory for the parsers.
    public init(
        _ bundle: Bundle, options: ReadingOptions, threads: Int = 1, keepsText: Bool = false,
        blockSize: Int = 512 << 10,
        onProgress: ((Progress) -> Void)? = nil
    ) throws(BundleError) {
        guard
            let readAhead = ReadAhead(
                bundle.sources, options: options, workshop, workers: threads + 1, blockSize: blockSize,
                keepsText: keepsText)
        else { throw BundleError(code: .unreadable, path: "", message: "no memory for the parsers") }
        self.bundle = bundle
        self.options = options
        self.keepsText = keepsText
        self.readAhead = readAhead
        workshop.add(readAhead)
        crew = Crew(threads, in: workshop)
        self.onProgress = onProgress
        perSource = Array(repeating: SourceCount(), count: bundle.sources.count)
    }

    package var sourceCount: Int { bundle.sources.count }

    package func path(of source: SourceID) -> String { bundle.sources[Int(source.index)].path }

    package func sharesClock(_ source: SourceID) -> Bool { bundle.sources[Int(source.index)].format.sharesClock }

    package func declaredOrder(of source: SourceID) -> DeclaredOrder {
        bundle.sources[Int(source.index)].format.declaredOrder
    }

    package func makeSpill() throws(SpillFailure) -> any SpillStorage { try SpillFile(options) }

    package func next(of source: SourceID) -> EventBatch? {
        let index = Int(source.index)
        while var batch = readAhead.take(index) {
            batch.moveSymbols(to: &symbols)
            account(&batch, index)
            onBatch?(batch, source)
            if onProgress != nil { reportProgress(index) }
            if batch.count > 0 { return batch }
        }
        storedOfEnded += bundle.sources[index].storedSize
        reportProgress(nil)
        return nil
    }

    /// What the bundle consisted of and what was damaged, as far as it has been read.
    public var summary: BundleSummary {
        var summary = BundleSummary(name: bundle.name)
        summary.passedOver = bundle.passedOver
        summary.damage = bundle.damage
        for (index, source) in bundle.sources.enumerated() {
            summary.sources.append(
                BundleSummary.Source(
                    path: source.path, storedBytes: source.storedSize,
                    inflatedBytes: perSource[index].bytes,
                    events: perSource[index].events, encoding: source.encoding))
            if case .profile(let plan) = source.format {
                summary.sources[index].reading = BundleSummary.Reading(
                    profile: plan.name, title: plan.title, left: perSource[index].left.map { ($0.key, $0.value) },
                    malformed: perSource[index].malformed)
            }
            summary.damage += readAhead.progress(of: index).damage
        }
        return summary
    }

    /// The text of a cause that a record names, by its digest: fetched from the record's line. Nil where it is written with escapes.
    package func cause(_ digest: UInt64, namedBy record: RecordRef) -> String? {
        guard let line = line(of: record) else { return nil }
        return line.withUnsafeBytes { line in
            for text in line.split(separator: UInt8(ascii: "\""), omittingEmptySubsequences: false)
            where Digest.of(UnsafeRawBufferPointer(rebasing: text)) == digest {
                return String(decoding: text, as: UTF8.self)
            }
            return nil
        }
    }

    /// The bytes of a record's line, read anew.
    private func line(of record: RecordRef) -> [UInt8]? {
        guard let reader = try? bundle.sources[Int(record.source.index)].open() else { return nil }
        var chunk = [UInt8](repeating: 0, count: 64 << 10)
        var offset: UInt64 = 0
        var line: [UInt8] = []
        while line.count < Int(record.length) {
            guard let count = try? chunk.withUnsafeMutableBytes({ try reader.read(into: $0) }), count > 0 else {
                return nil
            }
            let start = record.byte > offset ? record.byte - offset : 0
            if start < UInt64(count) {
                line += chunk[Int(start)..<min(count, Int(start) + Int(record.length) - line.count)]
            }
            offset += UInt64(count)
        }
        return line
    }

    /// The faults of lines: by source, then kind; the first of each in full.
    public var faultGroups: [Quality.FaultGroup] {
        faults.values.sorted {
            ($0.source, $0.first.line, $0.kind.rawValue) < ($1.source, $1.first.line, $1.kind.rawValue)
        }
    }

    private func account(_ batch: inout EventBatch, _ source: Int) {
        batch.firstLine = perSource[source].lines + 1
        perSource[source].lines += batch.lineCount
        perSource[source].events += UInt64(batch.count)
        counts.events += UInt64(batch.count)
        perSource[source].bytes += batch.byteCount
        counts.lines += batch.writtenLineCount
        counts.leapSeconds += batch.leapSeconds
        for (reason, count) in batch.left { perSource[source].left[reason, default: 0] += count }
        for fault in batch.faults {
            let count = batch.faultCounts[fault.kind, default: 0]
            switch fault.kind.effect {
            case .lineDropped:
                counts.malformed += count
                perSource[source].malformed += count
            case .fieldDropped: counts.droppedFields += count
            case .kept: break
            }
            let key = FaultKey(source: source, kind: fault.kind)
            if let group = faults[key] {
                faults[key]?.count = group.count + count
            } else {
                var first = fault
                first.line += batch.firstLine
                first.byte += batch.textOffset
                faults[key] = Quality.FaultGroup(
                    kind: fault.kind, source: SourceID(index: UInt32(source)), first: first, count: count)
            }
        }
    }

    private func reportProgress(_ source: Int?) {
        guard let onProgress else { return }
        let stored = storedOfEnded + (source.map { readAhead.progress(of: $0).storedOffset } ?? 0)
        onProgress(
            Progress(
                storedBytes: min(stored, bundle.storedSize), ofStoredBytes: bundle.storedSize, events: counts.events,
                names: UInt64(symbols.count - 1)))
    }
}
