/// The natural logarithm of a positive finite number, from nothing but + − × ÷: the same bits on every machine, which the
/// library's function does not promise.
///
/// x = m · 2ᵉ with m near 1, and ln m = 2 artanh s with s = (m − 1) / (m + 1), as a series. Error below 10⁻¹³.
func naturalLogarithm(_ x: Double) -> Double {
    var m = x.significand
    var e = Double(x.exponent)
    if m > 1.414_213_562_373_095 {
        m /= 2
        e += 1
    }
    let s = (m - 1) / (m + 1)
    let q = s * s
    let high = q * (1.0 / 11 + q * (1.0 / 13 + q * (1.0 / 15 + q / 17)))
    let low = q * (1.0 / 3 + q * (1.0 / 5 + q * (1.0 / 7 + q * (1.0 / 9 + high))))
    return 2 * s * (1 + low) + e * 0.693_147_180_559_945_3
}

/// e to the power of `x`, by the same means; `x` is held to ±700, where the result is finite.
///
/// x = k ln 2 + r with |r| ≤ ½ ln 2, and eʳ as its series. Relative error below 10⁻¹².
func exponential(_ x: Double) -> Double {
    let held = max(-700, min(700, x))
    let k = (held * 1.442_695_040_888_963_4).rounded()
    let r = held - k * 0.693_147_180_559_945_3
    let high = r * (1.0 / 5040 + r * (1.0 / 40_320 + r * (1.0 / 362_880 + r * (1.0 / 3_628_800 + r / 39_916_800))))
    let low = r * (1.0 / 24 + r * (1.0 / 120 + r * (1.0 / 720 + high)))
    return Double(sign: .plus, exponent: Int(k), significand: 1 + r * (1 + r * (0.5 + r * (1.0 / 6 + low))))
}
