// The address of a server: read, checked and brought into one form, so that equal servers are equal values.

/// Why a text is no server address.
public enum ServerAddressProblem: Error, Sendable, Hashable {
    case empty
    /// Neither `https:` nor `http:`.
    case scheme(String)
    case host
    case port
    /// A name and password in the address: a secret in the wrong place.
    case userInfo
    /// A path, query or fragment: a server is an origin.
    case path
}

/// `https://host[:port]` or `http://host[:port]`, in lower case, without the scheme's own port.
public struct ServerAddress: Sendable, Hashable, CustomStringConvertible {
    public static let standard = ServerAddress(isSecure: true, host: "claudemesh.com", port: nil)

    public let isSecure: Bool
    /// A name, an IPv4 address or an IPv6 address without brackets, in lower case.
    public let host: String
    /// nil where it is the scheme's own.
    public let port: Int?

    public init(isSecure: Bool, host: String, port: Int?) {
        self.isSecure = isSecure
        self.host = host
        self.port = port == (isSecure ? 443 : 80) ? nil : port
    }

    /// Reads what a person or a file says. Without a scheme it is `https:`, on loopback `http:`.
    public init(_ text: String) throws(ServerAddressProblem) {
        var rest = Self.trimmed(text)
        guard !rest.isEmpty else { throw .empty }
        var secure: Bool?
        if let end = rest.firstRange(of: "://") {
            let scheme = rest[..<end.lowerBound].lowercased()
            guard scheme == "https" || scheme == "http" else { throw .scheme(scheme) }
            secure = scheme == "https"
            rest = rest[end.upperBound...]
        }
        if rest.hasSuffix("/") { rest = rest.dropLast() }
        guard !rest.contains("@") else { throw .userInfo }
        guard !rest.contains(where: { "/?#\\".contains($0) }) else { throw .path }
        let (host, port) = try Self.split(rest)
        self.init(isSecure: secure ?? !Loopback.contains(host), host: host, port: port)
    }

    /// `https://host[:port]`: what files keep and requests start with.
    public var description: String { "\(isSecure ? "https" : "http")://\(authority)" }

    /// `host[:port]`: what people read.
    public var authority: String { Self.authority(host, port) }

    /// As above, of whatever is at a host: an address of IPv6 stands in brackets.
    public static func authority(_ host: String, _ port: Int?) -> String {
        let name = host.contains(":") ? "[\(host)]" : host
        return port.map { "\(name):\($0)" } ?? name
    }

    /// Whether a request never leaves this machine.
    public var isLoopback: Bool { Loopback.contains(host) }

    /// `host[:port]`, with the scheme before it where that is all that tells it from `other`.
    public func name(beside other: ServerAddress) -> String {
        authority == other.authority && self != other ? description : authority
    }

    /// The port of a request.
    public var portInForce: Int { port ?? (isSecure ? 443 : 80) }

    /// Whether a secret may go there: `https:`, or `http:` on loopback.
    public var takesSecrets: Bool { isSecure || isLoopback }

    /// The server of a page's address as a person holds it: what follows the host is left out.
    public init(ofPage text: String) throws(ServerAddressProblem) {
        let text = Self.trimmed(text)
        // One that stands behind a path is of another address, in a query.
        let scheme = text.firstRange(of: "://").flatMap { found in
            text[..<found.lowerBound].contains { "/?#".contains($0) } ? nil : found
        }
        try self.init(Self.origin(of: text, hostAt: scheme?.upperBound ?? text.startIndex))
    }

    private static func origin(of url: some StringProtocol, hostAt start: String.Index) -> String {
        String(url[..<url[start...].prefix { !"/?#".contains($0) }.endIndex])
    }

    /// The server of `url`, an address with a path or a query; nil where it is none.
    public init?(of url: String) {
        guard let schemeEnd = url.firstRange(of: "://"), url.utf8.allSatisfy({ (0x21..<0x7F).contains($0) }) else {
            return nil
        }
        guard let server = try? ServerAddress(Self.origin(of: url, hostAt: schemeEnd.upperBound)) else { return nil }
        self = server
    }

    /// Whether `url`, an address that the server named, is on this server; the names of loopback count as one.
    public func owns(_ url: String) -> Bool {
        guard let other = ServerAddress(of: url) else { return false }
        return other == self
            || (other.isLoopback && isLoopback && other.port == port && other.isSecure == isSecure)
    }

    private static func trimmed(_ text: String) -> Substring {
        var view = text[...]
        while let first = view.first, first.isWhitespace { view.removeFirst() }
        while let last = view.last, last.isWhitespace { view.removeLast() }
        return view
    }

    private static func split(_ authority: Substring) throws(ServerAddressProblem) -> (host: String, port: Int?) {
        var host = authority
        var port: Int?
        if let bracket = authority.lastIndex(of: "]") {
            guard authority.hasPrefix("[") else { throw .host }
            host = authority[authority.index(after: authority.startIndex)..<bracket]
            port = try number(authority[authority.index(after: bracket)...])
            guard host.contains(":"), let address = IPAddress(host) else { throw .host }
            return (address.description, port)
        } else {
            guard !authority.hasPrefix("[") else { throw .host }
            if let colon = authority.firstIndex(of: ":") {
                port = try number(authority[colon...])
                host = authority[..<colon]
            }
            guard !host.isEmpty, host.count <= 253, !host.hasPrefix("."), !host.hasPrefix("-"),
                host.utf8.allSatisfy(isNameByte)
            else { throw .host }
        }
        return (host.lowercased(), port)
    }

    private static func number(_ text: Substring) throws(ServerAddressProblem) -> Int? {
        if text.isEmpty { return nil }
        guard text.hasPrefix(":"), text.dropFirst().utf8.allSatisfy({ (48...57).contains($0) }),
            let port = Int(text.dropFirst()), (1...65535).contains(port)
        else { throw .port }
        return port
    }

    private static func isNameByte(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."), UInt8(ascii: "-"), UInt8(ascii: "_"):
            true
        default: false
        }
    }
}
