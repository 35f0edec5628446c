// Bytes by chance, and bytes as text.

/// Bytes that nobody can guess, from the system.
public func randomBytes(_ count: Int) -> [UInt8] {
    var generator = SystemRandomNumberGenerator()
    var bytes: [UInt8] = []
    // Each call asks the system: eight bytes at once.
    while bytes.count < count { withUnsafeBytes(of: generator.next()) { bytes.append(contentsOf: $0) } }
    return Array(bytes.prefix(count))
}

extension Sequence<UInt8> {
    /// In hexadecimal digits, lower case.
    @inlinable public func hex() -> String {
        var out: [UInt8] = []
        out.reserveCapacity(2 * underestimatedCount)
        for byte in self {
            out.append(hexDigits[Int(byte >> 4)])
            out.append(hexDigits[Int(byte & 15)])
        }
        return String(decoding: out, as: UTF8.self)
    }
}

@usableFromInline let hexDigits = Array("0123456789abcdef".utf8)
