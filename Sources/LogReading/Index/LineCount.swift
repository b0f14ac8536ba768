#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// Counts lines.
package enum LineCount {
    /// How many lines these bytes are, a last one without its end included. As fast as memory is read.
    package static func of(_ bytes: ArraySlice<UInt8>) -> Int {
        bytes.withUnsafeBytes { all in
            guard let base = all.baseAddress, let last = all.last else { return 0 }
            var count = last == 0x0A ? 0 : 1
            var start = 0
            while let found = memchr(base + start, 0x0A, all.count - start) {
                count += 1
                start = base.distance(to: UnsafeRawPointer(found)) + 1
            }
            return count
        }
    }
}
