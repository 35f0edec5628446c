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

    package init(isSecure: Bool, host: String, port: Int?) {
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
        self.init(isSecure: secure ?? !Self.isLoopback(host), host: host, port: port)
    }

    /// `https://host[:port]`: what files keep and requests start with.
    public var description: String { "\(isSecure ? "https" : "http")://\(authority)" }

    /// `host[:port]`: what people read.
    public var authority: String {
        let name = host.contains(":") ? "[\(host)]" : host
        return port.map { "\(name):\($0)" } ?? name
    }

    /// Whether a request never leaves this machine.
    public var isLoopback: Bool { Self.isLoopback(host) }

    /// Whether a secret may go there: `https:`, or `http:` on loopback.
    public var takesSecrets: Bool { isSecure || isLoopback }

    /// Whether `url`, an address that the server named, is on this server; the names of loopback count as one.
    public func owns(_ url: String) -> Bool {
        guard let schemeEnd = url.firstRange(of: "://"), url.utf8.allSatisfy({ (0x21..<0x7F).contains($0) }) else {
            return false
        }
        let origin = url[..<(url[schemeEnd.upperBound...].firstIndex { "/?#".contains($0) } ?? url.endIndex)]
        guard let other = try? ServerAddress(String(origin)) else { return false }
        return other == self
            || (other.isLoopback && isLoopback && other.port == port && other.isSecure == isSecure)
    }

    /// `localhost`, 127.0.0.0/8 as four numbers, `::1`.
    static func isLoopback(_ host: String) -> Bool {
        if host == "localhost" || host == "::1" { return true }
        let parts = host.split(separator: ".", omittingEmptySubsequences: false)
        return parts.count == 4 && parts[0] == "127" && parts.allSatisfy { UInt8($0) != nil && !$0.hasPrefix("+") }
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
            guard !host.isEmpty, host.allSatisfy({ $0 == ":" || $0 == "." || $0.isHexDigit }) else { throw .host }
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
