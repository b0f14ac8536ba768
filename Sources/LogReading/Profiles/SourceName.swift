/// A source's name, as fields may come from it.
struct SourceName: Sendable {
    /// The path below the bundle.
    var path: String
    /// The folder that the file lies in, where the path does not tell.
    var parent: String?

    /// The file's name without what rotation, compression and custom put behind it: `kube-proxy` of `kube-proxy.log.1.gz`.
    var file: String {
        var name = String(path.split(whereSeparator: { $0 == "/" || $0 == "!" }).last ?? "")
        while let dot = name.lastIndex(of: "."), dot != name.startIndex {
            let end = name[name.index(after: dot)...]
            guard end.allSatisfy(\.isNumber) || SourceName.endings.contains(end.lowercased()) else { break }
            name = String(name[..<dot])
        }
        return name
    }

    /// The name of the folder that it lies in.
    var folder: String? {
        let parts = path.split(whereSeparator: { $0 == "/" || $0 == "!" })
        return parts.count > 1 ? String(parts[parts.count - 2]) : parent
    }

    private static let endings: Set<String> = [
        "log", "txt", "json", "jsonl", "ndjson", "csv", "tsv", "out", "err", "gz", "zst", "bz2", "xz", "lz4", "frames",
    ]
}
