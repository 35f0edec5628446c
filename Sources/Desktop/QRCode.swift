// QR codes for terminals, by libqrencode: two modules a cell in half blocks, with the quiet zone that readers need.
//
// What is drawn as ink are the LIGHT modules, quiet zone included; dark modules are left as background. On a dark terminal
// that is a QR code as printed. On a light one ink and background change places, and the code is inverted as a whole, its
// quiet zone with it, which most readers take but none has to. Whoever can set colours therefore draws the lines in
// `Painted.ink` on `Painted.paper`: the same picture on every background.

internal import CQrencode

/// A text as a QR code.
public struct QRCode: Sendable, Hashable {
    /// Light modules on every side (ISO/IEC 18004).
    public static let quietZone = 4

    /// Modules of a side, without the quiet zone.
    public let size: Int
    private let modules: [UInt8]

    /// The smallest code that holds `text`, with as much error correction as fits it. Upper-case letters, digits and
    /// ` $%*+-./:` alone make it smaller. nil where it is longer than any code.
    public init?(_ text: String) {
        guard var (size, modules) = Self.encode(text, level: 0, version: 0) else { return nil }
        let version = (size - 17) / 4
        for level in [1, 2, 3] {
            if let better = Self.encode(text, level: Int32(level), version: Int32(version)) {
                (size, modules) = better
            }
        }
        self.size = size
        self.modules = modules
    }

    /// Whether the module is dark; all around the code is light.
    public func isDark(_ x: Int, _ y: Int) -> Bool {
        (0..<size).contains(x) && (0..<size).contains(y) && modules[y * size + x] == 1
    }

    /// Columns of `lines`.
    public var width: Int { size + 2 * Self.quietZone }
    /// Rows of `lines`.
    public var height: Int { (width + 1) / 2 }

    /// The code in `█`, `▀`, `▄` and spaces, quiet zone included, every line `width` columns wide.
    public var lines: [String] {
        (0..<height).map { row in
            let top = 2 * row - Self.quietZone
            return String(
                (0..<width).map { column -> Character in
                    let x = column - Self.quietZone
                    switch (isDark(x, top), isDark(x, top + 1)) {
                    case (false, false): return "█"
                    case (false, true): return "▀"
                    case (true, false): return "▄"
                    case (true, true): return " "
                    }
                })
        }
    }

    /// The lines with their own colours: bright white on black of the 256-colour cube, which no theme redefines.
    public var paintedLines: [String] { lines.map { "\u{1B}[\(Painted.ink);\(Painted.paper)m\($0)\u{1B}[0m" } }

    /// The colours, as SGR parameters.
    public enum Painted {
        public static let ink = "38;5;231"
        public static let paper = "48;5;16"
    }

    private static func encode(_ text: String, level: Int32, version: Int32) -> (Int, [UInt8])? {
        var modules = [UInt8](repeating: 0, count: Int(CQRENCODE_MOST * CQRENCODE_MOST))
        let size = Int(cqrencode_encode(text, level, version, &modules, modules.count))
        return size > 0 ? (size, Array(modules.prefix(size * size))) : nil
    }
}
