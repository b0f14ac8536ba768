extension Nanoseconds {
    /// A span in words as a reader would say it: `4.0 ms`, `1.9 s`, `41 s`, `3 min 12 s`, `2 h 37 min`, `3 d 4 h`.
    ///
    /// Rounded down, so that nothing is said to be older than it is; the sign of a negative span is kept.
    public static func words(_ span: Int64) -> String {
        if span < 0 { return "−" + words(span == .min ? .max : -span) }
        if span < second {
            let tenths = span / (millisecond / 10)
            return "\(tenths / 10).\(tenths % 10) ms"
        }
        if span < 10 * second {
            let tenths = span / (100 * millisecond)
            return "\(tenths / 10).\(tenths % 10) s"
        }
        if span < minute { return "\(span / second) s" }
        if span < hour { return pair(span, minute, "min", second, "s") }
        if span < day { return pair(span, hour, "h", minute, "min") }
        return pair(span, day, "d", hour, "h")
    }

    private static func pair(_ span: Int64, _ large: Int64, _ name: String, _ small: Int64, _ rest: String) -> String {
        let left = span % large / small
        return left == 0 ? "\(span / large) \(name)" : "\(span / large) \(name) \(left) \(rest)"
    }
}
