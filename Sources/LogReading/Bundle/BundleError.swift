import EventModel

/// Why a bundle cannot be opened at all. Paths stand in it as they were given: sanitise before printing.
public struct BundleError: Error, Hashable, Sendable {
    /// The kinds of what can be wrong.
    public enum Code: Hashable, Sendable {
        case noSuchFile
        case noPermission
        case unreadable
        case nothingToRead
        case spoolFull
        case spoolFailed
    }

    /// What is wrong, for a program.
    public var code: Code
    /// The argument that it is about; empty where it is about no one of them.
    public var path: String
    /// What is wrong, in a few words.
    public var message: String
    /// What to do about it.
    public var hint: String?

    /// Makes an error.
    public init(code: Code, path: String, message: String, hint: String? = nil) {
        self.code = code
        self.path = path
        self.message = message
        self.hint = hint
    }
}

/// Damage met while a source was read. What was inflated ahead of it has been given out before.
public struct ReadFault: Error, Hashable, Sendable {
    /// The kinds of what can be wrong.
    public enum Code: Hashable, Sendable {
        /// The stored bytes end in the middle of something.
        case truncated
        /// The stored bytes contradict themselves or a checksum.
        case corrupt
        /// More memory is needed than `ReadingOptions.maxWindow` allows.
        case windowTooLarge
        /// The source inflates to more than `ReadingOptions.maxInflatedSize`.
        case tooLarge
        /// The file cannot be opened or read.
        case unreadable
        /// Something valid that is not read here: a dictionary, a cipher.
        case unsupported
    }

    /// What is wrong, for a program.
    public var code: Code
    /// The source's path, as in `LogSource.path`.
    public var path: String
    /// Where in the source's stored bytes, as near as it is known.
    public var byte: UInt64?
    /// What is wrong, in a few words.
    public var message: String
    /// What it means for the reader, or what to do about it.
    public var hint: String?

    /// Makes a fault.
    public init(code: Code, path: String, byte: UInt64?, message: String, hint: String? = nil) {
        self.code = code
        self.path = path
        self.byte = byte
        self.message = message
        self.hint = hint
    }

    /// The same as an entry of the report.
    public var damage: BundleSummary.Damage {
        BundleSummary.Damage(path: path, byte: byte, message: message, hint: hint)
    }
}

extension UInt64 {
    /// The number with commas between thousands, as people read it.
    var grouped: String {
        let digits = String(self)
        var text = ""
        for (index, digit) in digits.enumerated() {
            if index > 0, (digits.count - index).isMultiple(of: 3) { text.append(",") }
            text.append(digit)
        }
        return text
    }
}
