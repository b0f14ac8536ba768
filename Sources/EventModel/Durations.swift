extension Nanoseconds {
    /// A span in words for people, in its two largest units: `4 ms`, `41 s`, `3 min 12 s`, `2 h 37 min`, `3 d 4 h`.
    ///
    /// Below ten seconds a decimal shows (`1.9 s`), below ten milliseconds too (`0.4 ms`). Cut off, never rounded up, so that
    /// no text says more than was measured. A negative span has `−` in front.
    public static func words(_ span: Int64) -> String {
        let size = span.magnitude
        let text =
            switch size {
            case 0: "0 s"
            case ..<10_000: "\(size) ns"
            case ..<UInt64(10 * millisecond): tenths(size, of: UInt64(millisecond)) + " ms"
            case ..<UInt64(second): "\(size / UInt64(millisecond)) ms"
            case ..<UInt64(10 * second): tenths(size, of: UInt64(second)) + " s"
            case ..<UInt64(minute): "\(size / UInt64(second)) s"
            case ..<UInt64(hour): pair(size, minute, "min", second, "s")
            case ..<UInt64(day): pair(size, hour, "h", minute, "min")
            default: pair(size, day, "d", hour, "h")
            }
        return span < 0 ? "−" + text : text
    }

    private static func tenths(_ size: UInt64, of unit: UInt64) -> String {
        let tenth = size / (unit / 10) % 10
        return tenth == 0 ? "\(size / unit)" : "\(size / unit).\(tenth)"
    }

    private static func pair(
        _ size: UInt64, _ large: Int64, _ largeName: String, _ small: Int64, _ smallName: String
    ) -> String {
        let rest = size % UInt64(large) / UInt64(small)
        return "\(size / UInt64(large)) \(largeName)" + (rest == 0 ? "" : " \(rest) \(smallName)")
    }
}
