// Under which address people reach this server: `--public-url`, or, where there is none, the port it got. Every link
// is made from it, never from a request's Host.

internal import FoundationEssentials
internal import Synchronization

final class PublicAddress: Sendable {
    /// `https://mesh.example.com`, without a slash at the end; nil until the port is known.
    private let url: Mutex<String>
    private let isFixed: Bool
    private let host: String
    /// Whether cookies are bound to https.
    let isSecure: Bool

    /// `host` is the one listened on.
    init(publicURL: String?, host: String, port: Int) {
        self.host = host
        isFixed = publicURL != nil
        let url = publicURL ?? Self.url(host: host, port: port)
        isSecure = url.lowercased().hasPrefix("https://")
        self.url = Mutex(url.hasSuffix("/") ? String(url.dropLast()) : url)
    }

    var base: String { url.withLock { $0 } }

    /// The host of the base, with its port where it has one.
    var authority: String { base.split(separator: "/").dropFirst().first.map(String.init) ?? "" }

    /// Called once the port is bound.
    func bound(port: Int) {
        guard !isFixed else { return }
        url.withLock { $0 = Self.url(host: host, port: port) }
    }

    /// Whether `authority`, a request's Host, is one of ours.
    func answers(to authority: String?) -> Bool {
        guard let authority else { return false }
        let name = Self.hostName(authority)
        if name == Self.hostName(self.authority) { return true }
        return Self.isLoopback(host) && Self.isLoopback(name)
    }

    static func isLoopback(_ host: String) -> Bool { ["127.0.0.1", "::1", "[::1]", "localhost"].contains(host) }

    /// Without the port, lower case.
    static func hostName(_ authority: String) -> String {
        let name = authority.hasPrefix("[") ? authority.prefix { $0 != "]" } + "]" : authority.prefix { $0 != ":" }
        return name.lowercased()
    }

    private static func url(host: String, port: Int) -> String {
        host.contains(":") && !host.hasPrefix("[") ? "http://[\(host)]:\(port)" : "http://\(host):\(port)"
    }
}
