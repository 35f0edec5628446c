// Colours for pictures of a screen. In a terminal the person's own theme decides; these two stand for it in the README.
// To add a theme: a static value with a colour for each role.

import Canvas

/// A background, and a foreground for each role, as `#rrggbb`.
public struct Theme: Sendable, Hashable {
    let background: String
    /// Indexed by `ColorRole.rawValue`.
    let foregrounds: [String]

    init(
        background: String, plain: String, primary: String, success: String, error: String, warning: String,
        muted: String, dim: String
    ) {
        self.background = background
        foregrounds = [plain, primary, success, error, warning, muted, dim, "#ffffff"]
    }

    func color(_ role: ColorRole) -> String { foregrounds[Int(role.rawValue)] }

    public static let dark = Theme(
        background: "#161b22", plain: "#e6edf3", primary: "#5fb8dd", success: "#56d364", error: "#ff7b72",
        warning: "#e3b341", muted: "#9ea7b3", dim: "#7d8590")

    public static let light = Theme(
        background: "#f6f8fa", plain: "#1f2328", primary: "#00688b", success: "#116329", error: "#a40e26",
        warning: "#7d4e00", muted: "#59636e", dim: "#6e7781")
}
