/// A file's name without what a rotation adds: `enactor-a.log.1.zst` is `enactor-a.log` and 1.
struct RotatedName {
    let base: String
    /// The number at the end; nil without one: the newest.
    let number: Int?

    private static let encodings: Set<Substring> = ["zst", "gz", "bz2", "xz", "lz4", "zstd"]

    init(_ path: String) {
        var name = Substring(path)
        if let dot = name.lastIndex(of: "."), Self.encodings.contains(name[name.index(after: dot)...]) {
            name = name[..<dot]
        }
        let digits = name.reversed().prefix { $0.isASCII && $0.isNumber }.count
        let stem = name.dropLast(digits)
        guard digits > 0, let separator = stem.last, separator == "." || separator == "-" || separator == "_",
            let number = Int(name.suffix(digits))
        else {
            base = String(name)
            self.number = nil
            return
        }
        base = String(stem.dropLast())
        self.number = number
    }

    /// Whether a file was written before another of the same base, by their numbers.
    func isOlder(than other: RotatedName) -> Bool { (number ?? -1) > (other.number ?? -1) }
}
