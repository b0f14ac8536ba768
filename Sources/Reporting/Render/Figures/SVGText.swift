/// Writes a drawing as SVG: no script, no style from outside, no address; whatever comes from data is text between tags.
struct SVGText {
    private(set) var body = ""
    private let theme: FigureTheme
    private static let font = "font-family=\"ui-sans-serif, system-ui, sans-serif\""

    init(_ theme: FigureTheme) {
        self.theme = theme
    }

    /// A filled rectangle with a title that a pointer shows.
    mutating func bar(x: Double, y: Double, width: Double, height: Double, fill: String, title: String) {
        body +=
            "<rect x=\"\(Self.number(x))\" y=\"\(Self.number(y))\" width=\"\(Self.number(max(width, 1.5)))\" "
            + "height=\"\(Self.number(height))\" rx=\"2\" fill=\"\(fill)\"><title>\(DocumentHTML.escaped(title))</title></rect>\n"
    }

    mutating func line(x1: Double, y1: Double, x2: Double, y2: Double, stroke: String, isDashed: Bool = false) {
        body +=
            "<line x1=\"\(Self.number(x1))\" y1=\"\(Self.number(y1))\" x2=\"\(Self.number(x2))\" y2=\"\(Self.number(y2))\" "
            + "stroke=\"\(stroke)\"\(isDashed ? " stroke-dasharray=\"3 3\"" : "")/>\n"
    }

    mutating func text(
        _ text: String, x: Double, y: Double, fill: String, size: Int = 12, anchor: String = "start"
    ) {
        body +=
            "<text x=\"\(Self.number(x))\" y=\"\(Self.number(y))\" fill=\"\(fill)\" font-size=\"\(size)\" text-anchor=\"\(anchor)\" "
            + "\(Self.font)>\(DocumentHTML.escaped(text))</text>\n"
    }

    /// The whole file.
    func file(width: Double, height: Double, title: String) -> String {
        let size = "\(Self.number(width)) \(Self.number(height))"
        return "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 \(size)\" width=\"\(Self.number(width))\" "
            + "height=\"\(Self.number(height))\" role=\"img\">\n<title>\(DocumentHTML.escaped(title))</title>\n"
            + "<rect width=\"100%\" height=\"100%\" fill=\"\(theme.ground)\"/>\n" + body + "</svg>\n"
    }

    /// To a tenth, without the last bits of a quotient.
    private static func number(_ value: Double) -> String {
        let tenths = Int((value * 10).rounded())
        return tenths % 10 == 0 ? "\(tenths / 10)" : "\(tenths < 0 ? "-" : "")\(abs(tenths) / 10).\(abs(tenths) % 10)"
    }
}
