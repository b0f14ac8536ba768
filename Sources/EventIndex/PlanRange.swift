import EventModel

/// Generations from one to another, both included: what `--plan` takes.
package struct PlanRange: Hashable, Sendable {
    package let lowest: Generation
    /// The highest one; nil where there is no end.
    package let highest: Generation?

    /// Why a text is no range of plans. Quotes the text as it was given: sanitise before printing.
    package enum Failure: Error, Hashable, Sendable {
        case unreadable(String)
        case reversed(Generation, Generation)

        /// What is wrong.
        package var message: String {
            switch self {
            case .unreadable(let text): "'\(text)' is no plan"
            case .reversed(let low, let high): "the plans \(low)..\(high) end before they begin"
            }
        }

        /// What to do about it.
        package var hint: String {
            switch self {
            case .unreadable: "write 145, 110..145, 110.. or ..145 (both ends included)"
            case .reversed(let low, let high): "write \(high)..\(low)"
            }
        }
    }

    /// Reads `145`, `110..145`, `110..` or `..145`.
    package init(_ text: String) throws(Failure) {
        guard let dots = text.firstRange(of: "..") else {
            lowest = try PlanRange.plan(text[...], of: text)
            highest = lowest
            return
        }
        let low = text[..<dots.lowerBound]
        let high = text[dots.upperBound...]
        if low.isEmpty && high.isEmpty { throw .unreadable(text) }
        lowest = low.isEmpty ? 0 : try PlanRange.plan(low, of: text)
        highest = high.isEmpty ? nil : try PlanRange.plan(high, of: text)
        if let highest, lowest > highest { throw .reversed(lowest, highest) }
    }

    /// Whether the plan is one of them.
    package func contains(_ plan: Generation) -> Bool { lowest <= plan && highest.map { plan <= $0 } ?? true }

    /// The codes among which those of the plans are: large ones have no order in columns.
    var codes: ClosedRange<Int64> {
        let (low, high) = (lowest.code ?? Generation.firstLarge, highest.map { $0.code ?? .max } ?? .max)
        return min(low, high)...high
    }

    private static func plan(_ digits: Substring, of text: String) throws(Failure) -> Generation {
        guard let plan = Generation(decimal: digits) else { throw .unreadable(text) }
        return plan
    }
}

extension Generation {
    /// The code of a small one.
    fileprivate var code: Int64? { digitsOfLarge == nil ? int64 : nil }
}
