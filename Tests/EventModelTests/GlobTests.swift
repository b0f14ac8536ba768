import EventModel
import Testing

@Suite struct GlobTests {
    @Test(
        "a pattern matches the whole name, by case",
        arguments: [
            ("db", "db", true), ("db", "dbx", false), ("db", "xdb", false), ("db", "DB", false), ("", "", true),
            ("", "a", false), ("*", "", true), ("*", "anything", true), ("**", "", true), ("?", "", false),
            ("?", "é", true), ("?", "😀", true), ("??", "é", false),
            ("dynamodb.*", "dynamodb.us-east-1.amazonaws.com", true),
            ("*.us-east-1.*", "dynamodb.us-east-1.amazonaws.com", true),
            ("*.us-east-1", "dynamodb.us-east-1.aws", false),
            ("a*b*c", "abbbcbc", true), ("a*b*c", "abbbcb", false), ("[abc]x", "bx", true), ("[abc]x", "dx", false),
            ("[a-c]", "b", true), ("[a-c]", "d", false), ("[!a-c]", "d", true), ("[!a-c]", "b", false),
            ("[!a]", "", false),
            ("[a-]", "-", true), ("[-a]", "-", true), ("[a\\-c]", "b", false), ("[\\]]", "]", true),
            ("[!!]", "!", false),
            ("[^a]", "^", true), ("\\*", "*", true), ("\\*", "a", false), ("\\[a]", "[a]", true), ("a]", "a]", true),
            ("[à-ü]", "é", true), ("[*?]", "*", true), ("[*?]", "a", false), ("e\u{301}", "é", false),
            ("a\0b", "a\0b", true), ("plan.*", "plan.applied", true), ("*lied", "plan.applied", true),
        ])
    func matches(_ pattern: String, _ name: String, _ expected: Bool) throws {
        #expect(try Glob(pattern).matches(name) == expected)
    }

    @Test(
        "a broken pattern is refused where it breaks",
        arguments: [
            ("abc[d", Glob.Failure.Reason.unclosedBracket, 4), ("[", .unclosedBracket, 1), ("[!", .unclosedBracket, 1),
            ("[]", .emptyBracket, 1), ("a[!]", .emptyBracket, 2), ("[z-a]", .reversedRange, 2),
            ("ab\\", .danglingEscape, 3),
            ("[a\\", .danglingEscape, 3), ("é[", .unclosedBracket, 2),
        ])
    func refused(_ pattern: String, _ reason: Glob.Failure.Reason, _ position: Int) {
        let failure = #expect(throws: Glob.Failure.self) { try Glob(pattern) }
        #expect(failure?.reason == reason)
        #expect(failure?.position == position)
        #expect(failure?.message.contains("character \(position)") == true)
        #expect(failure?.hint.isEmpty == false)
    }

    @Test("a pattern of a million characters is refused")
    func tooLong() {
        let failure = #expect(throws: Glob.Failure.self) { try Glob(String(repeating: "a", count: 1_000_000)) }
        #expect(failure?.reason == .tooLong)
    }

    @Test("random patterns over a small alphabet match as the definition says")
    func agreesWithDefinition() throws {
        var random = SeededGenerator(seed: 7)
        let pieces = ["a", "b", "*", "?", "[ab]", "[!a]", "[a-b]", "\\*", "[!a-b]", "é"]
        let letters = ["a", "b", "*", "é", "c"]
        var matched = 0
        for _ in 0..<20_000 {
            let parts = (0..<Int.random(in: 0...7, using: &random)).map { _ in
                pieces.randomElement(using: &random) ?? ""
            }
            let name = (0..<Int.random(in: 0...8, using: &random)).map { _ in
                letters.randomElement(using: &random) ?? ""
            }
            let expected = Self.defined(parts[...], name[...])
            #expect(
                try Glob(parts.joined()).matches(name.joined()) == expected, "\(parts.joined()) on \(name.joined())")
            matched += expected ? 1 : 0
        }
        #expect(matched > 1000, "enough of the patterns match for the comparison to mean something")
    }

    /// What a pattern means, by trying everything.
    private static func defined(_ pattern: ArraySlice<String>, _ name: ArraySlice<String>) -> Bool {
        guard let first = pattern.first else { return name.isEmpty }
        let rest = pattern.dropFirst()
        if first == "*" { return (0...name.count).contains { defined(rest, name.dropFirst($0)) } }
        guard let letter = name.first else { return false }
        let accepts =
            switch first {
            case "?": true
            case "[ab]", "[a-b]": letter == "a" || letter == "b"
            case "[!a]": letter != "a"
            case "[!a-b]": letter != "a" && letter != "b"
            case "\\*": letter == "*"
            default: letter == first
            }
        return accepts && defined(rest, name.dropFirst())
    }

    @Test("the worst patterns take no longer than pattern times name")
    func noBlowUp() throws {
        // Backtracking into every star would take 200 over 30 steps: more than the age of the universe.
        let stars = try Glob(String(repeating: "a*", count: 30) + "b")
        #expect(!stars.matches(String(repeating: "a", count: 200)))
        let wide = try Glob(String(repeating: "*[!b]?", count: 600) + "b")
        #expect(!wide.matches(String(repeating: "a", count: 5000)))
    }
}
