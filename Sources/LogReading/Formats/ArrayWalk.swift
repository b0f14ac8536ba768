/// Finds the elements of the array that stands at a path of every JSON value of a stream, and holds no more than an element.
struct ArrayWalk {
    private let path: [FieldName]
    /// Of each object that is open ahead of the array, whether the members so far led along the path.
    private var depth = 0
    /// How many steps of the path the open objects have taken.
    private var matched = 0
    /// The key whose value comes next is the path's next step.
    private var isNextOnPath = false
    private(set) var isInside = false

    enum Step {
        case element(Range<Int>)
        case skip(to: Int)
        case more(from: Int)
    }

    init(_ path: [FieldName]) { self.path = path }

    mutating func next(_ bytes: UnsafeRawBufferPointer, from start: Int) -> Step {
        var at = start
        while at < bytes.count {
            let byte = bytes[at]
            if isInside {
                if byte.isBlankByte || byte == UInt8(ascii: ",") {
                    at += 1
                    continue
                }
                if byte == UInt8(ascii: "]") {
                    isInside = false
                    isNextOnPath = false
                    at += 1
                    continue
                }
                return element(bytes, at)
            }
            switch byte {
            case UInt8(ascii: "\""):
                guard let end = JSONExtent.string(bytes, from: at) else { return .more(from: at) }
                // A key, where a colon follows.
                var after = end
                while after < bytes.count, bytes[after].isBlankByte { after += 1 }
                if after == bytes.count { return .more(from: at) }
                if bytes[after] == UInt8(ascii: ":") {
                    isNextOnPath =
                        depth == matched + 1 && matched < path.count
                        && path[matched].bytes.equals(bytes.part(at + 1..<end - 1))
                }
                at = end
                continue
            case UInt8(ascii: "{"):
                if isNextOnPath { matched += 1 }
                depth += 1
                isNextOnPath = false
            case UInt8(ascii: "}"):
                depth = max(0, depth - 1)
                matched = min(matched, max(0, depth - 1))
                isNextOnPath = false
            case UInt8(ascii: "["):
                if isNextOnPath, matched == path.count - 1 || (path.isEmpty && depth == 0) {
                    isInside = true
                } else if path.isEmpty, depth == 0 {
                    isInside = true
                } else {
                    // Another array: passed over as a whole, however long it is.
                    guard let end = JSONExtent.end(of: bytes, from: at) else { return .more(from: at) }
                    at = end
                    isNextOnPath = false
                    continue
                }
            default: break
            }
            at += 1
        }
        return .more(from: at)
    }

    private func element(_ bytes: UnsafeRawBufferPointer, _ start: Int) -> Step {
        if bytes[start] == UInt8(ascii: "{") || bytes[start] == UInt8(ascii: "[") {
            return JSONExtent.end(of: bytes, from: start).map { .element(start..<$0) } ?? .more(from: start)
        }
        if bytes[start] == UInt8(ascii: "\"") {
            return JSONExtent.string(bytes, from: start).map { .element(start..<$0) } ?? .more(from: start)
        }
        var end = start
        while end < bytes.count, bytes[end] != UInt8(ascii: ","), bytes[end] != UInt8(ascii: "]"),
            !bytes[end].isBlankByte
        {
            end += 1
        }
        return end < bytes.count ? .element(start..<max(end, start + 1)) : .more(from: start)
    }
}
