// Percent-encoding, as paths, queries, forms and an address with a password in it use it.

public enum PercentCoding {
    /// `text` with `%XX` turned back; what is no `%XX` stays, bytes that are no UTF-8 become U+FFFD.
    public static func decode(_ text: some StringProtocol) -> String {
        let bytes = Array(text.utf8)
        var out: [UInt8] = []
        var index = 0
        while index < bytes.count {
            if bytes[index] == UInt8(ascii: "%"), index + 2 < bytes.count, let high = digit(bytes[index + 1]),
                let low = digit(bytes[index + 2])
            {
                out.append(high << 4 | low)
                index += 3
            } else {
                out.append(bytes[index])
                index += 1
            }
        }
        return String(decoding: out, as: UTF8.self)
    }

    private static func digit(_ byte: UInt8) -> UInt8? {
        Character(Unicode.Scalar(byte)).hexDigitValue.map { UInt8($0) }
    }

    /// `text` with `%XX` for every byte but letters, digits and those of `plain`.
    public static func encode(_ text: String, plain: StaticString) -> String {
        var out: [UInt8] = []
        plain.withUTF8Buffer { plain in
            for byte in text.utf8 {
                switch byte {
                case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                    UInt8(ascii: "a")...UInt8(ascii: "z"):
                    out.append(byte)
                case _ where plain.contains(byte): out.append(byte)
                default:
                    let hex = String(byte, radix: 16, uppercase: true)
                    out.append(contentsOf: (hex.utf8.count == 1 ? "%0\(hex)" : "%\(hex)").utf8)
                }
            }
        }
        return String(decoding: out, as: UTF8.self)
    }
}
