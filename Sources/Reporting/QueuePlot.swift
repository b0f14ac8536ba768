import CausalAnalysis
import EventModel

/// A queue's depth over time as a small plot of block characters, with its numbers in words.
struct QueuePlot {
    private let curve: QueueCurve
    private let finding: Finding
    private let times: TimeStyle

    private static let height = 6
    private static let eighths = [" ", "▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"]

    init(_ curve: QueueCurve, _ finding: Finding, _ times: TimeStyle) {
        self.curve = curve
        self.finding = finding
        self.times = times
    }

    func sentences() -> [String] {
        var lines: [String] = []
        if let most = curve.buckets.compactMap(\.depth).max() {
            let usual = curve.usualDepth.map { ", usually \(Figures.exact($0))" } ?? ""
            let alarm = curve.depthAtAlarm.map { ", \(Figures.exact($0)) at the alarm" } ?? ""
            lines.append("At most \(Figures.exact(most)) waiting\(usual)\(alarm).")
        }
        if let capacity = curve.capacity {
            lines.append(
                "At most \(Figures.exact(capacity))/s left it, done or failed, in any \(Nanoseconds.words(curve.width)) "
                    + "while this lasted.")
        }
        return lines
    }

    /// The plot: six lines of sixty columns, a line that marks onset and end, and one of times.
    func lines() -> [String] {
        let depths = curve.buckets.map(\.depth)
        guard let most = depths.compactMap({ $0 }).max(), most > 0 else { return [] }
        let label = Figures.short(most)
        let margin = String(repeating: " ", count: label.count)
        var lines: [String] = []
        for row in (0..<Self.height).reversed() {
            var line = row == Self.height - 1 ? label + " " : margin + " "
            for depth in depths {
                guard let depth else {
                    line += " "
                    continue
                }
                let filled = depth / most * Double(Self.height * 8) - Double(row * 8)
                // What is there at all shows.
                let least = row == 0 && depth > 0 ? 1.0 : 0
                line += Self.eighths[Int(min(8, max(least, filled.rounded())))]
            }
            lines.append(line)
        }
        lines.append(margin + " " + marks())
        lines.append(
            margin + " " + times.clock(curve.span.lowerBound, digits: 0) + " to "
                + times.clock(curve.span.upperBound, digits: 0) + ", ^ from onset to end")
        return lines
    }

    private func marks() -> String {
        let count = Int64(curve.buckets.count)
        let length = max(1, curve.span.upperBound.since(curve.span.lowerBound))
        return (0..<count).map { index in
            let from = curve.span.lowerBound.advanced(by: length / count * index)
            let to = from.advanced(by: length / count)
            return to >= finding.at && (finding.until.map { from <= $0 } ?? true) ? "^" : "-"
        }.joined()
    }
}
