import EventModel

/// How far the wall clocks of two actors may stand apart.
package protocol SkewBounds: Sendable {
    /// The possible values of (clock of `a` − clock of `b`) in nanoseconds while the clock of `a` shows times around `at`: from what happened-before
    /// showed in both directions, and ± the largest skew assumed where it showed nothing. An actor against itself: 0...0.
    func offset(of a: Symbol, from b: Symbol, at: Timestamp) -> ClosedRange<Int64>

    /// Which actors share a clock.
    var sharedClocks: SharedClocks { get }
}

extension SkewBounds {
    package var sharedClocks: SharedClocks { SharedClocks() }
}

/// The bounds before anything is known: every two clocks may stand `maximum` apart.
package struct AssumedSkew: SkewBounds {
    package var maximum: Int64

    package init(maximum: Int64) {
        self.maximum = maximum
    }

    package func offset(of a: Symbol, from b: Symbol, at: Timestamp) -> ClosedRange<Int64> {
        a == b ? 0...0 : -maximum...maximum
    }
}
