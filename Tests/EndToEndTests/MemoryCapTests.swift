import Foundation
import Testing

/// `--memory`: a cap that is kept.
@Suite struct MemoryCapTests {
    /// A log of so many endpoints, each with a long name.
    private static func log(endpoints: Int) -> String {
        let rest = String(repeating: "x", count: 400)
        return (0..<endpoints).map { number in
            #"{"ts":\#(number + 1),"actor":"a","event":"plan.applied","plan":1,"endpoint":"\#(number).\#(rest)"}"#
                + "\n"
        }.joined()
    }

    @Test func aCapThatIsEnoughChangesNothing() throws {
        let folder = try Folder()
        try folder.write(Self.log(endpoints: 2000), to: "bundle/a.log")
        for command in [["analyze", "bundle"], ["query", "bundle", "--plan", "1"]] {
            let free = try Program.run(command, in: folder.path)
            let capped = try Program.run(command + ["--memory", "300M"], in: folder.path)
            #expect(capped.status == 0 && capped.errors == free.errors)
            #expect(capped.bytes == free.bytes, "a cap changes what \(command) prints")
        }
    }

    @Test("memory grows with the actors, not with their square", arguments: ["", #","vc":{"node-N":2}"#])
    func manyActors(_ clock: String) throws {
        let folder = try Folder()
        let lines = (0..<5000).map { number in
            #"{"ts":\#(number + 1),"actor":"node-\#(number)","event":"status""#
                + clock.replacingOccurrences(of: "N", with: "\(number)") + "}\n"
        }
        try folder.write(lines.joined(), to: "bundle/a.log")
        let run = try Program.run(["analyze", "bundle", "--memory", "160M", "--quiet"], in: folder.path)
        #expect(run.status == 0, "\(run.errors)")
    }

    @Test(
        "a source takes no more memory than it has bytes, whatever the command",
        arguments: [["analyze"], ["timeline"], ["query"], ["check"], ["index"], ["explain", "F1"]])
    func manySmallFiles(_ command: [String]) throws {
        let folder = try Folder()
        for number in 0..<1000 {
            try folder.write(
                #"{"ts":\#(number + 1),"actor":"node-\#(number)","event":"status"}"# + "\n", to: "bundle/\(number).log")
        }
        let words = [command[0], "bundle"] + command.dropFirst() + ["--memory", "64M", "--quiet"]
        let run = try Program.run(words, in: folder.path)
        // There is no finding to explain, which only reading shows.
        let isRead = command[0] == "explain" ? run.errors.contains("no finding") : run.status == 0
        #expect(isRead, "\(run.status): \(run.errors)")
    }

    @Test(arguments: [
        ["analyze", "bundle"], ["query", "bundle", "--saved", "last-writer"], ["index", "bundle"], ["check", "bundle"],
    ])
    func aRunThatWouldNeedMoreEndsAndSaysSo(_ command: [String]) throws {
        let folder = try Folder()
        try folder.write(Self.log(endpoints: 60_000), to: "bundle/a.log")
        let words = command + ["--memory", "64M", "--quiet"]
        let peak = try Program.peak(words, in: folder)
        #expect(peak <= 64 << 20, "the cap is not kept: \(peak >> 20) MiB")
        let run = try Program.run(words, in: folder.path)
        #expect(run.status == 5)
        #expect(run.bytes.isEmpty, "something was printed before the run was given up")
        let start = "inquest: error: --memory 64M is not enough: "
        #expect(run.errors.hasPrefix(start) && run.errors.contains("MiB are in use after"), "\(run.errors)")
        #expect(run.errors.contains("names (actors, endpoints and the like)"), "\(run.errors)")
        #expect(run.errors.contains("\nhint: memory grows with actors, endpoints"), "\(run.errors)")
        #expect(try folder.names == ["bundle"], "something is left behind")
    }

    @Test(arguments: ["10M", "0", "", "-1", "64 M", "64T", "M", "99999999999G", "٦٤M"])
    func aSizeThatIsNoneIsRefused(_ size: String) throws {
        let run = try Program.run(["analyze", "x", "--memory=\(size)"])
        #expect(run.status == 2 && run.errors.contains("--memory"), "\(size): \(run.errors)")
    }
}
