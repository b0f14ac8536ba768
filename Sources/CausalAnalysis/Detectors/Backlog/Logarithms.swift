/// The natural logarithm of a positive finite number, from nothing but + − × ÷: the same bits on every machine, which the
/// library's function does not promise.
///
/// x = m · 2ᵉ with m near 1, and ln m = 2 artanh((m − 1) / (m + 1)) as a series. Error below 10⁻¹³.
func naturalLogarithm(_ x: Double) -> Double {
    var m = x.significand
    var e = Double(x.exponent)
    if m > 1.414_213_562_373_095 {
        m /= 2
        e += 1
    }
    let s = (m - 1) / (m + 1)
    let q = s * s
    var sum = 0.0
    var n = 17.0
    while n >= 1 {
        sum = sum * q + 1 / n
        n -= 2
    }
    return 2 * s * sum + e * 0.693_147_180_559_945_3
}

/// e to the power of `x`, by the same means; `x` is held to ±700, where the result is finite.
///
/// x = k ln 2 + r with |r| ≤ ½ ln 2, and eʳ as its series. Relative error below 10⁻¹³.
func exponential(_ x: Double) -> Double {
    let held = max(-700, min(700, x))
    let k = (held / 0.693_147_180_559_945_3).rounded()
    let r = held - k * 0.693_147_180_559_945_3
    var sum = 1.0
    var n = 14.0
    while n >= 1 {
        sum = 1 + r / n * sum
        n -= 1
    }
    return Double(sign: .plus, exponent: Int(k), significand: sum)
}
