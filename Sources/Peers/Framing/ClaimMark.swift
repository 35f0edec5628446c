// The mark of a claim: it goes into the last line of a text that is handed to Claude Code, and comes back through the gate.

/// 64 random bits. Whoever cannot read what was handed cannot guess one.
package struct ClaimMark: Sendable, Hashable {
    let bits: UInt64

    package init(bits: UInt64) { self.bits = bits }

    package static func random(using generator: inout some RandomNumberGenerator) -> ClaimMark {
        ClaimMark(bits: .random(in: .min ... .max, using: &generator))
    }

    /// `[cm:0123456789abcdef]`.
    package var text: String {
        let digits = String(bits, radix: 16)
        return "[cm:\(String(repeating: "0", count: 16 - digits.count))\(digits)]"
    }

    package init?(_ text: some StringProtocol) {
        guard text.utf8.count == 21, text.hasPrefix("[cm:"), text.hasSuffix("]") else { return nil }
        let digits = text.dropFirst(4).dropLast()
        guard digits.allSatisfy({ ("0"..."9").contains($0) || ("a"..."f").contains($0) }),
            let bits = UInt64(digits, radix: 16)
        else { return nil }
        self.bits = bits
    }
}

/// Stored and sent as its text.
extension ClaimMark: Codable {
    package init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        guard let mark = try ClaimMark(container.decode(String.self)) else {
            throw DecodingError.dataCorruptedError(in: container, debugDescription: "no mark of a claim")
        }
        self = mark
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(text)
    }
}
