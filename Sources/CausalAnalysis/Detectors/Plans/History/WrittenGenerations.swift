/// The writes of an endpoint that took effect, by generation. They are looked up only where something is found, so that the table is made no
/// earlier.
struct WrittenGenerations {
    /// The places of the writes, in order; and of each generation the last of the first `known`.
    private var writes: [Int] = []
    private var places: [Int64: Int] = [:]
    private var known = 0

    mutating func append(_ write: Int) { writes.append(write) }

    /// The place of the last write of a generation; nil without one.
    mutating func last(of plan: Int64, _ steps: [PlanStep]) -> Int? {
        while known < writes.count {
            places[steps[writes[known]].plan] = writes[known]
            known += 1
        }
        return places[plan]
    }
}
