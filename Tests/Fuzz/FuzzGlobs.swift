import EventModel

/// A pattern matches just what its meaning says; so does "did you mean" never trap.
func fuzzGlobs(_ input: UnsafeRawBufferPointer) {
    let parts = input.prefix(600).split(separator: 0x0A, maxSplits: 1, omittingEmptySubsequences: false)
    let pattern = String(decoding: parts[0], as: UTF8.self)
    let name = parts.count > 1 ? String(decoding: parts[1], as: UTF8.self) : pattern
    let names: [(name: String, count: UInt64)] = [(name, 1), (pattern + name, 2)]
    _ = Suggestion.nearest(pattern, among: names)
    let parsed = PlainGlob(pattern)
    guard let glob = try? Glob(pattern) else {
        return check(parsed == nil, "'\(pattern)' is refused although it is a pattern")
    }
    guard let parsed else { return check(false, "'\(pattern)' is taken although it is no pattern") }
    check(glob.matches(name) == parsed.matches(name), "'\(pattern)' and '\(name)'")
}

/// Globs by the book: each step of the pattern as a set of places in the name.
private struct PlainGlob {
    private enum Step {
        case run
        case one((Unicode.Scalar) -> Bool)
    }

    private var steps: [Step] = []

    init?(_ pattern: String) {
        var rest = Array(pattern.unicodeScalars)[...]
        func take() -> Unicode.Scalar? {
            guard let first = rest.popFirst() else { return nil }
            return first == "\\" ? rest.popFirst() : first
        }
        while let first = rest.first {
            if first == "*" {
                rest.removeFirst()
                steps.append(.run)
            } else if first == "?" {
                rest.removeFirst()
                steps.append(.one { _ in true })
            } else if first == "[" {
                rest.removeFirst()
                let negated = rest.first == "!"
                if negated { rest.removeFirst() }
                var ranges: [(Unicode.Scalar, Unicode.Scalar)] = []
                while rest.first != "]" {
                    guard let low = take() else { return nil }
                    var high = low
                    if rest.first == "-", let after = rest.dropFirst().first, after != "]" {
                        rest.removeFirst()
                        guard let end = take() else { return nil }
                        high = end
                    }
                    guard low <= high else { return nil }
                    ranges.append((low, high))
                }
                guard !ranges.isEmpty else { return nil }
                rest.removeFirst()
                steps.append(.one { scalar in ranges.contains { $0.0 <= scalar && scalar <= $0.1 } != negated })
            } else {
                guard let scalar = take() else { return nil }
                steps.append(.one { $0 == scalar })
            }
        }
    }

    func matches(_ name: String) -> Bool {
        let scalars = Array(name.unicodeScalars)
        var places: Set<Int> = [0]
        for step in steps {
            switch step {
            case .run: places = places.min().map { Set($0...scalars.count) } ?? []
            case .one(let accepts):
                places = Set(places.filter { $0 < scalars.count && accepts(scalars[$0]) }.map { $0 + 1 })
            }
        }
        return places.contains(scalars.count)
    }
}
