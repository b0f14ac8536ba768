/// Figures for people: thousands apart, large ones rounded, sizes in decimal units.
public enum Figures {
    /// `287,412`.
    public static func grouped(_ value: some BinaryInteger) -> String {
        let digits = String(value.magnitude)
        var result = value < 0 ? "−" : ""
        for (index, digit) in digits.enumerated() {
            if index > 0, (digits.count - index) % 3 == 0 { result += "," }
            result.append(digit)
        }
        return result
    }

    /// `4,120`, `38,000`, from a hundred thousand on rounded: `412 k`, `1.6 M`, `3 G`.
    public static func short(_ value: Double) -> String {
        guard value.isFinite else { return "–" }
        let size = abs(value)
        if size < 100_000 {
            if size == size.rounded() || size >= 100 { return grouped(Int64(value.rounded())) }
            return decimal(value, size < 1 ? 2 : 1)
        }
        return scaled(value, ["k", "M", "G", "T", "P", "E"], from: 1000) ?? "\(value)"
    }

    /// A measured number to check by: whole numbers in full, others to three digits that count: `28,469`, `1.42`, `0.0451`.
    public static func exact(_ value: Double) -> String {
        guard abs(value) < 9e18 else { return value.isFinite ? "beyond counting" : "–" }
        if value == value.rounded() || abs(value) >= 100 { return grouped(Int64(value.rounded())) }
        var digits = abs(value) >= 10 ? 1 : 2
        var size = abs(value)
        while size < 1, digits < 12 {
            size *= 10
            digits += 1
        }
        return decimal(value, digits)
    }

    /// Bytes in decimal units: `812 B`, `5.2 MB`, `91 MB`.
    public static func bytes(_ count: UInt64) -> String {
        if count < 1000 { return "\(count) B" }
        return scaled(Double(count), ["kB", "MB", "GB", "TB", "PB", "EB"], from: 1000) ?? "\(count) B"
    }

    /// A part of a whole in percent: `94 %`; what is not all never shows as `100 %`, what is not none never as `0 %`.
    public static func percent(_ part: UInt64, of whole: UInt64) -> String {
        if whole == 0 { return "–" }
        let rounded = (Double(part) / Double(whole) * 100).rounded()
        if rounded >= 100, part < whole { return ">99 %" }
        if rounded <= 0, part > 0 { return "<1 %" }
        return "\(Int(rounded)) %"
    }

    /// `1 log`, `63 logs`; `plural` where an s does not do.
    public static func count(_ value: some BinaryInteger, _ noun: String, plural: String? = nil) -> String {
        grouped(value) + " " + (value == 1 ? noun : plural ?? noun + "s")
    }

    private static func scaled(_ value: Double, _ units: [String], from base: Double) -> String? {
        var rest = abs(value) / base
        for unit in units {
            if rest < 999.5 { return (value < 0 ? "−" : "") + decimal(rest, rest < 9.95 ? 1 : 0) + " " + unit }
            rest /= 1000
        }
        return nil
    }

    private static func decimal(_ value: Double, _ digits: Int) -> String {
        let scale = (0..<digits).reduce(Int64(1)) { power, _ in power * 10 }
        let whole = Int64((abs(value) * Double(scale)).rounded())
        var text = "\(whole / scale)"
        var fraction = String(whole % scale)
        fraction = String(repeating: "0", count: max(0, digits - fraction.count)) + fraction
        while fraction.hasSuffix("0") { fraction.removeLast() }
        if digits > 0, !fraction.isEmpty { text += "." + fraction }
        return value < 0 && whole > 0 ? "−" + text : text
    }
}
