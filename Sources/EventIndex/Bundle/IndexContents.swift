import EventModel
import LogReading

/// What an index keeps of the analysis beside events: what a query says about the bundle as a whole, and about findings.
package struct IndexSummary: Equatable, Sendable {
    /// Something to tell the reader on standard error.
    package struct Note: Equatable, Sendable {
        /// What it is about.
        package enum Kind: Int, Sendable {
            /// A part of a container is lost.
            case damage
            /// A line was left out.
            case malformed
            /// A field was left out.
            case droppedField
        }

        /// A path, or a path and a place in it.
        package var place: String
        package var kind: Kind
        package var text: String
        package var hint: String?

        package init(place: String, kind: Kind, text: String, hint: String?) {
            self.place = place
            self.kind = kind
            self.text = text
            self.hint = hint
        }
    }

    /// A finding, as far as a query needs it.
    package struct StoredFinding: Equatable, Sendable {
        /// Its stable id.
        package var id: String
        /// The number of its row, behind the F.
        package var number: Int
        package var endpoint: String?
        /// The records that prove it: source and line.
        package var evidence: [(source: UInt32, line: UInt64)]

        package init(id: String, number: Int, endpoint: String?, evidence: [(source: UInt32, line: UInt64)]) {
            self.id = id
            self.number = number
            self.endpoint = endpoint
            self.evidence = evidence
        }

        package static func == (a: StoredFinding, b: StoredFinding) -> Bool {
            a.id == b.id && a.number == b.number && a.endpoint == b.endpoint
                && a.evidence.elementsEqual(b.evidence) { $0 == $1 }
        }
    }

    /// The paths of the sources, by `SourceID`.
    package var sources: [String] = []
    /// The times of the first and the last event by the wall clocks.
    package var span: ClosedRange<Timestamp>?
    /// Whether a container was damaged, so that a part of the bundle is missing.
    package var isDamaged = false
    /// Lines left out because they are no records.
    package var malformed: UInt64 = 0
    package var notes: [Note] = []

    package init() {}
}

/// The directory of an index: what it is of, and where everything lies in it.
struct IndexDirectory {
    var inventory: BundleInventory
    /// The options that decide what the analysis says of the same bytes.
    var options: String
    var summary: IndexSummary
    var findings: PageRef
    var tables: PageRef
    var frames: PageRef
    /// The directories of the names' tables, by `EventFilter.Criterion`.
    var names: [[UInt8]]

    func encoded() -> [UInt8] {
        var out = ByteWriter()
        out.put(options)
        out.put(inventory.files.count)
        for file in inventory.files {
            out.put(file.path)
            out.put(file.size)
            out.putSigned(file.modified)
            out.put(file.digest)
        }
        out.put(summary.sources.count)
        for source in summary.sources { out.put(source) }
        out.put(summary.span != nil)
        if let span = summary.span {
            out.putSigned(span.lowerBound.nanoseconds)
            out.putSigned(span.upperBound.nanoseconds)
        }
        out.put(summary.isDamaged)
        out.put(summary.malformed)
        out.put(summary.notes.count)
        for note in summary.notes {
            out.put(note.place)
            out.put(note.kind.rawValue)
            out.put(note.text)
            out.put(note.hint)
        }
        out.put(findings)
        out.put(tables)
        out.put(frames)
        out.put(names.count)
        for table in names { out.put(table) }
        return out.bytes
    }

    init(
        inventory: BundleInventory, options: String, summary: IndexSummary, findings: PageRef,
        tables: PageRef, frames: PageRef, names: [[UInt8]]
    ) {
        self.inventory = inventory
        self.options = options
        self.summary = summary
        self.findings = findings
        self.tables = tables
        self.frames = frames
        self.names = names
    }

    init(_ bytes: [UInt8]) throws(IndexFault) {
        var input = ByteScanner(bytes)
        options = try input.text()
        var files: [BundleInventory.File] = []
        for _ in 0..<(try input.count()) {
            files.append(
                BundleInventory.File(
                    path: try input.text(), size: try input.number(), modified: try input.signed(),
                    digest: try input.number()))
        }
        inventory = BundleInventory(files: files)
        summary = IndexSummary()
        for _ in 0..<(try input.count()) { summary.sources.append(try input.text()) }
        if try input.flag() {
            let (first, last) = (try input.signed(), try input.signed())
            guard first <= last else { throw .damaged("a span that ends before it begins") }
            summary.span = Timestamp(nanoseconds: first)...Timestamp(nanoseconds: last)
        }
        summary.isDamaged = try input.flag()
        summary.malformed = try input.number()
        for _ in 0..<(try input.count()) {
            let place = try input.text()
            guard let kind = IndexSummary.Note.Kind(rawValue: try input.integer()) else {
                throw .damaged("a note of no kind")
            }
            summary.notes.append(
                IndexSummary.Note(
                    place: place, kind: kind, text: try input.text(), hint: try input.optionalText()))
        }
        findings = try input.page()
        tables = try input.page()
        frames = try input.page()
        names = []
        for _ in 0..<(try input.count()) { names.append(try input.data()) }
        guard names.count == EventFilter.Criterion.allCases.count, input.isAtEnd else {
            throw .damaged("its directory is of another form")
        }
    }
}

/// The page of findings.
enum FindingPage {
    static func encode(_ findings: [IndexSummary.StoredFinding]) -> [UInt8] {
        var out = ByteWriter()
        out.put(findings.count)
        for finding in findings {
            out.put(finding.id)
            out.put(finding.number)
            out.put(finding.endpoint)
            out.put(finding.evidence.count)
            for place in finding.evidence {
                out.put(UInt64(place.source))
                out.put(place.line)
            }
        }
        return out.bytes
    }

    static func decode(_ bytes: [UInt8]) throws(IndexFault) -> [IndexSummary.StoredFinding] {
        var input = ByteScanner(bytes)
        var findings: [IndexSummary.StoredFinding] = []
        for _ in 0..<(try input.count()) {
            var finding = IndexSummary.StoredFinding(
                id: try input.text(), number: try input.integer(), endpoint: try input.optionalText(), evidence: [])
            for _ in 0..<(try input.count()) {
                finding.evidence.append(
                    (UInt32(try input.integer(upTo: Int(UInt32.max))), try input.number()))
            }
            findings.append(finding)
        }
        return findings
    }
}
