@testable import LogReading
import Testing

/// A wrong profile ends with one clear error: file, line, column, what is wrong, and what was meant.
@Suite struct ProfileErrorTests {
    private func fault(of yaml: String) -> ProfileError? {
        do throws(ProfileError) {
            _ = try Plan(yaml: yaml, file: "p.yaml")
            return nil
        } catch {
            return error
        }
    }

    static let wrong: [(yaml: String, line: Int, words: String)] = [
        ("codec: json", 1, "no name"),
        ("profile: a b\ncodec: json", 1, "letters, digits"),
        ("profile: p", 1, "no codec"),
        ("profile: p\ncodec: jsom", 2, "Did you mean json?"),
        ("profile: p\ncodec: json\nfield: {ts: a}", 3, "Did you mean fields?"),
        ("profile: p\ncodec: json\nfields: [a]", 3, "not a mapping"),
        ("profile: p\ncodec: json\nfields: {ts: a, actor: b, event: c}", 1, "no samples"),
        ("profile: p\ncodec: json\nfields: {ts: a, actor: b}", 1, "no record would become an event"),
        ("profile: p\ncodec: json\nfields: {actor: b, event: c}\nsamples: []", 1, "where ts comes from"),
        ("profile: p\ncodec: json\nfields:\n  Endpoint: a", 4, "Did you mean endpoint?"),
        ("profile: p\ncodec: {pattern: '(a'}", 2, "the pattern is wrong at character"),
        ("profile: p\ncodec: {delimited: '|'}", 2, "names of its parts"),
        ("profile: p\ncodec: json\nfields: {ts: {from: a, time: noon}}", 3, "no form of a time"),
        ("profile: p\ncodec: json\nfields: {ts: {from: a, zone: Moon}}", 3, "not a zone"),
        ("profile: p\ncodec: json\nfields: {plan: {composite: [a, b]}}", 3, "needs a width"),
        ("profile: p\ncodec: json\nfields: {plan: {fro: a}}", 3, "Did you mean from?"),
        ("profile: p\ncodec: json\nfields: {actor: \"{a\"}", 3, "without its '}'"),
        ("profile: p\ncodec: json\nevents: [{when: {a: {match: b}}}]", 3, "Did you mean matches?"),
        ("profile: p\ncodec: json\nevents: [{if: {a: b}}]", 3, "known are: when"),
        ("profile: p\ncodec: json\ncodec: json", 1, "stands twice"),
        ("profile: p\ncodec: [json", 2, "not YAML"),
        ("profile: p\ncodec: json\neach: {in: /a, as: x}\ndecode: [{from: b, spread: true, as: x}]", 4, "bound twice"),
        ("a: &a [x]\nb: *a", 1, "anchors and aliases"),
        ("", 0, "empty"),
        ("- 1", 1, "not a mapping"),
        ("profile: p\ncodec: json\nunwrap: maybe", 3, "neither true nor false"),
        ("profile: p\ncodec: json\norder: tims", 3, "Did you mean time?"),
    ]

    @Test(arguments: wrong.indices) func aWrongProfileIsNamedWithItsPlace(_ at: Int) throws {
        let (yaml, line, words) = Self.wrong[at]
        let error = try #require(fault(of: yaml), "taken as right:\n\(yaml)")
        #expect(
            error.message.contains(words) || (error.hint ?? "").contains(words),
            "\(yaml)\nsays: \(error.message), \(error.hint ?? "")")
        #expect(error.line >= line, "the place is \(error.place) of\n\(yaml)")
        #expect(error.file == "p.yaml")
    }

    @Test func aBombIsRefusedBeforeItGrows() throws {
        var bomb = "a: &a [x, x, x, x, x, x, x, x, x]\n"
        for (from, to) in zip("abcdefgh", "bcdefghi") {
            bomb += "\(to): &\(to) [*\(from), *\(from), *\(from), *\(from), *\(from), *\(from), *\(from), *\(from)]\n"
        }
        let error = try #require(fault(of: bomb))
        #expect(error.message.contains("anchors and aliases"), "\(error.message)")
        let long = try #require(fault(of: "profile: " + String(repeating: "x", count: 300 << 10)))
        #expect(long.message.contains("256 KiB"), "\(long.message)")
        let deep = try #require(fault(of: "profile: p\ncodec: " + String(repeating: "[", count: 20_000)))
        #expect(!deep.message.isEmpty)
    }

    @Test func aPatternThatTakesTooManyStepsLeavesTheRecordOut() throws {
        let plan = try ProfileInputs.profile(
            "codec: {pattern: '^(?<t>(?:a+)+b)'}\nfields: {ts: t, actor: \"@file\", event: t}")
        let reading = ProfileTrial(plan, path: "a.log").read(String(repeating: "a", count: 1 << 19) + "\n")
        #expect(reading.events.isEmpty)
        #expect(
            reading.left.contains { $0.contains("too many steps") || $0.contains("does not match") }, "\(reading.left)")
    }
}
