/// Looks ahead into an input of any kind, and never across a hole in it: what stands behind damage is seen when all ahead of it has
/// been consumed and the damage was thrown.
final class InputWindow {
    private let input: any ByteInput
    private let buffer: UnsafeMutableRawBufferPointer
    private var filled = 0..<0
    /// Met behind what is filled.
    private var pendingFault: ReadFault?
    private var hasEnded = false

    init(_ input: any ByteInput, size: Int) {
        self.input = input
        buffer = .allocate(byteCount: size, alignment: 64)
    }

    deinit { buffer.deallocate() }

    var label: String { input.label }
    /// Where the next byte lies.
    var position: UInt64 { input.position - UInt64(filled.count) }
    /// Whether damage, not the end, follows what `look` gave last.
    var isAheadOfDamage: Bool { pendingFault != nil }

    /// The next bytes: at least `count`, at most the window's size, unless the end or damage comes first. Valid until the next call.
    func look(atLeast count: Int) throws(ReadFault) -> UnsafeRawBufferPointer {
        if filled.isEmpty, let fault = pendingFault {
            pendingFault = nil
            throw fault
        }
        if filled.count < count, !hasEnded, pendingFault == nil { try refill(atLeast: min(count, buffer.count)) }
        return UnsafeRawBufferPointer(rebasing: buffer[filled])
    }

    /// Moves past bytes that were looked at.
    func consume(_ count: Int) { filled = (filled.lowerBound + count)..<filled.upperBound }

    /// Moves past bytes unseen, where possible without reading them; how many there were.
    func skip(_ count: UInt64) throws(ReadFault) -> UInt64 {
        var left = count
        while left > 0 {
            let inside = min(left, UInt64(filled.count))
            consume(Int(inside))
            left -= inside
            if left == 0 { break }
            if let length = input.seekableLength, pendingFault == nil {
                let start = input.position
                input.seek(to: start + min(left, length - min(start, length)))
                return count - left + (input.position - start)
            }
            if try look(atLeast: 1).isEmpty { break }
        }
        return count - left
    }

    private func refill(atLeast count: Int) throws(ReadFault) {
        if !filled.isEmpty { buffer.copyMemory(from: UnsafeRawBufferPointer(rebasing: buffer[filled])) }
        filled = 0..<filled.count
        while filled.count < count {
            do throws(ReadFault) {
                let got = try input.read(into: UnsafeMutableRawBufferPointer(rebasing: buffer[filled.upperBound...]))
                hasEnded = got == 0
                filled = 0..<(filled.upperBound + got)
            } catch {
                if filled.isEmpty { throw error }
                pendingFault = error
            }
            if hasEnded || pendingFault != nil { break }
        }
    }
}
