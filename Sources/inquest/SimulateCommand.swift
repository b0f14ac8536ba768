import ArgumentParser
import EventModel
import Foundation
import IncidentLab
import LogReading

extension Scenario: ExpressibleByArgument {}
extension IncidentLab.Safeguard: ExpressibleByArgument {}

/// Which faults a race has.
enum FaultChoice: ExpressibleByArgument, Equatable {
    case none, drawn
    case given(Set<Fault>)

    init?(argument: String) {
        switch argument {
        case "none": self = .none
        case "all": self = .drawn
        default:
            let names = argument.split(separator: ",")
            let faults = names.compactMap { Fault(rawValue: String($0)) }
            guard !faults.isEmpty, faults.count == names.count else { return nil }
            self = .given(Set(faults))
        }
    }

    /// The faults of a seed; nil for a plain race.
    func set(seed: UInt64) -> Set<Fault>? {
        switch self {
        case .none: nil
        case .drawn: Fault.drawn(seed: seed)
        case .given(let faults): faults
        }
    }
}

/// `inquest simulate`: an incident with known truth.
struct SimulateCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "simulate",
        abstract: "Simulate an incident: logs to try things on, with truth.json, which says what really happened.",
        discussion: """
            Scenarios: \(Scenario.allCases.map(\.rawValue).joined(separator: ", ")). The same seed gives the same inflated \
            bytes on any machine. Damage is done to the logs, never to the truth.

            Faults of a race: \(Fault.allCases.map(\.rawValue).joined(separator: ", ")). With them truth.json holds \
            every effect in the stores' order, and where the records of each log stand.

            EXAMPLES
              inquest simulate race --seed 1 --faults none -o race
              inquest simulate race --seed 2 --loss 0.1 --skew 30 -o bad
            """)

    @Argument(help: ArgumentHelp("What to simulate.", valueName: "scenario"))
    var scenario: Scenario
    @Option(help: "The seed of everything that is random.")
    var seed: UInt64 = 1
    @Option(help: "Multiplies endpoints, droplets and rates.")
    var scale = 1.0
    @Option(name: [.short, .customLong("output")], help: ArgumentHelp("The folder to write.", valueName: "folder"))
    var output: String
    @Flag(help: "Replace a folder that is not empty.")
    var force = false
    @Option(help: ArgumentHelp("Build this safeguard into the simulated system; repeatable.", valueName: "name"))
    var safeguard: [IncidentLab.Safeguard] = []
    @Option(help: ArgumentHelp("Set each actor's clock off by up to so much.", valueName: "seconds"))
    var skew = 0.0
    @Option(help: ArgumentHelp("Lose this share of the records.", valueName: "0…1"))
    var loss = 0.0
    @Option(help: ArgumentHelp("Write this share of the records twice.", valueName: "0…1"))
    var duplicate = 0.0
    @Option(help: ArgumentHelp("Damage this share of the lines.", valueName: "0…1"))
    var corrupt = 0.0
    @Flag(help: "Leave the vector clocks out.")
    var noClocks = false
    @Flag(help: "Leave the store's log out.")
    var noStoreLog = false
    @Option(
        help: ArgumentHelp(
            "Make a race's system and logs faulty: all (some, drawn by the seed; the default), none, or names separated "
                + "by commas.", valueName: "names"))
    var faults: FaultChoice?
    @Option(help: ArgumentHelp("Begin a new file after so many inflated bytes.", valueName: "bytes"))
    var rotate = 256 << 20
    @Option(help: ArgumentHelp("How hard zstd tries, 1 to 19.", valueName: "level"))
    var level = 3
    @Flag(name: .shortAndLong, help: "Print nothing.")
    var quiet = false

    func validate() throws {
        guard scale > 0, scale <= 10_000 else { throw ValidationError("--scale must lie above 0 and up to 10000") }
        guard (0...86_400).contains(skew) else { throw ValidationError("--skew must lie between 0 and 86400 seconds") }
        for (name, share) in [("loss", loss), ("duplicate", duplicate), ("corrupt", corrupt)]
        where !(0...1).contains(share) {
            throw ValidationError("--\(name) must lie between 0 and 1")
        }
        guard scenario == .race || faults == nil || faults == FaultChoice.none else {
            throw ValidationError("--faults is for the scenario race only")
        }
        guard rotate >= 4096 else { throw ValidationError("--rotate must be at least 4096") }
        guard (1...19).contains(level) else { throw ValidationError("--level must lie between 1 and 19") }
    }

    func run() throws {
        let folder = try OutputFolder(output, force: force)
        let damage = Damage(
            skew: Int64(skew * Double(Nanoseconds.second)), loss: loss, duplicate: duplicate, corrupt: corrupt,
            noClocks: noClocks, noStoreLog: noStoreLog)
        let logs = FolderSink(folder.temporary, level: level, rotation: rotate)
        do {
            let truth = try Simulation.run(
                scenario: scenario, seed: seed, scale: scale, safeguards: Set(safeguard), damage: damage,
                faults: (faults ?? (scenario == .race ? .drawn : FaultChoice.none)).set(seed: seed), sink: logs)
            try OutputFile.write(truth.json(), to: folder.temporary + "/truth.json")
            try folder.keep()
        } catch {
            folder.discard()
            switch error {
            case let fault as WriteFault: throw Failure("\(fault.path): \(fault.message)", status: .unfinished)
            case let failure as Failure: throw failure
            default: throw Failure("the simulation failed: \(error)", status: .unfinished)
            }
        }
        if !quiet {
            try Console.standard.output(
                """
                \(scenario.rawValue), seed \(seed): \(Figures.count(logs.count, "log")) and truth.json in \(VisibleText.cell(output))
                Next: inquest analyze \(VisibleText.cell(output))

                """)
        }
    }
}

