/// A flow as a level, a change (straight or smooth) and a level again, with all begins and ends of the change weighed.
///
/// Neither where a change began nor where it ended can be told surely from a noisy flow, and the moment at which load and capacity met
/// hangs on both. So no single fit is believed: each shape of a grid has its likelihood, jumps among them.
struct SoftSteps {
    /// A change between two moments, fitted by least squares.
    struct Shape {
        var from: Double
        var to: Double
        var isSmooth: Bool
        var level = 0.0
        var change = 0.0
        /// The logarithm of its likelihood, up to a constant.
        var likelihood = 0.0
        fileprivate var distance = 0.0
        fileprivate var sumX = 0.0
        fileprivate var sumXX = 0.0
        fileprivate var determinant = 0.0

        var isJump: Bool { from == to }
        var width: Double { to - from }

        /// The fitted rate at a moment.
        func rate(at time: Double) -> Double { level + change * height(at: time) }

        /// The mean height over a piece of time.
        fileprivate func height(over piece: OnsetDating.Piece) -> Double {
            if isJump { return max(0, min(1, (piece.to - from) / (piece.to - piece.from))) }
            return (height(at: piece.from) + 4 * height(at: (piece.from + piece.to) / 2) + height(at: piece.to)) / 6
        }

        private func height(at time: Double) -> Double {
            if isJump { return time > from ? 1 : 0 }
            let u = max(0, min(1, (time - from) / width))
            return isSmooth ? u * u * (3 - 2 * u) : u
        }
    }

    private(set) var shapes: [Shape] = []
    /// The variance of a mean rate, times its seconds.
    private(set) var noise = 0.0
    private let seconds: Double

    /// Where a change may begin or end: in climbs from the last usual sample, finer the nearer to it.
    private static let grid: [Double] = [
        -16, -11, -8, -5.7, -4, -2.8, -2, -1.4, -1, -0.7, -0.5, -0.35, -0.25, -0.17, -0.1, -0.05, 0, 0.04, 0.08, 0.13,
        0.2,
        0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1,
    ]

    /// Fits all shapes to a flow; nil where there is too little of it. O(800 · pieces).
    ///
    /// - Parameter least: the least noise that is believed.
    init?(
        _ pieces: [OnsetDating.Piece], usual: Double, climb: Double, least: Double,
        flow: (OnsetDating.Piece) -> Double
    ) {
        guard pieces.count >= 12, let start = pieces.first?.from else { return nil }
        let weights = pieces.map { $0.to - $0.from }
        let rates = pieces.map { flow($0) / ($0.to - $0.from) }
        seconds = weights.reduce(0, +)
        let mean = zip(weights, rates).reduce(0) { $0 + $1.0 * $1.1 } / seconds
        let edges = SoftSteps.grid.map { usual + $0 * climb }.filter { $0 >= start }
        for (index, from) in edges.enumerated() {
            for to in edges[index...] {
                for isSmooth in from == to ? [false] : [false, true] {
                    var shape = Shape(from: from, to: to, isSmooth: isSmooth)
                    if fit(&shape, pieces, weights, rates, mean) { shapes.append(shape) }
                }
            }
        }
        guard let best = shapes.min(by: { $0.distance < $1.distance }) else { return nil }
        let rest = zip(pieces, rates).map { $1 - best.level - best.change * best.height(over: $0) }
        noise = max(FlowNoise.about(rest, weights: weights), least, .leastNormalMagnitude)
        for index in shapes.indices {
            let share = shapes[index].determinant / (seconds * seconds)
            shapes[index].likelihood = -shapes[index].distance / (2 * noise) - naturalLogarithm(share) / 2
        }
    }

    /// Least squares of the rates to this shape; false where the times do not tell level and change apart.
    private func fit(
        _ shape: inout Shape, _ pieces: [OnsetDating.Piece], _ weights: [Double], _ rates: [Double], _ mean: Double
    ) -> Bool {
        var x = 0.0
        var xx = 0.0
        var xy = 0.0
        var yy = 0.0
        for index in pieces.indices {
            let height = shape.height(over: pieces[index])
            let weighted = weights[index] * height
            let rate = rates[index] - mean
            x += weighted
            xx += weighted * height
            xy += weighted * rate
            yy += weights[index] * rate * rate
        }
        let determinant = seconds * xx - x * x
        guard determinant > 1e-9 * seconds * seconds else { return false }
        shape.change = seconds * xy / determinant
        shape.level = mean - shape.change * x / seconds
        shape.distance = max(0, yy - shape.change * xy)
        shape.sumX = x
        shape.sumXX = xx
        shape.determinant = determinant
        return true
    }

    /// The variance of a shape's rate where it has changed by this share.
    func variance(of shape: Shape, atShare share: Double) -> Double {
        noise * (shape.sumXX + share * share * seconds - 2 * share * shape.sumX) / shape.determinant
    }
}

/// Moments with weights: their mean and variance, and how much evidence they are.
struct WeighedMoments {
    private var sum = 0.0
    private var moment = 0.0
    private var square = 0.0
    private let origin: Double

    /// None yet; moments are held relative to `origin`, so that nothing is lost far from it.
    init(near origin: Double) { self.origin = origin }

    var isEmpty: Bool { sum <= 0 }
    var weight: Double { sum }
    var mean: Double { origin + moment / sum }
    var deviation: Double { max(0, square / sum - moment / sum * (moment / sum)).squareRoot() }

    mutating func add(_ time: Double, variance: Double = 0, weight: Double) {
        let time = time - origin
        sum += weight
        moment += weight * time
        square += weight * (time * time + variance)
    }
}
