import EventModel

/// A time of day in UTC.
func clock(_ time: Timestamp) -> String { time.parts(digits: 0).time + "Z" }

/// A span in words.
func words(_ seconds: Double) -> String { Nanoseconds.words(Int64(min(seconds * 1e9, 9.2e18))) }
