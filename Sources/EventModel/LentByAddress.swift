import Synchronization

/// Makes a large noncopyable struct that holds it be lent by its address.
///
/// The compiler may lend a struct by its fields, and then copies all of them to the stack for each call that borrows it: some hundred bytes an
/// event for a batch or for the store of frames. One with an atomic field stays where it is.
package struct LentByAddress: ~Copyable, Sendable {
    private let anchor = Atomic<Bool>(false)

    package init() {}
}
