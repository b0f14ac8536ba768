/// Pairs the members of two rows so that both keep their order.
enum OrderedMatching {
    /// Pairs beyond this many of which each would be looked at are matched first come, first served.
    private static let few = 250_000

    /// The longest matching; of several the one whose pairs come first. O(n · m) questions, O(n + m) where those were too many.
    static func longest(_ n: Int, _ m: Int, fits: (Int, Int) -> Bool) -> [(Int, Int)] {
        if n * m > few { return firstCome(n, m, fits) }
        // The length of the longest matching of what is left behind each pair of places, and whether the two fit.
        var fit = Array(repeating: false, count: n * m)
        var length = Array(repeating: 0, count: (n + 1) * (m + 1))
        for a in (0..<n).reversed() {
            for s in (0..<m).reversed() {
                fit[a * m + s] = fits(a, s)
                let skipped = max(length[(a + 1) * (m + 1) + s], length[a * (m + 1) + s + 1])
                length[a * (m + 1) + s] = fit[a * m + s] ? max(skipped, length[(a + 1) * (m + 1) + s + 1] + 1) : skipped
            }
        }
        var pairs: [(Int, Int)] = []
        var (a, s) = (0, 0)
        while a < n, s < m {
            let here = length[a * (m + 1) + s]
            if fit[a * m + s], here == length[(a + 1) * (m + 1) + s + 1] + 1 {
                pairs.append((a, s))
                (a, s) = (a + 1, s + 1)
            } else if length[a * (m + 1) + s + 1] == here {
                s += 1
            } else {
                a += 1
            }
        }
        return pairs
    }

    private static func firstCome(_ n: Int, _ m: Int, _ fits: (Int, Int) -> Bool) -> [(Int, Int)] {
        var pairs: [(Int, Int)] = []
        var s = 0
        for a in 0..<n {
            guard let fitting = (s..<m).first(where: { fits(a, $0) }) else { continue }
            pairs.append((a, fitting))
            s = fitting + 1
        }
        return pairs
    }
}
