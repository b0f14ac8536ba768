import CSimdjson

/// Where in a record a value stands.
enum Reference: Sendable {
    /// A field by its name, from the innermost layer outwards.
    case name(FieldName)
    /// A place in the whole record, or in what a variable holds.
    case path(variable: Int?, steps: [Step])

    /// A step into a document.
    enum Step: Sendable {
        case member(FieldName)
        case element(Int)
        /// The value of a key in an array of pairs: `[{"key": "a", "value": …}]`.
        case pair(FieldName)
    }

    /// The value there; nil without one, and for null.
    func value(in fields: borrowing RecordFields) -> FieldValue? {
        let found: FieldValue?
        switch self {
        case .name(let name): found = fields.named(name)
        case .path(nil, let steps): found = Reference.follow(steps, from: fields.root)
        case .path(let variable?, let steps):
            found = fields.variables[variable].flatMap { Reference.follow(steps, from: $0) }
        }
        guard let value = found?.unwrapped, !value.isNull else { return nil }
        return value
    }

    /// The value there in another record.
    func value(from root: FieldValue) -> FieldValue? {
        guard case .path(nil, let steps) = self else { return nil }
        return Reference.follow(steps, from: root)
    }

    /// The member of an object by a name that a record gives, and what stands in it.
    static func member(_ name: UnsafeRawBufferPointer, of object: csj_value, then steps: [Step]) -> FieldValue? {
        var found = csj_value()
        guard csj_find(object, name.characters, name.count, &found) else { return nil }
        guard let value = follow(steps, from: FieldValue(found))?.unwrapped, !value.isNull else { return nil }
        return value
    }

    private static func follow(_ steps: [Step], from start: FieldValue) -> FieldValue? {
        var value = start
        for step in steps {
            guard let place = value.place else { return nil }
            var found = csj_value()
            switch step {
            case .member(let name):
                guard csj_find(place, name.bytes.characters, name.bytes.count, &found) else { return nil }
            case .element(let index):
                guard csj_element(place, index, &found) else { return nil }
            case .pair(let key):
                guard PairList.find(key.bytes, in: place, &found) else { return nil }
            }
            value = FieldValue(found)
        }
        return value
    }
}

/// Arrays of pairs, as attributes and tags are often written: objects with a key and a value under some pair of names.
enum PairList {
    private static let names: [(key: StaticString, value: StaticString)] = [
        ("key", "value"), ("name", "value"), ("Key", "Value"), ("Name", "Value"), ("k", "v"),
    ]

    /// The key and the value of one of them.
    static func pair(_ element: csj_value) -> (key: FieldValue, value: csj_value)? {
        for (key, value) in names {
            var (foundKey, foundValue) = (csj_value(), csj_value())
            if find(element, key, &foundKey), find(element, value, &foundValue) {
                return (FieldValue(foundKey), foundValue)
            }
        }
        return nil
    }

    /// The value of a key, the last of equal ones.
    static func find(_ key: UnsafeRawBufferPointer, in list: csj_value, _ found: inout csj_value) -> Bool {
        var isFound = false
        forEach(in: list) { name, value in
            if name.equals(key) {
                found = value
                isFound = true
            }
        }
        return isFound
    }

    /// How many elements there are.
    static func count(_ list: csj_value) -> Int64 {
        JSONMembers(of: list).reduce(0) { count, _ in count + 1 }
    }

    static func forEach(in list: csj_value, _ body: (UnsafeRawBufferPointer, csj_value) -> Void) {
        for (name, element) in JSONMembers(of: list) {
            if let name {
                // An object is such a list too.
                body(name, element)
            } else if let pair = pair(element), case .text(let key) = pair.key {
                body(key, pair.value)
            }
        }
    }

    private static func find(_ object: csj_value, _ name: StaticString, _ found: inout csj_value) -> Bool {
        name.withUTF8Buffer { csj_find(object, UnsafeRawBufferPointer($0).characters, $0.count, &found) }
    }
}
