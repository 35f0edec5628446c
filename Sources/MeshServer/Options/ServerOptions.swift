// How a server is run. The program's `serve` flags fill this in; the defaults are theirs.

internal import Mail
internal import MeshAPI
internal import MeshServices
public import MeshStore

public struct ServerOptions: Sendable {
    public var host = "127.0.0.1"
    /// 0 is any; the one it got is reported.
    public var port = 7420
    public var storage: StorageLocation
    /// `https://mesh.example.com`; nil is `http://HOST:PORT`.
    public var publicURL: String?
    /// nil is open on loopback, else by invite.
    public var registration: RegistrationMode?
    /// Lets `publicURL` be `http:` off loopback.
    public var isInsecure = false
    /// Off for tests and benchmarks, on loopback only.
    public var hasLimits = true
    /// Seconds for which messages are kept; nil for ever.
    public var retention: Double? = 30 * 86_400
    /// Addresses of proxies whose `X-Forwarded-For` or `Forwarded` is believed.
    public var trustedProxies: [String] = []
    /// Lets other machines than this one read `/metrics`.
    public var metricsToken: String?
    /// How invites are mailed; nil is not at all.
    var mail: MailTransport?
    /// Who invites are from; nil is `claudemesh@HOST`.
    public var mailFrom: String?
    /// Ends by itself after so long without use; nil is never.
    public var idleLimit: Duration?
    /// How many polls are held at once.
    public var mostWaiters = 10_000
    /// How many connections there are at once; nil is as many as the limit of open files allows.
    var mostConnections: Int?
    /// How long a request may take to come, an answer to be taken, and a connection to do nothing.
    var patience: Duration = .seconds(60)
    /// How long a stop waits for requests under way.
    var lastRequests: Duration = .seconds(10)
    /// How long before a stop the server is not ready, so that a balancer sends nobody any more; nil is 5 s where several
    /// share a database, else none.
    public var drain: Duration?
    /// What other servers of the database call this one's machine.
    public var name = "server"
    /// What libpq may read of it.
    public var environment: [String: String] = [:]
    /// To a database that servers share: threads, and a connection each.
    package var databaseConnections = 12
    /// What `/health` says.
    public var version = "0"

    public init(storage: StorageLocation) { self.storage = storage }

    /// Sets up mail: by a sendmail-compatible program where one is named, else by the service whose key is in
    /// `environment` (`POSTMARK_API_KEY`, `RESEND_API_KEY`), else not at all.
    public mutating func setMail(command: String?, from sender: String?, environment: [String: String]) {
        mail = MailTransport.configured(command: command, environment: environment)
        mailFrom = sender
    }

    /// Throws `ServerOptionError` where the options contradict each other or would be unsafe.
    public func validate() throws {
        let isLocal = Loopback.contains(host)
        guard (0...65_535).contains(port) else { throw ServerOptionError.port }
        if let publicURL {
            guard let parts = Self.parts(of: publicURL) else { throw ServerOptionError.publicURL }
            let isHere = Loopback.contains(parts.host)
            if parts.isPlain && !isHere && !isInsecure { throw ServerOptionError.insecurePublicURL }
        } else if host.allSatisfy("0.:[]".contains) {
            throw ServerOptionError.wildcardHost
        } else if !isLocal && !isInsecure {
            throw ServerOptionError.insecurePublicURL
        }
        guard trustedProxies.allSatisfy({ IPRange($0) != nil }) else { throw ServerOptionError.trustedProxy }
        guard mailFrom.map(MailAddress.isAddress) ?? true else { throw ServerOptionError.mailFrom }
        if !hasLimits && !isForThisMachine { throw ServerOptionError.limitsOffLoopback }
    }

    /// Of `http(s)://host[:port]`, whose host is in the one spelling that browsers send; nil where anything is else.
    private static func parts(of url: String) -> (isPlain: Bool, host: String)? {
        let form = /http(s?):\/\/(\[[0-9a-f:.]+\]|[a-z0-9_-]+(?:\.[a-z0-9_-]+)*)(?::([0-9]{1,5}))?\/?/
        guard let found = url.wholeMatch(of: form.ignoresCase()) else { return nil }
        let (host, port) = (String(found.2), found.3.flatMap { Int($0) } ?? 80)
        let isHost = !host.hasPrefix("[") || IPAddress(host.dropFirst().dropLast()) != nil
        return isHost && (1...65_535).contains(port) ? (found.1.isEmpty, host.lowercased()) : nil
    }

    /// Behind a proxy the port is on loopback, and everybody comes through it: the address people use decides too.
    private var isForThisMachine: Bool {
        let name = publicURL.flatMap { $0.split(separator: "/").dropFirst().first }.map {
            PublicAddress.hostName(String($0))
        }
        return Loopback.contains(host) && Loopback.contains(name ?? host)
    }

    var drainInForce: Duration {
        if let drain { return drain }
        if case .shared = storage { return .seconds(5) }
        return .zero
    }

    var registrationInForce: RegistrationMode {
        registration ?? (isForThisMachine ? .open : .invite)
    }
}

/// Who may register.
public enum RegistrationMode: String, Sendable, CaseIterable {
    case open, invite, closed
}

/// Why the server could not listen where it was told to.
public struct ListenFailure: Error, Sendable, Hashable {
    public var host: String
    public var port: Int
    /// The `errno` of it.
    public var code: Int32
}

/// What is wrong with the options.
public enum ServerOptionError: Error, Sendable, Hashable {
    case port
    /// Not `http(s)://host[:port]`.
    case publicURL
    /// Every address of this machine is listened on, and none is said to be the one that people use.
    case wildcardHost
    /// Links and cookies over plain http off loopback; `--insecure` allows it.
    case insecurePublicURL
    /// Not an address or a range of them.
    case trustedProxy
    /// Not a mail address.
    case mailFrom
    /// `--limits off` is for loopback.
    case limitsOffLoopback
}
