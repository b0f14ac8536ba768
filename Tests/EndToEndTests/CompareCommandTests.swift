import Foundation
import Testing

/// `inquest compare`: what a safeguard changes, as both truths have it.
@Suite struct CompareCommandTests {
    typealias Object = [String: Any]

    private func simulate(_ name: String, seed: Int, _ options: String..., in folder: Folder) throws -> Object {
        let made = try Program.run(
            ["simulate", "race", "--seed", "\(seed)", "--faults", "none", "-o", name, "--quiet"] + options,
            in: folder.path)
        try #require(made.status == 0, "\(made.errors)")
        return try #require(
            try JSONSerialization.jsonObject(with: Data(try folder.read(name + "/truth.json"))) as? Object)
    }

    private func compare(_ a: String, _ b: String, _ options: String..., in folder: Folder) throws -> Object {
        let run = try Program.run(["compare", a, b, "--format", "json", "--quiet"] + options, in: folder.path)
        try #require(run.status == 0, "\(run.errors)")
        return try #require(try JSONSerialization.jsonObject(with: Data(run.bytes)) as? Object)
    }

    private func list(_ document: Object, _ name: String) throws -> [Object] {
        try #require((document["findings"] as? Object)?[name] as? [Object])
    }

    private func write(_ object: Object) -> String {
        "\(object["subject"] ?? object["endpoint"] ?? "") \(object["actor"] ?? "") \(object["plan"] ?? "")"
    }

    @Test(arguments: [1, 4, 9]) func whatCompareAndSetPrevents(_ seed: Int) throws {
        let folder = try Folder()
        let before = try simulate("before", seed: seed, in: folder)
        let after = try simulate("after", seed: seed, "--safeguard", "compare-and-set", in: folder)
        let overwrites = try #require(before["overwrites"] as? [Object])
        try #require(!overwrites.isEmpty && (after["overwrites"] as? [Object])?.isEmpty == true)
        let document = try compare("before", "after", in: folder)
        let gone = try list(document, "gone").filter { $0["kind"] as? String == "stale-plan-overwrite" }
        #expect(gone.map(write).sorted() == overwrites.map(write).sorted())
        #expect(try list(document, "new").allSatisfy { $0["kind"] as? String != "stale-plan-overwrite" })
        // Each endpoint's histories part where its first overwrite was committed in the one and refused in the other.
        let histories = try #require(document["histories"] as? [Object])
        #expect(!histories.isEmpty)
        for history in histories {
            let endpoint = history["name"] as? String
            let first = try #require(overwrites.first { $0["endpoint"] as? String == endpoint })
            let (a, b) = (try #require(history["a"] as? Object), try #require(history["b"] as? Object))
            // The truth writes milliseconds, the comparison nanoseconds.
            let at = try #require(first["at"] as? String).dropLast()
            #expect((a["ts"] as? String)?.hasPrefix(at) == true && a["ts"] as? String == b["ts"] as? String, "\(a)")
            let plan = "plan \(first["plan"] ?? "")"
            #expect((a["act"] as? String)?.hasPrefix("change.committed \(plan)") == true, "\(a)")
            #expect((b["act"] as? String)?.hasPrefix("change.refused \(plan)") == true, "\(b)")
        }
    }

    @Test func aBundleWithItselfShowsNothing() throws {
        let folder = try Folder()
        _ = try simulate("race", seed: 2, in: folder)
        let name = try Program.run(["analyze", "race", "--format", "json", "--quiet"], in: folder.path).text
        #expect(name.contains("stale-plan-overwrite"), "there is something to compare")
        let document = try compare("race", "race", "--key", "dynamodb.us-east-1.amazonaws.com", in: folder)
        #expect(document["same"] as? Bool == true, "\(document)")
        let text = try Program.run(["compare", "race", "race", "--quiet"], in: folder.path)
        #expect(text.text.hasSuffix("\nNothing differs.\n"), "\(text.text)")
    }

    /// A service whose requests begin to fail, among others that do not; both noisy.
    @Test func aShareThatDiffersIsFoundAndChanceIsNot() throws {
        let folder = try Folder()
        for (name, share) in [("good", 1), ("bad", 4)] {
            var numbers = UInt64(name.count)
            func draw(_ limit: Int) -> Int {
                numbers = numbers &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
                return Int(numbers >> 33) % limit
            }
            let lines = (0..<720).flatMap { minute in
                ["pay", "mail", "search", "login"].map { service in
                    let errors = draw(10) + (service == "pay" ? 5 * share : 5)
                    return #"{"ts":"\#(1_760_918_400 + minute * 60)","actor":"m","event":"service.sampled","#
                        + #""service":"\#(service)","requests":1000,"errors":\#(errors)}"# + "\n"
                }
            }
            try folder.write(lines.joined(), to: name + "/m.log")
        }
        let document = try compare("good", "bad", in: folder)
        let series = try #require(document["series"] as? Object)
        let found = try #require(series["differences"] as? [Object])
        #expect(found.map { $0["subject"] as? String } == ["requests to pay"], "\(series)")
        #expect(found.first?["measure"] as? String == "failed")
        #expect(found.allSatisfy { ($0["p"] as? Double ?? 1) < 0.001 })
    }

    @Test func wrongUse() throws {
        let folder = try SampleLogs.small()
        for (arguments, says) in [
            (["bundle"], "compare needs two bundles"),
            (["bundle", "bundle", "--key", "db.exampel"], "Did you mean db.example?"),
            (["bundle", "bundle", "--since", "-1s"], "compare looks at whole bundles"),
        ] {
            let run = try Program.run(["compare"] + arguments, in: folder.path)
            #expect(run.status == 2 && run.errors.contains(says) && run.bytes.isEmpty, "\(arguments): \(run)")
        }
    }
}
