import Glibc
import LogReading

/// Whatever a file holds, finding its logs and reading them ends, within the limits, and gives the same bytes again.
func fuzzFrames(_ input: UnsafeRawBufferPointer) { checkReading(Array(input)) }

/// The same, of a file made for it.
func checkReading(_ input: [UInt8]) {
    ftruncate(file, 0)
    check(pwrite(file, input, input.count, 0) == input.count, "the temporary file cannot be written")
    lseek(file, 0, SEEK_SET)
    var options = ReadingOptions()
    options.standardInput = file
    options.maxWindow = 1 << 20
    options.maxInflatedSize = 1 << 20
    options.spoolLimit = 4 << 20
    guard let bundle = try? Bundle.open(paths: ["-"], options: options) else { return }
    for source in bundle.sources {
        let whole = inflate(source, by: 1 << 16)
        check(
            whole.bytes.count <= 1 << 20, "\(source.path) inflates to \(whole.bytes.count) bytes in spite of its limit")
        let again = inflate(source, by: 97)
        // A checksum that fails is met at another place when the pieces are smaller; what is good is the same.
        if whole.faults == 0 || again.faults == 0 {
            check(whole == again, "\(source.path) reads differently in pieces of another size")
        }
    }
}

/// An unnamed temporary file that holds the input at hand.
private let file: Int32 = {
    var template = Array("/tmp/inquest-fuzz.XXXXXX".utf8CString)
    let file = mkstemp(&template)
    check(file >= 0, "no temporary file can be made")
    unlink(template)
    return file
}()

private struct Inflated: Equatable {
    var bytes: [UInt8] = []
    var faults = 0
}

private func inflate(_ source: LogSource, by size: Int) -> Inflated {
    var result = Inflated()
    guard let reader = try? source.open() else { return Inflated(bytes: [], faults: 1) }
    var buffer = [UInt8](repeating: 0, count: size)
    while true {
        do {
            let count = try buffer.withUnsafeMutableBytes { bytes throws(ReadFault) in try reader.read(into: bytes) }
            if count == 0 { break }
            result.bytes += buffer[..<count]
        } catch {
            result.faults += 1
            check(result.faults < 100_000, "reading \(source.path) finds faults without end")
        }
        check(reader.inflatedOffset == UInt64(result.bytes.count) || result.faults > 0, "an offset that is none")
    }
    return result
}
