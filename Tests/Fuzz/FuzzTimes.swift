import EventModel
@testable import LogReading

/// A time that is read can be written and read again; whoever remembers a minute reads as whoever does not; no bound of time traps.
func fuzzTimes(_ input: UnsafeRawBufferPointer) {
    var times = TimeReader(assumedZone: 3600)
    for line in input.split(separator: 0x0A, omittingEmptySubsequences: false) {
        let text = String(decoding: line, as: UTF8.self)
        var read: Int64?
        switch RFC3339.read(text) {
        case .moment(let moment):
            check(RFC3339.read(moment.rfc3339()) == .moment(moment), "\(text) is written as \(moment.rfc3339())")
            for offset in [-86_340, -25_200, 20_700, 86_340] { _ = moment.rfc3339(offset: offset, digits: 6) }
            read = moment.nanoseconds
        case .withoutZone(let moment): read = moment.advanced(by: -3600 * Nanoseconds.second).nanoseconds
        case .none: break
        }
        // Copied, so that reading past the end is seen.
        let remembered = Array(text.utf8).withUnsafeBytes { times.read($0) }
        if case .time(let time) = remembered {
            check(time == read, "\(text) is \(time) after what stood before, else \(read ?? 0)")
        } else {
            check(read == nil, "\(text) is no time after what stood before")
        }
        for offset in [0, -86_340, 86_340] {
            guard let bound = try? TimeBound(text, offset: offset) else { continue }
            for last in [Int64.min, 0, .max] { _ = bound.resolved(lastEvent: Timestamp(nanoseconds: last)) }
        }
        if let zone = try? TimeBound.zoneOffset(text) { check(abs(zone) < 86_400, "\(text) is \(zone) s from UTC") }
    }
}
