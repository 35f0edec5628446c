// Text as the system passes it: an argument, a variable. Its bytes are whatever the caller wrote, which need not be UTF-8;
// a `String` of them would be another text.

internal import CPosix
internal import Glibc

/// An argument, or a variable as `NAME=value`.
public struct SystemText: Sendable, Hashable {
    public let bytes: [UInt8]

    public init(bytes: [UInt8]) { self.bytes = bytes }

    public init(_ text: String) { self.init(bytes: Array(text.utf8)) }

    public init(_ pointer: UnsafePointer<CChar>) {
        self.init(bytes: Array(UnsafeRawBufferPointer(start: pointer, count: strlen(pointer))))
    }

    /// The words of this process' command line, the program's name first.
    public static var commandLine: [SystemText] {
        // Swift's own `CommandLine` reads /proc, and is empty where there is none: in a chroot, in a rescue shell.
        var words: [SystemText] = []
        var place = cp_arguments()
        while let word = place?.pointee {
            words.append(SystemText(word))
            place = place?.advanced(by: 1)
        }
        return words
    }

    /// nil where it is no UTF-8.
    public var text: String? { String(validating: bytes, as: UTF8.self) }

    /// With U+FFFD for what is no UTF-8.
    public var repaired: String { String(decoding: bytes, as: UTF8.self) }

    /// As a shell takes it where it is no UTF-8: `$'caf\xe9'`.
    public var shown: String {
        text ?? "$'" + bytes.map(Self.escaped).joined() + "'"
    }

    /// A variable's name.
    public var name: String { String(repaired.prefix { $0 != "=" }) }

    private static func escaped(_ byte: UInt8) -> String {
        switch byte {
        case UInt8(ascii: "'"), UInt8(ascii: "\\"): "\\" + String(UnicodeScalar(byte))
        case 0x20..<0x7F: String(UnicodeScalar(byte))
        default: "\\x" + (byte < 16 ? "0" : "") + String(byte, radix: 16)
        }
    }
}

extension SystemText: ExpressibleByStringLiteral {
    public init(stringLiteral text: String) { self.init(text) }
}

/// As text: JSON has no bytes.
extension SystemText: Codable {
    public init(from decoder: any Decoder) throws { self.init(try decoder.singleValueContainer().decode(String.self)) }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(shown)
    }
}
