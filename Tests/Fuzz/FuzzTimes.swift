import EventModel
@testable import LogReading

/// A time that is read can be written and read again; whoever remembers a minute reads as whoever does not; no bound of time traps.
func fuzzTimes(_ input: UnsafeRawBufferPointer) {
    var times = TimeReader(assumedZone: 3600)
    for line in input.split(separator: 0x0A, omittingEmptySubsequences: false) {
        let text = String(decoding: line, as: UTF8.self)
        if case .moment(let moment) = RFC3339.read(text) {
            check(RFC3339.read(moment.rfc3339()) == .moment(moment), "\(text) is written as \(moment.rfc3339())")
            for offset in [-86_340, -25_200, 20_700, 86_340] { _ = moment.rfc3339(offset: offset, digits: 6) }
        }
        // Copied, so that reading past the end is seen.
        let remembered = Array(text.utf8).withUnsafeBytes { times.read($0) }
        var fresh = TimeReader(assumedZone: 3600)
        let alone = Array(text.utf8).withUnsafeBytes { fresh.read($0) }
        check(remembered == alone, "\(text) is \(remembered) after what stood before, else \(alone)")
        for offset in [0, -86_340, 86_340] {
            guard let bound = try? TimeBound(text, offset: offset) else { continue }
            for last in [Int64.min, 0, .max] { _ = bound.resolved(lastEvent: Timestamp(nanoseconds: last)) }
        }
        if let zone = try? TimeBound.zoneOffset(text) { check(abs(zone) < 86_400, "\(text) is \(zone) s from UTC") }
    }
}
