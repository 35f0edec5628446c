// Which proxy a request takes, from HTTPS_PROXY and NO_PROXY as curl reads them: the lower-case name first, for `https:`
// addresses alone. Source: curl's manual, "Environment variables".

internal import MeshAPI

/// Where requests to a server go.
enum ProxyChoice: Sendable, Hashable {
    case direct
    /// An HTTP proxy asked with CONNECT; `authorization` is `user:password`.
    case http(host: String, port: Int, authorization: String?)
    case socks(host: String, port: Int)
    /// HTTPS_PROXY says what we cannot do.
    case unusable

    init(for server: ServerAddress, environment: [String: String]) {
        let proxy = environment["https_proxy"] ?? environment["HTTPS_PROXY"] ?? ""
        guard server.isSecure, !proxy.isEmpty, !Self.isExempt(server, environment) else {
            self = .direct
            return
        }
        self = Self.parse(proxy)
    }

    /// `host:port` of the proxy, without its password; nil where there is none to be named.
    var proxy: String? {
        switch self {
        case .direct, .unusable: nil
        case .http(let host, let port, _), .socks(let host, let port):
            ServerAddress.authority(host, port)
        }
    }

    private static func isExempt(_ server: ServerAddress, _ environment: [String: String]) -> Bool {
        let list = environment["no_proxy"] ?? environment["NO_PROXY"] ?? ""
        let port = server.portInForce
        let host = withoutDot(server.host)
        return list.split(whereSeparator: { $0 == "," || $0.isWhitespace }).contains { entry in
            var name = entry.lowercased()
            if name == "*" { return true }
            if name.contains("/") { return IPAddress(host).map { IPRange(name)?.contains($0) ?? false } ?? false }
            if name.hasPrefix("["), let end = name.firstIndex(of: "]") {
                let suffix = name[name.index(after: end)...]
                guard suffix.isEmpty || suffix == ":\(port)" else { return false }
                name = String(name[name.index(after: name.startIndex)..<end])
            } else if name.filter({ $0 == ":" }).count == 1, let colon = name.firstIndex(of: ":") {
                guard name[colon...] == ":\(port)" else { return false }
                name = String(name[..<colon])
            }
            if let address = IPAddress(name) { return address == IPAddress(host) }
            while name.hasPrefix(".") || name.hasPrefix("*") { name.removeFirst() }
            name = withoutDot(name)
            return !name.isEmpty && (host == name || host.hasSuffix(".\(name)"))
        }
    }

    /// A name with a dot at its end is the same name.
    private static func withoutDot(_ name: String) -> String { name.hasSuffix(".") ? String(name.dropLast()) : name }

    private static func parse(_ text: String) -> ProxyChoice {
        var rest = text[...]
        var scheme = "http"
        if let end = rest.firstRange(of: "://") {
            scheme = rest[..<end.lowerBound].lowercased()
            rest = rest[end.upperBound...]
        }
        var authorization: String?
        if let at = rest.lastIndex(of: "@") {
            authorization = PercentCoding.decode(rest[..<at])
            rest = rest[rest.index(after: at)...]
        }
        if let slash = rest.firstIndex(of: "/") { rest = rest[..<slash] }
        // The port of a proxy has no default that programs agree on: curl's is 1080.
        guard let address = try? ServerAddress("http://\(rest)") else { return .unusable }
        let port = address.port ?? (rest.hasSuffix(":80") ? 80 : 1080)
        switch scheme {
        case "http": return .http(host: address.host, port: port, authorization: authorization)
        case "socks5", "socks5h", "socks": return .socks(host: address.host, port: port)
        default: return .unusable
        }
    }
}
