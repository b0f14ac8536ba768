import EventModel
import Foundation
@testable import LogReading
import Testing

/// The JSON Schema that editors use knows the keys that profiles have, and no others.
@Suite struct ProfileSchemaTests {
    private func properties(_ path: [String]) throws -> Set<String> {
        let data = Data(BuiltInProfiles.schema.utf8)
        var at = try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any], "the schema is not JSON")
        for step in path { at = try #require(at[step] as? [String: Any], "the schema has no \(step)") }
        return Set(try #require(at["properties"] as? [String: Any]).keys)
    }

    @Test func itHasTheKeysOfProfilesAndOfTheirRules() throws {
        #expect(try properties([]) == Set(ProfileReader.keys))
        #expect(try properties(["$defs", "rule"]) == Set(ProfileReader.ruleKeys))
        #expect(try properties(["$defs", "fields"]) == Set(RecordSchema.keys))
    }

    @Test func itHasTheKeysOfValuesAndCodecs() throws {
        let data = Data(BuiltInProfiles.schema.utf8)
        let schema = try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
        let definitions = try #require(schema["$defs"] as? [String: [String: Any]])
        func keys(_ name: String) throws -> Set<String> {
            let forms = try #require(definitions[name]?["anyOf"] as? [[String: Any]])
            return Set(forms.compactMap { $0["properties"] as? [String: Any] }.flatMap(\.keys))
        }
        #expect(try keys("candidate") == Set(RuleReader.candidateKeys))
        #expect(try keys("time") == Set(RuleReader.candidateKeys + ["year", "add"]))
        #expect(try keys("codec").isSuperset(of: ProfileReader.codecs.filter { $0 != "json" && $0 != "logfmt" }))
    }
}
