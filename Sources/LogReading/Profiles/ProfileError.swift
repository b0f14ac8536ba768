/// What is wrong with a profile, and where.
public struct ProfileError: Error, Hashable, Sendable {
    /// The profile's file.
    public var file: String
    /// The line, from 1; 0 where it is about the whole file.
    public var line: Int
    /// The column, from 1.
    public var column: Int
    /// What is wrong with what.
    public var message: String
    /// What to do about it.
    public var hint: String?

    /// Makes an error.
    public init(file: String, line: Int, column: Int, message: String, hint: String? = nil) {
        self.file = file
        self.line = line
        self.column = column
        self.message = message
        self.hint = hint
    }

    /// `profiles/a.yaml:3:5`.
    public var place: String { line > 0 ? "\(file):\(line):\(column)" : file }
}
