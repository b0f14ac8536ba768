/// What the flows around a backlog tell of its onset: how likely load or capacity changed at once, and where they met otherwise.
struct OnsetTrend {
    /// How likely the change came at once.
    private(set) var suddenShare = 0.0
    /// Where it came, if at once; and where load and capacity met, if gradually.
    private(set) var sudden: WeighedMoments
    private(set) var gradual: WeighedMoments

    /// How likely a sudden change is, before the flows are asked: loads mostly jump, capacities leak as well.
    private static let loadJumps = 0.9
    private static let capacityBreaks = 0.5

    /// The load rose: where the fitted arrivals pass the capacity. nil where they never do.
    ///
    /// - Parameter allowed: items that may have piled up by the last usual sample and still be as usual.
    init?(
        risingLoad steps: SoftSteps, capacity: Double, variance: Double, usual: Double, allowed: Double
    ) {
        self.init(steps, jumps: OnsetTrend.loadJumps, usual: usual, allowed: allowed, isJump: { $0.change > 0 }) {
            shape in
            let share = (capacity - shape.level) / shape.change
            guard shape.change > 0, share > 0, share < 1 else { return nil }
            let v = shape.isSmooth ? Self.smoothMoment(share) : share
            let slope = shape.change / shape.width * (shape.isSmooth ? max(6 * v * (1 - v), 0.05) : 1)
            let spread = (steps.variance(of: shape, atShare: share) + variance) / (slope * slope)
            return (shape.from + v * shape.width, spread, shape.rate(at: usual) - capacity)
        }
    }

    /// The capacity fell: departures follow the load until the capacity leaves it. nil where they never fall.
    init?(fallingCapacity steps: SoftSteps, usual: Double, allowed: Double) {
        self.init(steps, jumps: OnsetTrend.capacityBreaks, usual: usual, allowed: allowed, isJump: { $0.change < 0 }) {
            shape in
            guard shape.change < 0, !shape.isSmooth else { return nil }
            return (shape.from, 0, shape.level - shape.rate(at: usual))
        }
    }

    /// Averages what the shapes say by their likelihood. `meeting` gives of a gradual one the moment at which load and capacity met, its
    /// variance, and the items a second by which the load exceeded the capacity at the last usual sample.
    private init?(
        _ steps: SoftSteps, jumps: Double, usual: Double, allowed: Double, isJump: (SoftSteps.Shape) -> Bool,
        meeting: (SoftSteps.Shape) -> (time: Double, variance: Double, excess: Double)?
    ) {
        guard let top = steps.shapes.map(\.likelihood).max() else { return nil }
        sudden = WeighedMoments(near: usual)
        gradual = WeighedMoments(near: usual)
        for shape in steps.shapes {
            let weight = exponential(shape.likelihood - top)
            if shape.isJump {
                if isJump(shape) { sudden.add(shape.from, weight: weight) }
            } else if let (time, variance, excess) = meeting(shape) {
                // What piled up by then was no more than usual, and than chance.
                var likely = weight
                if time < usual, excess > 0 {
                    let piled = excess * (usual - time) / 2
                    let variance = steps.noise * (usual - time) + allowed * allowed
                    likely *= exponential(-piled * piled / (2 * variance))
                }
                gradual.add(time, variance: variance, weight: likely)
            }
        }
        let jumpCount = Double(max(1, steps.shapes.count { $0.isJump }))
        let gradualCount = Double(max(1, steps.shapes.count { !$0.isJump }))
        let atOnce = jumps * sudden.weight / jumpCount
        let slowly = (1 - jumps) * gradual.weight / gradualCount
        guard atOnce + slowly > 0 else { return nil }
        suddenShare = atOnce / (atOnce + slowly)
    }

    /// Where a smooth rise from 0 to 1 is at `share`: 3v² − 2v³ = share, by bisection.
    private static func smoothMoment(_ share: Double) -> Double {
        var low = 0.0
        var high = 1.0
        for _ in 0..<30 {
            let middle = (low + high) / 2
            if middle * middle * (3 - 2 * middle) < share { low = middle } else { high = middle }
        }
        return (low + high) / 2
    }
}
