import EventModel
import Testing

@Suite struct SuggestionTests {
    static let endpoints: [(name: String, count: UInt64)] = [
        ("dynamodb.us-east-1.amazonaws.com", 812), ("dynamodb.us-west-2.amazonaws.com", 900),
        ("sts.us-east-1.amazonaws.com", 5),
        ("acct-0001.ddb.example", 7), ("acct-0002.ddb.example", 70), ("plan.applied", 3),
    ]

    @Test(
        "what was most likely meant",
        arguments: [
            ("dynamo.us-east-1", "dynamodb.us-east-1.amazonaws.com"),
            ("dynamodb.us-west-2.amazonaws.co", "dynamodb.us-west-2.amazonaws.com"),
            ("dynamodb.us-west-2.amazonaws.com.", "dynamodb.us-west-2.amazonaws.com"),
            ("DYNAMODB.US-EAST-1", "dynamodb.us-east-1.amazonaws.com"),
            ("*dynamdb.us-east*", "dynamodb.us-east-1.amazonaws.com"), ("sts", "sts.us-east-1.amazonaws.com"),
            ("plan.aplied", "plan.applied"), ("acct-0003.ddb.example", "acct-0002.ddb.example"),
            ("us-west", "dynamodb.us-west-2.amazonaws.com"),
        ])
    func nearest(_ word: String, _ expected: String) {
        #expect(Suggestion.nearest(word, among: Self.endpoints)?.name == expected)
    }

    @Test("nothing is suggested where nothing is near", arguments: ["", "*", "kafka-broker-17", "zzz", "q"])
    func none(_ word: String) {
        #expect(Suggestion.nearest(word, among: Self.endpoints) == nil)
        #expect(Suggestion.nearest(word, among: []) == nil)
    }

    @Test("the same suggestion in whatever order the names come")
    func orderDoesNotShow() {
        var random = SeededGenerator(seed: 5)
        for word in ["acct-000.ddb", "dynamodb", "us-east-1", "amazonaws"] {
            let expected = Suggestion.nearest(word, among: Self.endpoints)?.name
            for _ in 0..<50 {
                #expect(Suggestion.nearest(word, among: Self.endpoints.shuffled(using: &random))?.name == expected)
            }
        }
    }
}
