// IP addresses and ranges of them: read, compared, written in their one spelling. Pure, so that every room has the same answer.

/// An IPv4 or IPv6 address. `::ffff:10.0.0.1`, as a socket of both kinds names an IPv4 client, is 10.0.0.1.
public struct IPAddress: Sendable, Hashable, CustomStringConvertible {
    /// 4 or 16.
    public let bytes: [UInt8]

    /// nil where `text` is none. IPv6 stands without brackets.
    public init?(_ text: some StringProtocol) {
        guard let bytes = Self.four(text) ?? Self.sixteen(text) else { return nil }
        let isMapped = bytes.count == 16 && bytes.prefix(10).allSatisfy { $0 == 0 } && bytes[10...11] == [0xFF, 0xFF]
        self.bytes = isMapped ? Array(bytes.suffix(4)) : bytes
    }

    /// The one spelling of the address `text`, nil where it is none.
    public static func canonical(_ text: String) -> String? {
        // IPv4 has but one.
        four(text) == nil ? IPAddress(text)?.description : text
    }

    /// Whether packets to it never leave this machine: 127.0.0.0/8 and ::1.
    public var isLoopback: Bool {
        bytes.count == 4 ? bytes[0] == 127 : bytes.dropLast().allSatisfy { $0 == 0 } && bytes.last == 1
    }

    /// Whether it stands for every address of a machine: 0.0.0.0 and ::.
    public var isWildcard: Bool { bytes.allSatisfy { $0 == 0 } }

    /// The one spelling: RFC 5952.
    public var description: String {
        if bytes.count == 4 { return bytes.map(String.init).joined(separator: ".") }
        let groups = stride(from: 0, to: 16, by: 2).map { UInt16(bytes[$0]) << 8 | UInt16(bytes[$0 + 1]) }
        let texts = groups.map { String($0, radix: 16) }
        guard let zeros = Self.longestZeros(groups) else { return texts.joined(separator: ":") }
        return texts[..<zeros.lowerBound].joined(separator: ":") + "::"
            + texts[zeros.upperBound...].joined(separator: ":")
    }

    private static func longestZeros(_ groups: [UInt16]) -> Range<Int>? {
        var longest = 0..<0
        var start = 0
        for (index, group) in groups.enumerated() {
            if group != 0 {
                start = index + 1
            } else if index + 1 - start > longest.count {
                longest = start..<index + 1
            }
        }
        return longest.count > 1 ? longest : nil
    }

    private static func four(_ text: some StringProtocol) -> [UInt8]? {
        var bytes: [UInt8] = []
        var part: UInt16?
        for character in text.utf8 {
            switch character {
            case UInt8(ascii: "0")...UInt8(ascii: "9"):
                // After a zero some programs read on as octal.
                guard part != 0 else { return nil }
                let value = (part ?? 0) * 10 + UInt16(character - UInt8(ascii: "0"))
                guard value < 256 else { return nil }
                part = value
            case UInt8(ascii: "."):
                guard let value = part, bytes.count < 3 else { return nil }
                bytes.append(UInt8(value))
                part = nil
            default: return nil
            }
        }
        guard let value = part, bytes.count == 3 else { return nil }
        return bytes + [UInt8(value)]
    }

    private static func sixteen(_ text: some StringProtocol) -> [UInt8]? {
        guard text.utf8.count <= 45, let gap = text.firstRange(of: "::") else {
            return text.utf8.count <= 45 ? groups(text).flatMap { $0.count == 16 ? $0 : nil } : nil
        }
        let (before, after) = (text[..<gap.lowerBound], text[gap.upperBound...])
        guard !before.contains("."), let head = before.isEmpty ? [] : groups(before),
            let tail = after.isEmpty ? [] : groups(after), head.count + tail.count <= 14
        else { return nil }
        return head + [UInt8](repeating: 0, count: 16 - head.count - tail.count) + tail
    }

    /// The bytes of `2001:db8` or `ffff:10.0.0.1`.
    private static func groups(_ text: some StringProtocol) -> [UInt8]? {
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        var bytes: [UInt8] = []
        for (index, part) in parts.enumerated() {
            if index == parts.count - 1, part.contains(".") {
                guard let last = four(part) else { return nil }
                bytes += last
            } else {
                guard (1...4).contains(part.utf8.count), part.utf8.allSatisfy({ $0 != UInt8(ascii: "+") }),
                    let group = UInt16(part, radix: 16)
                else { return nil }
                bytes += [UInt8(group >> 8), UInt8(group & 0xFF)]
            }
        }
        return bytes
    }
}

/// An address, or all those that begin with the same bits.
public struct IPRange: Sendable, Hashable {
    private let address: IPAddress
    private let bits: Int

    /// `127.0.0.1`, `10.0.0.0/8`, `::1`, `fd00::/8`; nil where it is none of these.
    public init?(_ text: some StringProtocol) {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        guard let first = parts.first, let address = IPAddress(first), parts.count <= 2 else { return nil }
        let bits = parts.count == 2 ? Int(parts[1]) : address.bytes.count * 8
        guard let bits, (0...(address.bytes.count * 8)).contains(bits) else { return nil }
        self.address = address
        self.bits = bits
    }

    public func contains(_ other: IPAddress) -> Bool {
        guard other.bytes.count == address.bytes.count else { return false }
        return (0..<bits).allSatisfy { bit in
            let mask = UInt8(0x80) >> UInt8(bit % 8)
            return address.bytes[bit / 8] & mask == other.bytes[bit / 8] & mask
        }
    }
}

/// The one answer to "is this this machine", for names and addresses.
public enum Loopback {
    /// Whether `host`, a name or an address, is this machine and nothing else: an address of loopback, or `localhost` and
    /// whatever is below it, which no name server is asked for (RFC 6761). Brackets and a dot at the end do not count.
    public static func contains(_ host: some StringProtocol) -> Bool {
        let host = bare(host)
        return isName(host) || IPAddress(host)?.isLoopback ?? false
    }

    /// Whether it is so by name.
    public static func isName(_ host: some StringProtocol) -> Bool {
        let host = bare(host)
        return host == "localhost" || host.hasSuffix(".localhost")
    }

    private static func bare(_ host: some StringProtocol) -> String {
        var host = host.lowercased()[...]
        if host.hasPrefix("["), host.hasSuffix("]") { return String(host.dropFirst().dropLast()) }
        if host.hasSuffix(".") { host = host.dropLast() }
        return String(host)
    }
}
