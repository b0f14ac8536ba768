import CArchive
import CZstd
import Foundation
import LogReading
import Testing

/// A folder to build a bundle in, gone with its last user.
final class Workplace {
    let path: String

    init() throws {
        var template = Array((NSTemporaryDirectory() + "/inquest-test.XXXXXX").utf8CString)
        path = String(cString: try #require(mkdtemp(&template)))
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    /// Writes a file, making the folders above it.
    @discardableResult
    func write(_ bytes: [UInt8], to name: String) throws -> String {
        let url = URL(fileURLWithPath: path).appendingPathComponent(name)
        try FileManager.default.createDirectory(at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data(bytes).write(to: url)
        return url.path
    }

    func link(_ name: String, to target: String) throws {
        try FileManager.default.createSymbolicLink(atPath: path + "/" + name, withDestinationPath: target)
    }

    func open(_ names: String..., options: ReadingOptions = ReadingOptions()) throws -> LogReading.Bundle {
        try LogReading.Bundle.open(paths: names.isEmpty ? [path] : names.map { path + "/" + $0 }, options: options)
    }
}

/// Numbers that look random and are the same in every run (splitmix64).
struct Dice {
    var state: UInt64

    mutating func roll() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }

    mutating func roll(_ range: Range<Int>) -> Int { range.lowerBound + Int(roll() % UInt64(range.count)) }
}

/// The places to damage: some of them, spread evenly; all where INQUEST_FLIPS is `all`, which takes minutes.
func sampled(_ places: some Collection<Int>, _ count: Int = 40) -> [Int] {
    let all = Array(places)
    if ProcessInfo.processInfo.environment["INQUEST_FLIPS"] == "all" || all.count <= count { return all }
    var dice = Dice(state: UInt64(all.count))
    return (0..<count).map { all[dice.roll($0 * all.count / count..<($0 + 1) * all.count / count)] }
}

/// A log of so many lines, no two alike.
func log(lines: Int, seed: UInt64 = 1) -> [UInt8] {
    var dice = Dice(state: seed)
    var text = ""
    for index in 0..<lines {
        text += #"{"ts":\#(index),"actor":"a","event":"plan.applied","reason":"\#(dice.roll())"}"# + "\n"
    }
    return Array(text.utf8)
}

/// One zstd frame.
func zstdFrame(
    _ bytes: some Collection<UInt8>, checksum: Bool = true, level: Int32 = 3, windowLog: Int32? = nil
) -> [UInt8] {
    let bytes = Array(bytes)
    let context = ZSTD_createCCtx()
    defer { ZSTD_freeCCtx(context) }
    ZSTD_CCtx_setParameter(context, ZSTD_c_compressionLevel, level)
    ZSTD_CCtx_setParameter(context, ZSTD_c_checksumFlag, checksum ? 1 : 0)
    if let windowLog {
        ZSTD_CCtx_setParameter(context, ZSTD_c_windowLog, windowLog)
        ZSTD_CCtx_setParameter(context, ZSTD_c_contentSizeFlag, 0)
    }
    var frame = [UInt8](repeating: 0, count: ZSTD_compressBound(bytes.count) + 64)
    // As a stream, so that the window is the one asked for and not cut to the content's size.
    let size: Int = frame.withUnsafeMutableBytes { target in
        bytes.withUnsafeBytes { source in
            var input = ZSTD_inBuffer(src: source.baseAddress, size: source.count, pos: 0)
            var output = ZSTD_outBuffer(dst: target.baseAddress, size: target.count, pos: 0)
            if windowLog != nil { _ = ZSTD_compressStream2(context, &output, &input, ZSTD_e_flush) }
            _ = ZSTD_compressStream2(context, &output, &input, ZSTD_e_end)
            return output.pos
        }
    }
    return Array(frame[..<size])
}

/// A skippable frame.
func skippableFrame(_ content: [UInt8], variant: UInt8 = 0) -> [UInt8] {
    [0x50 | variant, 0x2A, 0x4D, 0x18] + withUnsafeBytes(of: UInt32(content.count).littleEndian) { Array($0) } + content
}

enum Filter: CaseIterable { case none, gzip, bzip2, xz, lz4, zstd }
enum Container { case raw, tar, zip }

/// Members in an archive, or one in none of it (`raw`), through a filter.
func archive(_ container: Container, _ filter: Filter, _ members: [(name: String, bytes: [UInt8])]) throws -> [UInt8] {
    try #require(try archive(container, filter, members, option: nil))
}

/// The same with an option of libarchive's; nil where it does not know that.
func archive(
    _ container: Container, _ filter: Filter, _ members: [(name: String, bytes: [UInt8])],
    option: (module: String, key: String, value: String)?
) throws -> [UInt8]? {
    let writer = archive_write_new()
    defer { archive_write_free(writer) }
    switch container {
    case .raw: archive_write_set_format_raw(writer)
    case .tar: archive_write_set_format_pax_restricted(writer)
    case .zip: archive_write_set_format_zip(writer)
    }
    switch filter {
    case .none: archive_write_add_filter_none(writer)
    case .gzip: archive_write_add_filter_gzip(writer)
    case .bzip2: archive_write_add_filter_bzip2(writer)
    case .xz: archive_write_add_filter_xz(writer)
    case .lz4:
        archive_write_add_filter_lz4(writer)
        archive_write_set_filter_option(writer, "lz4", "block-size", "4")
    case .zstd: archive_write_add_filter_zstd(writer)
    }
    if let option {
        guard archive_write_set_format_option(writer, option.module, option.key, option.value) == ARCHIVE_OK else {
            return nil
        }
    }
    var result = [UInt8](repeating: 0, count: members.reduce(1 << 20) { $0 + $1.bytes.count * 2 + 4096 })
    var used = 0
    try result.withUnsafeMutableBytes { target in
        try #require(archive_write_open_memory(writer, target.baseAddress, target.count, &used) == ARCHIVE_OK)
        for member in members {
            let entry = archive_entry_new()
            defer { archive_entry_free(entry) }
            archive_entry_set_pathname(entry, member.name)
            archive_entry_set_filetype(entry, 0o100000)
            archive_entry_set_perm(entry, 0o644)
            if container != .raw { archive_entry_set_size(entry, la_int64_t(member.bytes.count)) }
            // A warning is about a name that the locale cannot spell.
            try #require(archive_write_header(writer, entry) >= ARCHIVE_WARN)
            try #require(archive_write_data(writer, member.bytes, member.bytes.count) == member.bytes.count)
        }
        try #require(archive_write_close(writer) == ARCHIVE_OK)
    }
    return Array(result[..<used])
}

/// All that a source gives, and all its faults, read in pieces of a size.
func readAll(_ source: LogSource, by size: Int = 100_000) -> (bytes: [UInt8], faults: [ReadFault]) {
    var bytes: [UInt8] = []
    var faults: [ReadFault] = []
    do throws(ReadFault) {
        let reader = try source.open()
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: size, alignment: 1)
        defer { buffer.deallocate() }
        while true {
            do throws(ReadFault) {
                let count = try reader.read(into: buffer)
                if count == 0 { break }
                bytes += buffer[..<count]
            } catch {
                faults.append(error)
            }
        }
    } catch {
        faults.append(error)
    }
    return (bytes, faults)
}

/// The inflated text, where there must be no fault.
func inflated(_ source: LogSource, by size: Int = 100_000) -> [UInt8] {
    let (bytes, faults) = readAll(source, by: size)
    #expect(faults.isEmpty, "\(source.path) has faults where there is no damage")
    return bytes
}
