import EventModel

/// A time of day, UTC, on 20 October 2025.
func timeOfDay(_ hour: Int, _ minute: Int, _ second: Int = 0) -> Int64 {
    let days = RFC3339.daysSinceEpoch(year: 2025, month: 10, day: 20)
    return Int64(days * 86_400 + hour * 3600 + minute * 60 + second) * Nanoseconds.second
}
