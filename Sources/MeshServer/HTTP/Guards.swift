// What stands before every route and behind every answer: known hosts, bounded bodies, security headers. To add one: a value
// here and its line in `Entrance`.

internal import FoundationEssentials
internal import HTTPTypes
internal import Hummingbird
internal import Logging
internal import MeshAPI
internal import MeshServices
internal import MeshStore
internal import NIOCore
internal import NIOHTTP1

/// Headers that every answer carries.
struct SecurityHeaders: Sendable {
    let address: PublicAddress

    func add(to headers: inout HTTPFields) {
        headers.append(contentsOf: Self.all)
        if headers[.cacheControl] == nil { headers.append(Self.noStore) }
        if address.isSecure { headers.append(Self.https) }
    }

    private static let all = [
        HTTPField(
            name: .contentSecurityPolicy,
            value: "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; connect-src 'self'; "
                + "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"),
        HTTPField(name: .xContentTypeOptions, value: "nosniff"),
        HTTPField(name: .referrerPolicy, value: "no-referrer"),
    ]
    private static let noStore = HTTPField(name: .cacheControl, value: "no-store")
    private static let https = HTTPField(name: .strictTransportSecurity, value: "max-age=31536000")
}

/// Answers only for the hosts that are ours: a page of another name (DNS rebinding) gets 421.
struct HostGuard: Sendable {
    let address: PublicAddress

    func check(_ request: Request) throws {
        guard !address.answers(to: request.head.authority) else { return }
        let isOpen = ["/health", "/health/ready", "/metrics"].contains(request.uri.path)
        guard isOpen else { throw Refusal.misdirected }
    }
}

/// Refuses a body that announces more than 64 KiB, a message's 512 KiB; one that does not announce itself is cut by whoever
/// reads it.
enum BodyLimit {
    static let bytes = 64 * 1024

    /// What is escaped in JSON may take six times the bytes of a text of 64 KiB.
    private static func limit(of request: Request) -> Int {
        let isMessage = request.method == .post && request.uri.path.hasSuffix("/messages")
        return isMessage ? SendMessage.mostRequestBytes : bytes
    }

    static func check(_ request: Request) throws {
        guard let length = request.headers[.contentLength] else { return }
        // The decoder let it pass: digits alone, more perhaps than a number of ours has.
        if Int(length) ?? .max > Self.limit(of: request) { throw Refusal.tooLarge }
    }
}
