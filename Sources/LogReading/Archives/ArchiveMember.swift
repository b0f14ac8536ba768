import EventModel

/// A member of an archive, as its head describes it.
struct ArchiveMember {
    enum Kind { case file, folder, other }

    /// As the archive has it: bytes of any encoding, and only ever a label.
    var name: [UInt8]
    var kind = Kind.file
    var isSparse = false
    var isEncrypted = false

    /// Whether the name hides the member, or a folder that it lies in.
    var isHidden: Bool { Self.isHidden(name) }

    /// The member's path for people, below its archive's.
    func label(in archive: String) -> String {
        let parts = Self.parts(of: name).joined(separator: [Self.slash])
        return archive + "!/" + VisibleText.decoded(Array(parts))
    }

    static func isHidden(_ name: [UInt8]) -> Bool {
        parts(of: name).contains { $0.first == dot && !$0.elementsEqual([dot, dot]) && $0.count > 1 }
    }

    private static func parts(of name: [UInt8]) -> ArraySlice<ArraySlice<UInt8>> {
        name.split(separator: slash, omittingEmptySubsequences: false).drop { $0.elementsEqual([dot]) }
    }

    private static let slash = UInt8(ascii: "/")
    private static let dot = UInt8(ascii: ".")
}

/// Goes through an archive from member to member.
///
/// A fault says what is damaged, and what that cost. Both calls may go on after it, with what is found behind the damage.
protocol MemberReader: AnyObject {
    /// The next member; nil at the end.
    func next() throws(ReadFault) -> ArchiveMember?
    /// Reads some bytes of the member that `next` gave last; 0 at its end.
    func read(into target: UnsafeMutableRawBufferPointer) throws(ReadFault) -> Int
}
