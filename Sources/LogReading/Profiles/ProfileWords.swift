import Yams

extension ProfileNode {
    /// The value as a person would write it on one line.
    var words: String { text ?? json.replacing("\"", with: "") }

    /// The value as JSON has it: a plain number, true, false or null is that, all else a text.
    var json: String {
        switch node {
        case .scalar(let scalar):
            if scalar.style == .plain || scalar.style == .any {
                if ["true", "false", "null"].contains(scalar.string) { return scalar.string }
                if Array(scalar.string.utf8).withUnsafeBytes({ JSONNumber($0) != nil }) { return scalar.string }
            }
            return Self.quoted(scalar.string)
        case .sequence(let sequence):
            return "[" + sequence.map { ProfileNode(node: $0, file: file).json }.joined(separator: ",") + "]"
        case .mapping(let mapping):
            return "{"
                + mapping.map { Self.quoted($0.key.string ?? "") + ":" + ProfileNode(node: $0.value, file: file).json }
                .joined(separator: ",") + "}"
        case .alias: return "null"
        }
    }

    private static func quoted(_ text: String) -> String {
        var out: [UInt8] = []
        Array(text.utf8).withUnsafeBytes { EventLine.quoted($0, &out) }
        return String(decoding: out, as: UTF8.self)
    }
}
