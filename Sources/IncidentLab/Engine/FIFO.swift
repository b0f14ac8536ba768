/// A queue in the order of arrival. Amortized O(1); the space of what was taken is given back in strides.
struct FIFO<Element: Sendable>: Sendable {
    private var items: [Element] = []
    private var head = 0

    var count: Int { items.count - head }
    var isEmpty: Bool { head == items.count }
    /// The oldest element; nil when there is none.
    var first: Element? { isEmpty ? nil : items[head] }

    mutating func append(_ item: Element) { items.append(item) }

    /// Changes the oldest element in place; nothing happens when there is none.
    mutating func updateFirst(_ change: (inout Element) -> Void) {
        if !isEmpty { change(&items[head]) }
    }

    mutating func popFirst() -> Element? {
        guard head < items.count else { return nil }
        let item = items[head]
        head += 1
        if head > 64 && head * 2 > items.count {
            items.removeFirst(head)
            head = 0
        }
        return item
    }

    mutating func removeAll() {
        items.removeAll(keepingCapacity: true)
        head = 0
    }
}
