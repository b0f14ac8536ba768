import EventModel

extension Report {
    /// A source's path; empty for a number that the bundle lacks.
    func path(of source: SourceID) -> String {
        bundle.sources.indices.contains(Int(source.index)) ? bundle.sources[Int(source.index)].path : ""
    }
}
