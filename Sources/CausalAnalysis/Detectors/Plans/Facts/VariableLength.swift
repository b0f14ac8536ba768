import EventModel

extension Column where Element == UInt8 {
    /// Reads a number of variable length, seven bits a byte and the lowest first (LEB128), and moves `place` behind it.
    @inline(__always)
    func variableLength(at place: inout Int) -> UInt64 {
        var value: UInt64 = 0
        var shift: UInt64 = 0
        while true {
            let byte = self[place]
            place += 1
            value |= UInt64(byte & 0x7F) << shift
            if byte < 0x80 { return value }
            shift += 7
        }
    }
}
