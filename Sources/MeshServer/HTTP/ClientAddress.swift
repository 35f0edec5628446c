// Whose request it is. Behind a proxy that is trusted (`--trusted-proxy ADDRESS`, or a range `10.0.0.0/8`) the last
// address of `X-Forwarded-For` or `Forwarded` that is no such proxy; from anybody else these headers are worth nothing.
// Which of the two the proxy sets is not known, and it may pass the other on as the visitor sent it: where both say who
// asks, and not the same, neither is believed. One that names nobody, not even `unknown`, is no proxy's word on that.

internal import HTTPTypes
internal import Hummingbird
internal import Logging
internal import MeshAPI
internal import Synchronization

final class ClientAddress: Sendable {
    private let proxies: [IPRange]
    private let isDisagreementSaid = Mutex(false)

    init(proxies: [IPRange]) { self.proxies = proxies }

    /// Whose request it is that came from `peer`: the proxy's own where its two headers do not agree, so that a visitor
    /// who sends one of them gains no more than the limits that all of these share.
    func address(of request: Request, from peer: String, logger: Logger) -> String {
        // Nearly every server: no proxy, no header to look for.
        guard !proxies.isEmpty else { return IPAddress.canonical(peer) ?? peer }
        let older = request.headers[values: .forwardedFor]
        let standard = request.headers[values: .forwarded]
        let hops = standard.flatMap { $0.split(separator: ",") }.map(Self.forwardedFor)
        let isOlderSaid = older.contains { $0.contains { !$0.isWhitespace && $0 != "," } }
        let address = Self.address(of: peer, forwarded: isOlderSaid ? older : hops, proxies: proxies)
        guard isOlderSaid, hops.contains(where: { !$0.isEmpty }),
            Self.address(of: peer, forwarded: hops, proxies: proxies) != address
        else { return address }
        sayDisagreement(logger)
        return IPAddress.canonical(peer) ?? peer
    }

    /// Once: whoever visits can cause it.
    private func sayDisagreement(_ logger: Logger) {
        let isSaid = isDisagreementSaid.withLock { said in
            defer { said = true }
            return said
        }
        guard !isSaid else { return }
        logger.warning(
            "X-Forwarded-For and Forwarded do not name the same client: the proxy must set one and remove the other")
    }

    /// The client's address, where `peer` is who connected: every trusted proxy vouches for the one before it, and no
    /// further.
    static func address(of peer: String, forwarded: [String], proxies: [IPRange]) -> String {
        var address = IPAddress.canonical(peer) ?? peer
        let hops = forwarded.flatMap { $0.split(separator: ",", omittingEmptySubsequences: false) }
        for hop in hops.reversed() {
            guard let known = IPAddress(address), proxies.contains(where: { $0.contains(known) }),
                let hop = Self.hop(hop)
            else { break }
            address = hop
        }
        return address
    }

    /// The address of `192.0.2.1`, `192.0.2.1:4711`, `2001:db8::1`, `[2001:db8::1]` or `[2001:db8::1]:4711`, in its one
    /// spelling; nil where it is none of these.
    private static func hop(_ text: Substring) -> String? {
        let text = text.filter { !$0.isWhitespace && $0 != "\"" }
        guard text.hasPrefix("[") || text.count(where: { $0 == ":" }) == 1 else {
            return IPAddress.canonical(String(text))
        }
        let parts = text.split(separator: text.hasPrefix("[") ? "]" : ":", omittingEmptySubsequences: false)
        guard parts.count == 2, parts[1].drop(while: { $0 == ":" }).allSatisfy(\.isWholeNumber) else { return nil }
        return IPAddress(String(parts[0].drop { $0 == "[" }))?.description
    }

    /// `192.0.2.1` of `for=192.0.2.1;proto=https`; empty, which is no address, where it does not say for whom.
    private static func forwardedFor(_ element: Substring) -> String {
        let pairs = element.split(separator: ";").map { $0.split(separator: "=", maxSplits: 1) }
        let pair = pairs.first { $0.count == 2 && $0[0].filter { !$0.isWhitespace }.lowercased() == "for" }
        return pair.map { String($0[1]) } ?? ""
    }
}
