import Foundation

/// The figures as rows of text.
enum BenchTable {
    static let head = row(
        ["", "events", "zstd s", "cpu", "inquest s", "cpu", "peak MiB", "ratio", "events/s"], widths)
    static let contestHead = row(["peers", "", "runs", "s", "cpu", "peak MiB", "ratio"], contestWidths)

    private static let widths = [-30, 10, 8, 8, 10, 8, 9, 6, 11]
    private static let contestWidths = [-24, -26, 5, 9, 9, 10, 9]

    static func row(_ result: Comparison) -> String {
        row(
            [
                result.name, String(result.events), seconds(result.zstd.wallSeconds), seconds(result.zstd.cpuSeconds),
                seconds(result.inquest.wallSeconds), seconds(result.inquest.cpuSeconds),
                mebibytes(result.inquest.peakBytes), String(format: "%.2f", result.ratio),
                String(format: "%.0f", Double(result.events) / result.inquest.wallSeconds),
            ], widths)
    }

    static func row(_ contest: Contest, _ result: Contest.Result) -> String {
        row(
            [
                contest.question, result.name, String(result.runs), seconds(result.figures.wallSeconds),
                seconds(result.figures.cpuSeconds), mebibytes(result.figures.peakBytes),
                String(format: "%.2f", result.ratio),
            ], contestWidths)
    }

    private static func seconds(_ value: Double) -> String { String(format: "%.3f", value) }

    private static func mebibytes(_ bytes: Int) -> String { String(format: "%.1f", Double(bytes) / 1_048_576) }

    /// A negative width is that of a column whose cells stand at its left.
    private static func row(_ cells: [String], _ widths: [Int]) -> String {
        zip(cells, widths).map { cell, width in
            let space = String(repeating: " ", count: max(0, abs(width) - cell.count))
            return width < 0 ? cell + space : space + cell
        }.joined()
    }
}
