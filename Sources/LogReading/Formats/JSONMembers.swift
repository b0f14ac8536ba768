import CSimdjson

/// The members of an object of a parsed document, or the elements of an array, which have no names. Names stay valid as long as the document.
struct JSONMembers: Sequence, IteratorProtocol {
    private var walk: csj_walk

    init(of place: csj_value) { walk = csj_begin(place) }

    mutating func next() -> (name: UnsafeRawBufferPointer?, value: csj_value)? {
        var value = csj_value()
        var (name, length): (UnsafePointer<CChar>?, Int) = (nil, 0)
        guard csj_next(&walk, &value, &name, &length) else { return nil }
        return (name.map { UnsafeRawBufferPointer(start: $0, count: length) }, value)
    }
}
