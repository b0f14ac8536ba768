/// What container runtimes put around a line: docker's JSON, and the head of the container runtime interface.
struct Wrapper {
    var text: UnsafeRawBufferPointer
    var time: UnsafeRawBufferPointer?
    var stream: UnsafeRawBufferPointer?

    /// What is inside of a wrapped line; nil of any other.
    static func of(_ line: UnsafeRawBufferPointer, _ space: inout CodecSpace) -> Wrapper? {
        guard let first = line.first else { return nil }
        if first == UInt8(ascii: "{") {
            return line.starts(with: #"{"log":""#.utf8) || line.starts(with: #"{"stream":""#.utf8)
                ? docker(line, &space) : nil
        }
        return first.isDigitByte ? runtime(line) : nil
    }

    /// `{"log":"text\n","stream":"stderr","time":"2025-…"}`.
    private static func docker(_ line: UnsafeRawBufferPointer, _ space: inout CodecSpace) -> Wrapper? {
        guard let parser = space.parser(), case .success(let root) = parser.parse(line, isPadded: false) else {
            return nil
        }
        let object = FieldValue(root)
        func member(_ name: FieldName) -> UnsafeRawBufferPointer? {
            if case .text(let text)? = Reference.path(variable: nil, steps: [.member(name)]).value(from: object) {
                text
            } else {
                nil
            }
        }
        guard let text = member(names.log), let time = member(names.time) else { return nil }
        return Wrapper(text: text, time: time, stream: member(names.stream))
    }

    private static let names = (log: FieldName("log"), time: FieldName("time"), stream: FieldName("stream"))

    /// `2025-02-02T03:00:00.000000000Z stdout F text`.
    private static func runtime(_ line: UnsafeRawBufferPointer) -> Wrapper? {
        guard line.count > 30, line[4] == UInt8(ascii: "-"), let blank = line.firstIndex(of: 0x20), blank >= 20 else {
            return nil
        }
        let rest = line.part(from: blank + 1)
        for stream in ["stdout", "stderr"] where rest.starts(with: stream.utf8) && rest.count >= 9 {
            guard rest[6] == 0x20, rest[7] == UInt8(ascii: "F") || rest[7] == UInt8(ascii: "P"), rest[8] == 0x20 else {
                return nil
            }
            return Wrapper(text: rest.part(from: 9), time: line.part(0..<blank), stream: rest.part(0..<6))
        }
        return nil
    }
}

/// Names of fields that the decoder gives: of the line, and of what stood around it.
final class WrapperNames: Sendable {
    let line = FieldName("@line")
    let time = FieldName("@time")
    let stream = FieldName("@stream")
    private let all = ["@line", "@time", "@stream", "@file", "@path", "@folder"].map(FieldName.init)

    /// Whether a name is one of these, which the source does not have.
    func isOwn(_ name: UnsafeRawBufferPointer) -> Bool { all.contains { $0.bytes.equals(name) } }
}
