import EventModel

/// Each sampled service's requests and failures over the whole span, in a fixed number of buckets.
struct ServiceCurves {
    /// One service.
    struct Curve {
        var service: Symbol
        var requests = [UInt64?](repeating: nil, count: ServiceCurves.buckets)
        var errors = [UInt64?](repeating: nil, count: ServiceCurves.buckets)
        var throttles = [UInt64?](repeating: nil, count: ServiceCurves.buckets)
    }

    static let buckets = 240
    /// So many services are drawn.
    private static let limit = 200

    let from: Timestamp
    /// The length of a bucket in nanoseconds.
    let width: Int64
    private(set) var curves: [Curve] = []
    private var number: [Symbol: Int] = [:]
    /// Services that there was no room for.
    private var others: Set<Symbol> = []
    var omitted: Int { others.count }

    init(_ span: ClosedRange<Timestamp>?) {
        from = span?.lowerBound ?? Timestamp(nanoseconds: 0)
        let length = span.map { $0.upperBound.since($0.lowerBound) } ?? 1
        width = max(Nanoseconds.millisecond, length / Int64(Self.buckets) + 1)
    }

    mutating func observe(_ batch: borrowing EventBatch, row: Int) {
        guard batch.kind[row] == .serviceSampled else { return }
        let service = batch.symbol(.service, at: row)
        let time = Timestamp(nanoseconds: batch.time[row])
        guard service != .none, !time.isAbsent else { return }
        let index = number[service] ?? curves.count
        if index == curves.count {
            if index == Self.limit {
                others.insert(service)
                return
            }
            number[service] = index
            curves.append(Curve(service: service))
        }
        let bucket = min(Self.buckets - 1, max(0, Int(time.since(from) / width)))
        Self.add(batch.integer(.requests, at: row), to: &curves[index].requests[bucket])
        Self.add(batch.integer(.errors, at: row), to: &curves[index].errors[bucket])
        Self.add(batch.integer(.throttles, at: row), to: &curves[index].throttles[bucket])
    }

    private static func add(_ count: Int64?, to sum: inout UInt64?) {
        guard let count, count >= 0 else { return }
        let (value, isOver) = (sum ?? 0).addingReportingOverflow(UInt64(count))
        sum = isOver ? .max : value
    }
}
