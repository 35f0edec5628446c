// Bytes by chance, and bytes as text.

/// Bytes that nobody can guess, from the system.
public func randomBytes(_ count: Int) -> [UInt8] {
    var generator = SystemRandomNumberGenerator()
    return (0..<count).map { _ in UInt8.random(in: .min ... .max, using: &generator) }
}

extension Sequence<UInt8> {
    /// In hexadecimal digits, lower case.
    public func hex() -> String {
        var out: [UInt8] = []
        out.reserveCapacity(2 * underestimatedCount)
        for byte in self {
            out.append(digits[Int(byte >> 4)])
            out.append(digits[Int(byte & 15)])
        }
        return String(decoding: out, as: UTF8.self)
    }
}

private let digits = Array("0123456789abcdef".utf8)
