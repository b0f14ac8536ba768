/// Names for findings that come from their content alone: the same finding has the same name however many others there are.
public enum FindingID {
    /// Ten characters for what the finding is about: kind, subject, actor, plans and start.
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
        add(finding.plan.map(String.init))
        add(finding.displaced.map(String.init))
        add(String(finding.at.nanoseconds))
        digest = (digest ^ (digest >> 30)) &* 0xBF58_476D_1CE4_E5B9
        digest = (digest ^ (digest >> 27)) &* 0x94D0_49BB_1331_11EB
        digest ^= digest >> 31
        return String((0..<10).map { alphabet[Int(digest >> UInt64(59 - 5 * $0)) & 31] })
    }

    /// The ids of findings in their order; of equal ones the second gets `-2` behind it, the third `-3`.
    public static func all(_ findings: [Finding]) -> [String] {
        var seen: [String: Int] = [:]
        return findings.map { finding in
            let id = of(finding)
            let times = seen[id, default: 0] + 1
            seen[id] = times
            return times == 1 ? id : "\(id)-\(times)"
        }
    }

    private static let alphabet = Array("0123456789abcdeghjkmnpqrstuvwxyz")
}