/// A folder that appears whole or not at all: made beside its place, then renamed to it.
struct OutputFolder {
    let temporary: String
    private let path: String
    private let force: Bool

    init(_ path: String, force: Bool) throws(Failure) {
        let manager = FileManager.default
        var path = path
        while path.count > 1, path.hasSuffix("/") { path.removeLast() }
        self.path = path
        self.force = force
        temporary = path + ".\(ProcessInfo.processInfo.processIdentifier).tmp"
        var isFolder: ObjCBool = false
        if manager.fileExists(atPath: path, isDirectory: &isFolder) {
            guard isFolder.boolValue else { throw Failure("\(path) is no folder") }
            let isEmpty = (try? manager.contentsOfDirectory(atPath: path).isEmpty) ?? false
            if !isEmpty, !force { throw Failure("\(path) is not empty", hint: "--force replaces it") }
        }
        Leftovers.ofThisRun.add(temporary)
        try OutputFile.makeFolder(temporary)
    }

    /// Puts the folder in its place, instead of what is there.
    func keep() throws {
        let manager = FileManager.default
        let old = temporary + ".old"
        let exists = manager.fileExists(atPath: path)
        try Leftovers.ofThisRun.uninterrupted {
            Result {
                if exists { try manager.moveItem(atPath: path, toPath: old) }
                do {
                    try manager.moveItem(atPath: temporary, toPath: path)
                } catch {
                    if exists { try manager.moveItem(atPath: old, toPath: path) }
                    throw error
                }
            }
        }.get()
        Leftovers.ofThisRun.forget(temporary)
        if exists { try manager.removeItem(atPath: old) }
    }

    /// Takes away what was made so far.
    func discard() {
        do {
            try FileManager.default.removeItem(atPath: temporary)
        } catch {
            Console.standard.error("inquest: warning: \(VisibleText.cell(temporary)) could not be removed")
        }
    }
}

/// A log a file, in one folder.
private final class FolderSink: BundleSink {
    private let folder: String
    private let level: Int
    private let rotation: Int
    private(set) var count = 0

    init(_ folder: String, level: Int, rotation: Int) {
        self.folder = folder
        self.level = level
        self.rotation = rotation
    }

    func open(log name: String, rotation: Int?) throws -> any LogSink {
        count += 1
        return FileSink(
            try LogFileWriter(folder: folder, name: name, level: level, rotation: rotation ?? self.rotation))
    }
}

private final class FileSink: LogSink {
    private let writer: LogFileWriter

    init(_ writer: LogFileWriter) {
        self.writer = writer
    }

    func write(_ bytes: borrowing Span<UInt8>) throws { try writer.write(bytes) }
    func finish() throws { try writer.finish() }
}
