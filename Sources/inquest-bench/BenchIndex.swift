/// An index of a bundle, as `inquest index` makes it, beside the bundles that are measured.
struct BenchIndex {
    let inquest: String
    let folder: String
    /// The bundle's files, made where they are not there yet.
    let files: () throws -> [String]

    /// The option that names its place.
    var place: [String] { ["--index-dir", folder + "/index"] }

    /// Makes it, but for the files' names.
    var command: [String] { [inquest, "index", "--quiet"] + place }

    /// Makes it anew; gives the files that it is of.
    func made() throws -> [String] {
        let files = try files()
        _ = try ProcessRun(command + files)
        return files
    }
}
