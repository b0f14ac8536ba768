/// Names for findings that come from their content alone: the same finding has the same name however many others there are.
public enum FindingID {
    /// Ten characters for what the finding is about: kind, subject, actor, plans, and its first record's own counter, where it has one. No
    /// time is in it, so that clocks do not matter.
    ///
    /// Fifty bits of FNV-1a with a final mix (Stafford's variant 13). No f is among the characters, so that no id looks like
    /// a number of display such as `F12`.
    public static func of(_ finding: Finding) -> String {
        var digest: UInt64 = 0xCBF2_9CE4_8422_2325
        func add(_ byte: UInt8) { digest = (digest ^ UInt64(byte)) &* 0x0000_0100_0000_01B3 }
        func add(_ text: String?) {
            // Bytes that no UTF-8 has keep apart what is there from what is not, and one text from the next.
            add(text == nil ? 0xFE : 0xFF)
            for byte in (text ?? "").utf8 { add(byte) }
        }
        add(finding.kind.rawValue)
        add(finding.endpoint)
        add(finding.queue)
        add(finding.service)
        add(finding.actor)
        if let event = finding.event { add(event) }
        add(finding.plan?.description)
        add(finding.displaced?.description)
        add(finding.evidence.first.flatMap { $0.record.hasClock ? String($0.record.stamp.counter) : nil })
        digest = (digest ^ (digest >> 30)) &* 0xBF58_476D_1CE4_E5B9
        digest = (digest ^ (digest >> 27)) &* 0x94D0_49BB_1331_11EB
        digest ^= digest >> 31
        return String((0..<10).map { alphabet[Int(digest >> UInt64(59 - 5 * $0)) & 31] })
    }

    /// The ids of findings in their order; of equal ones the second by its first record gets `-2` behind it, the third `-3`. What is proven
    /// comes first, or its name would follow what is found beside it.
    public static func all(_ findings: [Finding]) -> [String] {
        var ids = findings.map(of)
        for alike in Dictionary(grouping: ids.indices, by: { ids[$0] }).values where alike.count > 1 {
            let ranked = alike.sorted { rank(findings[$0]) < rank(findings[$1]) }
            for (times, at) in ranked.enumerated().dropFirst() { ids[at] += "-\(times + 1)" }
        }
        return ids
    }

    /// Where the first record of a finding stands in its process, and in its log.
    private static func rank(_ finding: Finding) -> (Int, UInt32, Stamp, UInt32, UInt64) {
        let doubt = -finding.confidence.rawValue
        guard let record = finding.evidence.first?.record else { return (doubt, 0, .zero, 0, 0) }
        return (doubt, record.process.index, record.stamp, record.source.index, record.line)
    }

    private static let alphabet = Array("0123456789abcdeghjkmnpqrstuvwxyz")
}
