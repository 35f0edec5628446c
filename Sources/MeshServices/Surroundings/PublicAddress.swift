// Under which address people reach this server: `--public-url`, or, where there is none, the port it got. Every link
// is made from it, never from a request's Host.

internal import FoundationEssentials
internal import MeshAPI
internal import Synchronization

package final class PublicAddress: Sendable {
    private struct Place {
        /// `https://mesh.example.com`, without a slash at the end.
        var base: String
        /// With its port where it has one.
        var authority: String
        /// What every request's Host is compared with.
        var hostName: String

        init(_ url: String) {
            base = url.hasSuffix("/") ? String(url.dropLast()) : url
            authority = base.split(separator: "/").dropFirst().first.map(String.init) ?? ""
            hostName = PublicAddress.hostName(authority)
        }
    }

    private let place: Mutex<Place>
    private let isFixed: Bool
    private let host: String
    /// Whether cookies are bound to https.
    package let isSecure: Bool

    /// `host` is the one listened on.
    package init(publicURL: String?, host: String, port: Int) {
        self.host = host
        isFixed = publicURL != nil
        let url = publicURL ?? Self.url(host: host, port: port)
        isSecure = url.lowercased().hasPrefix("https://")
        place = Mutex(Place(url))
    }

    /// `https` or `http`, as the browser sees it: a proxy may stand between.
    package var scheme: String { isSecure ? "https" : "http" }

    package var base: String { place.withLock { $0.base } }

    /// The host of the base, with its port where it has one.
    package var authority: String { place.withLock { $0.authority } }

    /// The port that stands in the base.
    package var port: Int? {
        let place = place.withLock { $0 }
        return Int(place.authority.dropFirst(place.hostName.count + 1))
    }

    /// Called once the port is bound.
    package func bound(port: Int) {
        guard !isFixed else { return }
        place.withLock { $0 = Place(Self.url(host: host, port: port)) }
    }

    /// Whether `authority`, a request's Host, is one of ours.
    package func answers(to authority: String?) -> Bool {
        guard let authority else { return false }
        let place = place.withLock { $0 }
        if authority == place.authority { return true }
        let name = Self.hostName(authority)
        if name == place.hostName { return true }
        return Loopback.contains(host) && Loopback.contains(name)
    }

    /// Without the port, lower case; all of it, which is nobody's name, where it is more than a host and a port.
    package static func hostName(_ authority: String) -> String {
        let bracket = authority.hasPrefix("[") ? authority.firstIndex(of: "]").map(authority.index(after:)) : nil
        let end = bracket ?? authority.firstIndex(of: ":") ?? authority.endIndex
        let port = authority[end...]
        let isPort = port.isEmpty || port.first == ":" && port.dropFirst().allSatisfy { $0.isASCII && $0.isNumber }
        return (isPort ? authority[..<end] : authority[...]).lowercased()
    }

    private static func url(host: String, port: Int) -> String {
        host.contains(":") && !host.hasPrefix("[") ? "http://[\(host)]:\(port)" : "http://\(host):\(port)"
    }
}
