import ArgumentParser
import EventModel
import Foundation
import LogReading

/// `inquest-verify`: rechecks what a findings file calls proven, from the lines that it cites.
@main
struct VerifyCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "inquest-verify",
        abstract: "Recheck the proven findings of findings.json from the lines that they cite.",
        discussion: """
            Shares no code with the analysis: it opens the bundle, reads each cited line anew, checks what it says, and \
            checks each step of the proof. Where a proof rests on silence, it reads the stretch of the log that is silent.

            Exit status: 0 all accepted; 1 a finding was refused; 2 wrong usage; 3 part of the bundle was damaged or \
            unreadable; 5 could not finish.
            """,
        version: "0.1.0")

    @Argument(help: "A findings.json, as inquest analyze writes it, or - for standard input.")
    var findings: String
    @Argument(help: "The bundle that was analyzed: the same files, folders or archives.")
    var bundle: [String]
    @Flag(name: .shortAndLong, help: "Print refused findings only.")
    var quiet = false

    func run() throws {
        let claims = try Self.claims(of: findings)
        let lines = try open()
        let proven = claims.filter(\.isProven)
        let verdicts = Verifier(proven, lines).verdicts()
        let refused = verdicts.count { $0.refusal != nil }
        for verdict in verdicts where verdict.refusal != nil || !quiet { Self.tell(verdict) }
        if !quiet {
            print(
                "\(verdicts.count - refused) of \(verdicts.count) proven findings accepted; "
                    + "\(claims.count - proven.count) are not proven and were not checked")
        }
        for damage in lines.damage { Self.complain(damage) }
        if !lines.damage.isEmpty { throw ExitCode(3) }
        if refused > 0 { throw ExitCode(1) }
    }

    private static func tell(_ verdict: Verifier.Verdict) {
        let claim = verdict.claim
        let name = "\(claim.label)  \(claim.id)  \(claim.kind)  \(claim.subject)"
        let outcome = verdict.refusal.map { "refused   \(name): \($0)" } ?? "accepted  \(name)"
        print(VisibleText.lines(outcome))
    }

    private func open() throws -> BundleLines {
        do throws(BundleError) {
            return try BundleLines(bundle)
        } catch {
            Self.complain("\(error.path): \(error.message)")
            throw ExitCode(error.code == .noSuchFile ? 2 : 5)
        }
    }

    /// The findings in a file.
    private static func claims(of path: String) throws -> [Claim] {
        let data =
            path == "-"
            ? FileHandle.standardInput.readDataToEndOfFile() : FileManager.default.contents(atPath: path)
        guard let data else {
            complain("\(path): cannot be read")
            throw ExitCode(2)
        }
        do throws(JSONReader.Fault) {
            let report = try JSONReader.value(of: [UInt8](data))
            if report["schema"]?.text == "inquest.findings/1", let findings = report["findings"]?.array {
                let claims = findings.compactMap { Claim($0) }
                if claims.count == findings.count { return claims }
            }
        } catch {
            complain("\(path):\(error.byte): not JSON")
            throw ExitCode(2)
        }
        complain("\(path): not a file of the schema inquest.findings/1")
        throw ExitCode(2)
    }

    private static func complain(_ text: String) {
        FileHandle.standardError.write(Data(VisibleText.lines("inquest-verify: error: \(text)\n").utf8))
    }
}
