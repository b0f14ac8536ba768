import ArgumentParser

/// Whether outputs may take the place of what is there.
struct OverwriteArguments: ParsableArguments {
    @Flag(help: "Replace files that are there.")
    var force = false

    init() {}

    init(force: Bool) { self.force = force }
}
