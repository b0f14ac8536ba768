/// The colours of a figure; those of findings hold for colour-blind readers on both grounds.
package enum FigureTheme: String, CaseIterable, Sendable {
    case light, dark

    var ground: String { self == .light ? "#ffffff" : "#0d1117" }
    var ink: String { self == .light ? "#1f2328" : "#e6edf3" }
    var quiet: String { self == .light ? "#59636e" : "#9198a1" }
    var rule: String { self == .light ? "#d1d9e0" : "#3d444d" }
    var critical: String { self == .light ? "#b3261e" : "#ff7b72" }
    var high: String { self == .light ? "#9a5b00" : "#e3a53a" }
    var medium: String { self == .light ? "#0b6bb8" : "#58a6ff" }

    /// The ending of a figure's file in this theme.
    package var ending: String { self == .light ? ".svg" : "-dark.svg" }
}
