// What others may choose to pass for something of ours, or to steer a terminal by. To add an attack: a line below.

package enum HostileText {
    /// Lines that would be ours: of success, of a failure, of a question, of a message that nobody sent.
    package static let forged = [
        "✔ Sent (7k2f9q)", "error: nothing was sent", "warning: all is well", "Ada (ada)  today 09:10  7k2f9q",
        "▸ allow mallory",
        "Put bo out of Planning? (y/n) y",
    ]

    package static let attacks =
        forged.map { "\n\($0)\r\n\($0)\u{2028}\($0)\u{85}\($0)\u{B}\($0)" } + [
            "\u{1B}[2J\u{1B}]0;owned\u{7}\u{1B}]52;c;ZXZpbA==\u{1B}\\\u{9B}31m\u{9D}8;;http://evil\u{9C}",
            "\u{8}\u{8}\u{8}\u{7F}",
            "\u{202E}gnp.exe\u{202C}\u{2066}x\u{2069}\u{200F}\u{61C}", "a\u{200B}b\u{2060}c\u{FEFF}d\u{200D}\u{200D}",
            "B\u{E0041}\u{E0042}\u{E007F}o", "\u{FFF9}a\u{FFFA}b\u{FFFB}", "<script>alert(1)</script>&amp;\"'",
        ]

    /// All of them in one, as a name, a role, a directory or a text.
    package static let name = "Mallory" + attacks.joined()
}
