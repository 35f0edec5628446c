// Whose request it is. Behind a proxy that is trusted (`--trusted-proxy ADDRESS`, or a range `10.0.0.0/8`) the last
// address of `X-Forwarded-For` that is no such proxy; from anybody else that header is worth nothing.

internal import HTTPTypes
internal import Hummingbird

#if canImport(Glibc)
    internal import Glibc
#endif

struct ClientAddress: Sendable {
    let proxies: [AddressRange]

    /// Whose request it is that came from `peer`.
    func address(of request: Request, from peer: String) -> String {
        Self.address(of: peer, forwarded: request.headers[values: .forwardedFor], proxies: proxies)
    }

    /// The client's address, where `peer` is who connected: every trusted proxy vouches for the one before it, and no
    /// further.
    static func address(of peer: String, forwarded: [String], proxies: [AddressRange]) -> String {
        var address = AddressRange.unmapped(peer)
        for hop in forwarded.flatMap({ $0.split(separator: ",") }).reversed() {
            let hop = hop.filter { !$0.isWhitespace }
            guard proxies.contains(where: { $0.contains(address) }), AddressRange.isAddress(hop) else { break }
            address = AddressRange.unmapped(hop)
        }
        return address
    }
}

/// An address, or a range of them.
struct AddressRange: Sendable, Hashable {
    /// 4 or 16 bytes.
    private let bytes: [UInt8]
    private let bits: Int

    /// `127.0.0.1`, `10.0.0.0/8`, `::1`, `fd00::/8`; nil where it is none of these.
    init?(_ text: String) {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        guard let bytes = Self.bytes(String(parts[0])), parts.count <= 2 else { return nil }
        let bits = parts.count == 2 ? Int(parts[1]) : bytes.count * 8
        guard let bits, (0...(bytes.count * 8)).contains(bits) else { return nil }
        self.bytes = bytes
        self.bits = bits
    }

    func contains(_ address: String) -> Bool {
        guard let other = Self.bytes(address), other.count == bytes.count else { return false }
        return (0..<bits).allSatisfy { bit in
            let mask = UInt8(0x80) >> UInt8(bit % 8)
            return bytes[bit / 8] & mask == other[bit / 8] & mask
        }
    }

    /// `::ffff:10.0.0.1`, as a socket of both kinds names an IPv4 client, is 10.0.0.1.
    static func unmapped(_ address: String) -> String {
        guard address.contains(":"), let bytes = bytes(address), bytes.count == 4 else { return address }
        return bytes.map(String.init).joined(separator: ".")
    }

    static func isAddress(_ text: String) -> Bool { bytes(text) != nil }

    private static func bytes(_ text: String) -> [UInt8]? {
        var four = [UInt8](repeating: 0, count: 4)
        if inet_pton(AF_INET, text, &four) == 1 { return four }
        var sixteen = [UInt8](repeating: 0, count: 16)
        guard inet_pton(AF_INET6, text, &sixteen) == 1 else { return nil }
        let isMapped = sixteen.prefix(10).allSatisfy { $0 == 0 } && sixteen[10] == 0xFF && sixteen[11] == 0xFF
        return isMapped ? Array(sixteen.suffix(4)) : sixteen
    }
}
