/// Base64 (RFC 4648), with padding.
enum Base64 {
    private static let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)

    /// The text of some bytes.
    static func encode(_ bytes: some Collection<UInt8>) -> [UInt8] {
        var result: [UInt8] = []
        result.reserveCapacity((bytes.count + 2) / 3 * 4)
        var group: UInt32 = 0
        var count = 0
        func write(_ sextets: Int) {
            for at in 0..<sextets { result.append(alphabet[Int(group >> (18 - 6 * UInt32(at)) & 63)]) }
        }
        for byte in bytes {
            group |= UInt32(byte) << (16 - 8 * UInt32(count))
            count += 1
            if count == 3 {
                write(4)
                group = 0
                count = 0
            }
        }
        if count > 0 {
            write(count + 1)
            result += Array(repeating: UInt8(ascii: "="), count: 3 - count)
        }
        return result
    }
}
