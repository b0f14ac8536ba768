/// A pattern for names: `*` any run of characters, `?` any one, `[abc]` and `[a-z]` one of these, `[!a-z]` one of none of these, `\`
/// takes the next character as it is. Case counts; the whole name must match.
///
/// Matching keeps one place to return to, the latest `*`, because an earlier one never helps where the latest fails. So it takes
/// at most (length of the pattern × length of the name) steps and no memory, whatever the pattern. Characters are Unicode scalars.
public struct Glob: Hashable, Sendable {
    /// The pattern as it was written.
    public let pattern: String
    private let tokens: [Token]
    /// The name that the pattern stands for where nothing in it is special.
    private let literal: String?

    private enum Token: Hashable {
        case scalar(Unicode.Scalar)
        case anyOne
        case anyRun
        case oneOf([ClosedRange<Unicode.Scalar>], negated: Bool)
    }

    /// Why a pattern is none.
    public struct Failure: Error, Hashable, Sendable {
        /// What is wrong.
        public enum Reason: Hashable, Sendable {
            case unclosedBracket, emptyBracket, reversedRange, danglingEscape, tooLong
        }
        /// The pattern as it was given.
        public var pattern: String
        /// What is wrong with it.
        public var reason: Reason
        /// Where, in characters (Unicode scalars) from 1.
        public var position: Int

        /// `unclosed [ at character 4 of 'abc[d'`. The pattern is quoted as it was given: sanitise before printing.
        public var message: String {
            switch reason {
            case .unclosedBracket: "unclosed [ at character \(position) of '\(pattern)'"
            case .emptyBracket: "nothing between [ and ] at character \(position) of '\(pattern)'"
            case .reversedRange: "a range that ends before it begins at character \(position) of '\(pattern)'"
            case .danglingEscape: "nothing after \\ at character \(position) of '\(pattern)'"
            case .tooLong: "a pattern of more than \(Glob.maximumLength) characters"
            }
        }

        /// What to do about it.
        public var hint: String {
            switch reason {
            case .unclosedBracket: "close it with ], or write \\[ for the character itself"
            case .emptyBracket: "name characters as in [abc] or [!a-z]; \\] stands for ] itself"
            case .reversedRange: "write the smaller character first, as in [a-z]; \\- stands for - itself"
            case .danglingEscape: "write \\\\ for \\ itself"
            case .tooLong: "a shorter pattern with * says the same"
            }
        }
    }

    /// The longest pattern, in characters.
    public static let maximumLength = 4096

    /// Reads a pattern.
    public init(_ pattern: String) throws(Failure) {
        let scalars = Array(pattern.unicodeScalars.prefix(Glob.maximumLength + 1))
        guard scalars.count <= Glob.maximumLength else {
            throw Failure(pattern: pattern, reason: .tooLong, position: Glob.maximumLength + 1)
        }
        var reader = Reader(pattern: pattern, scalars: scalars)
        var tokens: [Token] = []
        while let token = try reader.next() {
            if token == .anyRun, tokens.last == .anyRun { continue }
            tokens.append(token)
        }
        self.pattern = pattern
        self.tokens = tokens
        var literal: String.UnicodeScalarView? = String.UnicodeScalarView()
        for token in tokens {
            if case .scalar(let scalar) = token { literal?.append(scalar) } else { literal = nil }
        }
        self.literal = literal.map { String($0) }
    }

    /// Whether the whole of `name` matches.
    public func matches(_ name: String) -> Bool {
        // Scalars, not characters: to String, `é` equals `e` and an accent.
        if let literal { return literal.utf8.elementsEqual(name.utf8) }
        let scalars = name.unicodeScalars
        var at = scalars.startIndex
        var token = 0
        // The latest `*`: the token after it, and where its run ends so far.
        var retryToken: Int?
        var retryAt = at
        while at < scalars.endIndex {
            if token < tokens.count, tokens[token] == .anyRun {
                token += 1
                retryToken = token
                retryAt = at
            } else if token < tokens.count, Glob.accepts(tokens[token], scalars[at]) {
                token += 1
                at = scalars.index(after: at)
            } else if let retry = retryToken {
                retryAt = scalars.index(after: retryAt)
                at = retryAt
                token = retry
            } else {
                return false
            }
        }
        return tokens[token...].allSatisfy { $0 == .anyRun }
    }

    private static func accepts(_ token: Token, _ scalar: Unicode.Scalar) -> Bool {
        switch token {
        case .scalar(let wanted): wanted == scalar
        case .anyOne: true
        case .anyRun: false
        case .oneOf(let ranges, let negated): ranges.contains { $0.contains(scalar) } != negated
        }
    }

    /// Reads one token after the other.
    private struct Reader {
        let pattern: String
        let scalars: [Unicode.Scalar]
        var at = 0

        init(pattern: String, scalars: [Unicode.Scalar]) {
            self.pattern = pattern
            self.scalars = scalars
        }

        mutating func next() throws(Failure) -> Token? {
            guard at < scalars.count else { return nil }
            switch scalars[at] {
            case "*":
                at += 1
                return .anyRun
            case "?":
                at += 1
                return .anyOne
            case "[": return try bracket()
            default: return .scalar(try single())
            }
        }

        /// One character, taken as it is after `\`.
        private mutating func single() throws(Failure) -> Unicode.Scalar {
            if scalars[at] == "\\" {
                guard at + 1 < scalars.count else { throw failure(.danglingEscape, at) }
                at += 1
            }
            at += 1
            return scalars[at - 1]
        }

        private mutating func bracket() throws(Failure) -> Token {
            let start = at
            at += 1
            var negated = false
            if at < scalars.count, scalars[at] == "!" {
                negated = true
                at += 1
            }
            var ranges: [ClosedRange<Unicode.Scalar>] = []
            while at < scalars.count, scalars[at] != "]" {
                let first = at
                let low = try single()
                var high = low
                if at + 1 < scalars.count, scalars[at] == "-", scalars[at + 1] != "]" {
                    at += 1
                    high = try single()
                }
                guard low <= high else { throw failure(.reversedRange, first) }
                ranges.append(low...high)
            }
            guard at < scalars.count else { throw failure(.unclosedBracket, start) }
            guard !ranges.isEmpty else { throw failure(.emptyBracket, start) }
            at += 1
            return .oneOf(ranges, negated: negated)
        }

        private func failure(_ reason: Failure.Reason, _ at: Int) -> Failure {
            Failure(pattern: pattern, reason: reason, position: at + 1)
        }
    }
}
