import ArgumentParser
import EventModel
import Foundation
import LogReading
import Reporting

/// `inquest convert`: the records of any log that can be read as lines of our own format.
struct ConvertCommand: BundleCommand {
    static let configuration = CommandConfiguration(
        commandName: "convert",
        abstract: "Write the records of logs of any known format as inquest.events/1 lines.",
        discussion: """
            Logs come one after the other, records as they stand in them. With -o each log becomes a .jsonl.zst file of a \
            new folder, which is a bundle of its own.

            EXAMPLES
              inquest convert SampleLogs/us-east-1-2025-10-20 | head -n 3
              inquest convert SampleLogs/us-east-1-2025-10-20 -o converted
            """)

    @Option(
        name: [.short, .customLong("output")],
        help: ArgumentHelp("Write each log into this folder, which must be new or empty.", valueName: "folder"))
    var output: String?

    @Option(help: "What is written: events (inquest.events/1), or otlp (OpenTelemetry logs in JSON).")
    var to = ConvertedForm.events

    @OptionGroup var input: BundleArguments

    func run() throws {
        let output = output == OutputFile.standardOutput ? nil : output
        if let output { try OutputGuard(input).check(folder: output) }
        let session = try Session(input)
        let status = try session.convert(to: to) { source in
            try output.map { folder throws(Failure) in try ConvertedLog(folder, source) }
        }
        if status != .done { throw ExitCode(status.rawValue) }
    }
}

/// What records can be written as, each by itself.
enum ConvertedForm: String, CaseIterable, ExpressibleByArgument {
    case events, otlp
}

/// One log, as it is written to a folder.
final class ConvertedLog {
    private let writer: LogFileWriter

    init(_ folder: String, _ source: String) throws(Failure) {
        try OutputFile.makeFolder(folder)
        let name = source.map { $0 == "/" || $0 == "!" || $0.isWhitespace ? "-" : $0 }
        do throws(WriteFault) {
            writer = try LogFileWriter(folder: folder, name: String(name))
        } catch {
            throw Failure("\(error.path): \(error.message)", status: .unfinished)
        }
    }

    func write(_ bytes: [UInt8]) throws(Failure) {
        do throws(WriteFault) { try writer.write(bytes.span) } catch {
            throw Failure("\(error.path): \(error.message)", status: .unfinished)
        }
    }

    func finish() throws(Failure) {
        do throws(WriteFault) { try writer.finish() } catch {
            throw Failure("\(error.path): \(error.message)", status: .unfinished)
        }
    }
}

extension Session {
    /// Writes all records in the order of their logs.
    /// - Parameters:
    ///   - form: what they are written as.
    ///   - make: where a log's records go; nil: to standard output.
    func convert(to form: ConvertedForm, _ make: (String) throws -> ConvertedLog?) throws -> ExitStatus {
        let reader = try reader(keepsText: true)
        for index in bundle.sources.indices {
            let log = try make(bundle.sources[index].path)
            var lines: [UInt8] = []
            var otlp = OTLPExport()
            while let batch = reader.next(of: SourceID(index: UInt32(index))) {
                for row in 0..<batch.count {
                    let line = batch.text[batch.textRange(at: row)]
                    switch form {
                    case .events:
                        lines.append(contentsOf: line)
                        lines.append(0x0A)
                    case .otlp: otlp.add(Array(line), at: Timestamp(nanoseconds: batch.time[row]), to: &lines)
                    }
                    if lines.count < 1 << 18 { continue }
                    try write(lines, log)
                    lines.removeAll(keepingCapacity: true)
                }
            }
            otlp.finish(to: &lines)
            try write(lines, log)
            try log?.finish()
        }
        ProgressLine.clear(arguments)
        var quality = Quality()
        quality.faults = reader.faultGroups
        let report = Report(
            bundle: reader.summary, span: nil, counts: reader.counts, findings: [], quality: quality,
            symbols: reader.symbols)
        Session.tell(Session.notes(report), arguments)
        return status(report)
    }

    private func write(_ lines: [UInt8], _ log: ConvertedLog?) throws(Failure) {
        if lines.isEmpty { return }
        if let log { try log.write(lines) } else { try Console.standard.outputRecords(lines) }
    }
}
