import EventModel

extension Plan {
    /// Compiles a profile.
    /// - Parameters:
    ///   - yaml: the file's text.
    ///   - file: its name, for errors.
    public convenience init(yaml: String, file: String) throws(ProfileError) {
        let plan = try ProfileReader.plan(yaml, file: file)
        self.init(name: plan.name, title: plan.title, plan.parts)
    }
}
