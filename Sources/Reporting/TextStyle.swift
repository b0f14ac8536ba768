import EventModel

/// Colour on a terminal, by the eight ANSI colours that every theme defines; or none.
enum TextStyle: String {
    case bold = "1"
    case dim = "2"
    case red = "1;31"
    case yellow = "33"
    case cyan = "36"

    /// The text in this style, if colour is wanted at all.
    func apply(_ text: String, _ wanted: Bool) -> String {
        wanted ? "\u{1B}[\(rawValue)m\(text)\u{1B}[0m" : text
    }

    /// How a severity looks.
    static func of(_ severity: Finding.Severity) -> TextStyle {
        switch severity {
        case .critical: .red
        case .high: .yellow
        case .medium: .cyan
        case .info: .dim
        }
    }
}

/// How people are shown times: in one zone, with the date only where it is needed.
package struct TimeStyle: Sendable {
    /// Seconds east of UTC.
    package var offset: Int
    /// Whether the date stands with each time: the span covers more than one day of the zone.
    var dated: Bool

    /// The style for times within `span`.
    package init(offset: Int = 0, span: ClosedRange<Timestamp>?) {
        self.offset = offset
        dated =
            span.map { $0.lowerBound.parts(offset: offset).date != $0.upperBound.parts(offset: offset).date } ?? true
    }

    /// `2025-10-20 06:47:58.113Z`.
    func full(_ time: Timestamp, digits: Int? = nil) -> String {
        if time.isAbsent { return TimeStyle.absent }
        let (date, clock) = time.parts(offset: offset, digits: digits)
        return date + " " + clock + zone
    }

    /// `06:47:58.113Z`, with the date where the span needs it.
    func clock(_ time: Timestamp, digits: Int? = 3) -> String {
        if time.isAbsent { return TimeStyle.absent }
        return (dated ? time.parts(offset: offset).date + " " : "") + time.parts(offset: offset, digits: digits).time
            + zone
    }

    /// As `clock`, without the zone: for columns whose head names it.
    func bare(_ time: Timestamp) -> String {
        if time.isAbsent { return TimeStyle.absent }
        return (dated ? time.parts(offset: offset).date + " " : "") + time.parts(offset: offset, digits: 3).time
    }

    /// `06:47Z`, for sentences; with the date where the span needs it.
    func minute(_ time: Timestamp) -> String {
        if time.isAbsent { return TimeStyle.absent }
        let (date, clock) = time.parts(offset: offset, digits: 0)
        return (dated ? date + " " : "") + clock.prefix(5) + zone
    }

    /// `06:47:58Z`, for sentences.
    func second(_ time: Timestamp) -> String { time.isAbsent ? TimeStyle.absent : bareSecond(time) + zone }

    /// The same without the zone: for columns whose head names it.
    func bareSecond(_ time: Timestamp) -> String {
        if time.isAbsent { return TimeStyle.absent }
        let (date, clock) = time.parts(offset: offset, digits: 0)
        return (dated ? date + " " : "") + clock
    }

    /// Stands for the time of a record that has none.
    static let absent = "no time"

    /// `Z` or `+02:00`.
    var zone: String { Timestamp.zone(offset: offset) }

    /// `UTC` or `+02:00`, for a column's head.
    var zoneName: String { offset == 0 ? "UTC" : zone }
}
