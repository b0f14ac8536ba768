import EventModel

/// A sentence or a part of one, made of runs: `"\(finding: name) lasted \(span)"`.
package struct Phrase: Hashable, Sendable, ExpressibleByStringInterpolation {
    package private(set) var runs: [Document.Run]

    /// A phrase of runs.
    init(_ runs: [Document.Run]) {
        self.runs = runs
    }

    package init(stringLiteral value: String) {
        runs = value.isEmpty ? [] : [.text(value)]
    }

    package init(stringInterpolation: Interpolation) {
        runs = stringInterpolation.runs
    }

    var isEmpty: Bool { runs.isEmpty }

    /// The phrases one after the other.
    static func + (a: Phrase, b: Phrase) -> Phrase { Phrase(a.runs + b.runs) }

    static func += (a: inout Phrase, b: Phrase) { a.runs += b.runs }

    /// Its text without any markup.
    var text: String {
        runs.map { run in
            switch run {
            case .text(let text), .strong(let text), .code(let text), .link(let text, _): text
            }
        }.joined()
    }

    /// The same, standing out.
    var strong: Phrase {
        Phrase(runs.map { if case .text(let text) = $0 { .strong(text) } else { $0 } })
    }

    /// What a literal's parts become.
    package struct Interpolation: StringInterpolationProtocol {
        fileprivate var runs: [Document.Run] = []

        package init(literalCapacity: Int, interpolationCount: Int) {}

        package mutating func appendLiteral(_ literal: String) { appendInterpolation(literal) }

        package mutating func appendInterpolation(_ text: String) {
            guard !text.isEmpty else { return }
            if case .text(let before) = runs.last {
                runs[runs.count - 1] = .text(before + text)
            } else {
                runs.append(.text(text))
            }
        }

        package mutating func appendInterpolation(_ phrase: Phrase) {
            for run in phrase.runs {
                if case .text(let text) = run { appendInterpolation(text) } else { runs.append(run) }
            }
        }

        package mutating func appendInterpolation(strong text: String) { runs.append(.strong(text)) }

        package mutating func appendInterpolation(code text: String) { runs.append(.code(text)) }
    }
}

extension Sequence<Phrase> {
    /// The phrases with a separator between each two.
    func joined(separator: String = "") -> Phrase {
        var result: Phrase = ""
        for (index, phrase) in enumerated() {
            result = index == 0 ? phrase : "\(result)\(separator)\(phrase)"
        }
        return result
    }
}

extension Collection<Phrase> {
    /// The first of them, and how many more there are.
    func listed(_ limit: Int, separator: String = ", ") -> Phrase {
        let shown = prefix(limit).joined(separator: separator)
        return count > limit ? "\(shown) and \(Figures.grouped(count - limit)) more" : shown
    }
}
