import EventModel

/// Why a finding is not accepted, in words.
struct Refusal: Error {
    let reason: String

    init(_ reason: String) {
        self.reason = reason
    }
}

/// Refuses a finding unless something holds.
func require(_ holds: Bool, _ reason: @autoclosure () -> String) throws(Refusal) {
    if !holds { throw Refusal(reason()) }
}

/// The value that a finding must have.
func need<T>(_ value: T?, _ reason: @autoclosure () -> String) throws(Refusal) -> T {
    guard let value else { throw Refusal(reason()) }
    return value
}
