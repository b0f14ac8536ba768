import EventModel
@testable import LogReading
import Testing

/// Every profile that is shipped, documented or used for a conformance case does what its samples say.
@Suite struct ProfileSampleTests {
    @Test(arguments: BuiltInProfiles.all.map(\.name)) func aBuiltInProfileKeepsItsSamples(_ name: String) throws {
        let plan = try #require(BuiltInProfiles.named(name))
        #expect(ProfileTest.mismatches(of: plan) == [], "\(name)'s samples are not as it says")
    }

    @Test func theProfilesOfTheConformanceCasesKeepTheirSamples() throws {
        for (name, yaml) in try ProfileInputs.conformance {
            #expect(
                ProfileTest.mismatches(of: try Plan(yaml: yaml, file: name)) == [],
                "\(name)'s samples are not as it says")
        }
    }

    @Test func theExamplesOfTheDocumentationHold() throws {
        let examples = try ProfileInputs.documented
        #expect(examples.count >= 4, "the page shows no examples")
        for yaml in examples {
            #expect(
                ProfileTest.mismatches(of: try Plan(yaml: yaml, file: "Profiles.md")) == [],
                "an example does not hold:\n\(yaml)")
        }
    }

    @Test func aWrongSampleIsNamedWithWhatIsDifferent() throws {
        let yaml = """
            profile: p
            codec: logfmt
            fields: {ts: time, actor: who, event: msg}
            samples:
              - lines: time=2025-07-02T09:00:00Z who=a msg=x
                events:
                  - {ts: "2025-07-02T09:00:01Z", actor: b, event: x}
            """
        let wrong = ProfileTest.mismatches(of: try Plan(yaml: yaml, file: "p.yaml")).map(\.message)
        #expect(wrong.count == 2, "the time and the actor are wrong, said is \(wrong)")
        #expect(wrong.contains { $0.contains("actor is \"a\", not \"b\"") }, "the difference is not said: \(wrong)")
    }

    /// Recognition: every sample of every built-in profile, as a log, is read by that profile and no other.
    @Test(arguments: BuiltInProfiles.all.map(\.name)) func aSampleIsRecognisedByItsProfileAlone(_ name: String) throws {
        let plan = try #require(BuiltInProfiles.named(name))
        let recognition = Recognition(ReadingOptions())
        for sample in plan.parts.samples {
            let text = Array((sample.lines.joined(separator: "\n") + "\n").utf8)
            let found = text.withUnsafeBytes {
                recognition.matches($0, isWhole: true, name: SourceName(path: sample.path)).map(\.name)
            }
            #expect(found == [name], "a log of \(name) is read by \(found)")
            #expect(!text.withUnsafeBytes(Recognition.isNative), "a log of \(name) is taken for our own format")
        }
    }

    @Test func ourOwnFormatIsRecognisedAsThat() {
        let line = Array((ReadLog.good + "\n").utf8)
        #expect(line.withUnsafeBytes(Recognition.isNative))
        let format = line.withUnsafeBytes {
            Recognition(ReadingOptions()).format($0, isWhole: true, name: SourceName(path: "a.jsonl"))
        }
        #expect(format?.name == "inquest.events/1", "our own format is read by \(format?.name ?? "nothing")")
    }
}
