/// Generations from one to another, both included: what `--plan` takes.
package struct PlanRange: Hashable, Sendable {
    package let lowest: Int64
    package let highest: Int64

    /// Why a text is no range of plans. Quotes the text as it was given: sanitise before printing.
    package enum Failure: Error, Hashable, Sendable {
        case unreadable(String)
        case outOfRange(String)
        case reversed(Int64, Int64)

        /// What is wrong.
        package var message: String {
            switch self {
            case .unreadable(let text): "'\(text)' is no plan"
            case .outOfRange(let text): "'\(text)' is larger than any plan"
            case .reversed(let low, let high): "the plans \(low)..\(high) end before they begin"
            }
        }

        /// What to do about it.
        package var hint: String {
            switch self {
            case .unreadable, .outOfRange:
                "write 145, 110..145, 110.. or ..145 (both ends included, up to \(Int64.max))"
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
        highest = high.isEmpty ? .max : try PlanRange.plan(high, of: text)
        if lowest > highest { throw .reversed(lowest, highest) }
    }

    /// Whether the plan is one of them.
    package func contains(_ plan: Int64) -> Bool { lowest <= plan && plan <= highest }

    private static func plan(_ digits: Substring, of text: String) throws(Failure) -> Int64 {
        guard !digits.isEmpty, digits.utf8.allSatisfy({ $0 >= 0x30 && $0 <= 0x39 }) else { throw .unreadable(text) }
        guard let plan = Int64(digits) else { throw .outOfRange(text) }
        return plan
    }
}
