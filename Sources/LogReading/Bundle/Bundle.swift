import EventModel

/// The logs that the arguments of a command lead to: files, folders, archives, and `-` for standard input.
///
/// What a file is its content decides, never its name, and no name in an archive becomes a path. What can be read only
/// once is copied to an unnamed temporary file while the bundle is opened.
public struct Bundle: Sendable {
    /// The logs, sorted by path bytewise. A source's index here is its `SourceID`.
    public let sources: [LogSource]
    /// Files that are no logs, sorted by path.
    public let passedOver: [BundleSummary.PassedOver]
    /// What could not be read while the bundle was opened, sorted by path; what a source's reader meets comes on top.
    public let damage: [BundleSummary.Damage]
    /// The arguments' last path components, for a title.
    public let name: String

    /// The sum of the sources' stored sizes, for progress.
    public var storedSize: UInt64 { sources.reduce(0) { $0 &+ $1.storedSize } }

    /// The same for the report; nothing of the sources has been read yet.
    public var summary: BundleSummary {
        var summary = BundleSummary(name: name)
        summary.sources = sources.map {
            BundleSummary.Source(
                path: $0.path, storedBytes: $0.storedSize, inflatedBytes: 0, events: 0, encoding: $0.encoding)
        }
        summary.passedOver = passedOver
        summary.damage = damage
        return summary
    }

    /// Finds the logs.
    ///
    /// - Parameter paths: files, folders, archives, `-`; at least one.
    /// - Throws: where an argument does not exist or cannot be read, where the spool fails, and where there is no log at all.
    ///   What cannot be read inside a folder or an archive is damage instead.
    public static func open(paths: [String], options: ReadingOptions) throws(BundleError) -> Bundle {
        let names = Self.names(of: paths)
        var walk = FolderWalk()
        var finder = SourceFinder(options)
        for (path, name) in zip(paths, names) {
            let prefix = paths.count > 1 ? name : ""
            switch try Place(path, name: name, options) {
            case .bytes(let bytes):
                try finder.examine(bytes)
            case .stream(let stream):
                try finder.examine(stream: stream, label: name)
            case .file(let path, let status):
                walk.add(file: path, status: status, label: name)
            case .folder(let root, let status):
                try attempt(path) { () throws(SystemError) in
                    try walk.add(folder: root, status: status, prefix: prefix)
                }
            }
        }
        for file in walk.files {
            let place = StoredBytes.Place.path(file.path, file.status)
            try finder.examine(StoredBytes(label: file.label, place: place, ranges: [(0, file.status.size)]))
        }
        let bundle = Bundle(
            sources: distinct(finder.sources.sorted { $0.path.precedes($1.path) }),
            passedOver: (walk.passedOver + finder.passedOver).sorted { $0.path.precedes($1.path) },
            damage: (walk.damage + finder.damage).sorted { $0.path.precedes($1.path) },
            name: names.joined(separator: ", "))
        if bundle.sources.isEmpty { throw bundle.nothingToRead(in: paths) }
        return bundle
    }

    /// What an argument leads to.
    private enum Place {
        case file(FilePath, FileStatus)
        case folder(FilePath, FileStatus)
        /// Standard input that is a file.
        case bytes(StoredBytes)
        /// Standard input that is none, a pipe, or anything else that can be read but once.
        case stream(Descriptor)

        init(_ argument: String, name: String, _ options: ReadingOptions) throws(BundleError) {
            self = try attempt(argument) { () throws(SystemError) in
                if argument == "-" {
                    let input = try Descriptor.duplicating(options.standardInput)
                    guard let rest = try input.rest() else { return .stream(input) }
                    let place = StoredBytes.Place.shared(input, as: try input.status())
                    return .bytes(StoredBytes(label: name, place: place, ranges: [rest]))
                }
                let given = FilePath(argument)
                let status = try FileStatus(path: given, following: true)
                let path = given.resolved ?? given
                switch status.kind {
                case .folder:
                    return .folder(path, status)
                case .file:
                    // Opened here already, so that one that cannot be is an error and no damage.
                    _ = try Descriptor.reading(path)
                    return .file(path, status)
                case .link, .other:
                    return .stream(try .readingOnce(given))
                }
            }
        }
    }

    /// What the arguments are called: by their last components, or in full where two of these are the same.
    private static func names(of paths: [String]) -> [String] {
        let short = paths.map { $0 == "-" ? "stdin" : VisibleText.decoded(FilePath($0).name) }
        return zip(paths, short).map { path, name in
            short.count { $0 == name } > 1 && path != "-" ? path : name
        }
    }

    /// The sources, those after the first of one path numbered: a tar may hold a name twice.
    private static func distinct(_ sources: [LogSource]) -> [LogSource] {
        var count = 1
        var last: String?
        return sources.map { source in
            count = source.path == last ? count + 1 : 1
            last = source.path
            return count == 1 ? source : source.renamed("\(source.path) (\(count))")
        }
    }

    private func nothingToRead(in paths: [String]) -> BundleError {
        let reasons = damage.map { "\($0.path): \($0.message)" } + passedOver.map { "\($0.path): \($0.reason)" }
        let shown = reasons.prefix(3).joined(separator: "; ")
        let more = reasons.count > 3 ? "; and \(reasons.count - 3) more" : ""
        if let unknown = passedOver.first(where: \.isUnknownLog) {
            return BundleError(
                code: .nothingToRead, path: paths.first ?? "",
                message: "nothing to read in \(paths.joined(separator: ", ")): " + shown + more,
                hint:
                    "\(unknown.path) begins: \(unknown.firstLines[0]) · write a profile for it: inquest profile draft \(paths.count == 1 ? paths[0] : unknown.path)"
            )
        }
        return BundleError(
            code: .nothingToRead, path: paths.first ?? "",
            message: "nothing to read in \(paths.joined(separator: ", "))",
            hint: reasons.isEmpty ? "no log is there" : shown + more)
    }
}

/// Does something with an argument, whose failure is the bundle's.
private func attempt<T>(_ argument: String, _ body: () throws(SystemError) -> T) throws(BundleError) -> T {
    do throws(SystemError) {
        return try body()
    } catch {
        if error.isMissing {
            throw BundleError(code: .noSuchFile, path: argument, message: "no such file or folder")
        }
        if error.isRefused {
            throw BundleError(
                code: .noPermission, path: argument, message: "permission denied", hint: "it must be readable for you")
        }
        throw BundleError(code: .unreadable, path: argument, message: "cannot be read: \(error.text)")
    }
}

extension String {
    /// The order of bytes, the same on every machine and in every locale.
    fileprivate func precedes(_ other: String) -> Bool { utf8.lexicographicallyPrecedes(other.utf8) }
}
