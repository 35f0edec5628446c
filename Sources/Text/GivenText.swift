// Text that a person or a program hands over, as other programs write it: with a byte order mark, in UTF-16, with characters
// at its ends that nobody sees.

/// A value as it is handed over in a file, a stream, a variable.
public enum GivenText {
    /// The text of `bytes`: UTF-8, or UTF-16 where its byte order mark says so, as PowerShell writes it. The mark is no part of it.
    public static func decode(_ bytes: some Collection<UInt8>) -> String {
        let bytes = Array(bytes)
        switch (bytes.first, bytes.dropFirst().first) {
        case (0xFF, 0xFE): return String(decoding: units(bytes, low: 0), as: UTF16.self)
        case (0xFE, 0xFF): return String(decoding: units(bytes, low: 1), as: UTF16.self)
        default: return String(decoding: withoutMark(bytes), as: UTF8.self)
        }
    }

    /// Without the mark that some editors put before UTF-8.
    public static func withoutMark(_ bytes: [UInt8]) -> ArraySlice<UInt8> {
        bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? bytes.dropFirst(3) : bytes[...]
    }

    private static func units(_ bytes: [UInt8], low: Int) -> [UInt16] {
        stride(from: 2, to: bytes.count - 1, by: 2).map { UInt16(bytes[$0 + low]) | UInt16(bytes[$0 + 1 - low]) << 8 }
    }
}

extension String {
    /// Without white space, line ends and zero-width characters at both ends.
    public func trimmingUnseen() -> String {
        func isUnseen(_ scalar: Unicode.Scalar) -> Bool {
            scalar.properties.isWhitespace || scalar.properties.isDefaultIgnorableCodePoint
        }
        var view = unicodeScalars[...]
        while let first = view.first, isUnseen(first) { view.removeFirst() }
        while let last = view.last, isUnseen(last) { view.removeLast() }
        return String(String.UnicodeScalarView(view))
    }
}
