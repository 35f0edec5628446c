// What can go wrong between a client and a server, as data. One place turns it into words.

public import FoundationEssentials

/// The body of an answer that refuses: `{"error":"code","message":"…"}` and what belongs to some codes.
public struct ErrorBody: Codable, Sendable, Hashable {
    public var error: String
    public var message: String?
    /// `slug_taken`: a slug that is free.
    public var suggestion: String?
    /// `invalid`: the field that is wrong.
    public var field: String?
    /// `slow_down`: the seconds to wait between polls.
    public var interval: Double?
    public var slowDown: Bool?
    /// `no_recipient`, `ambiguous`, `self`: the address that is meant.
    public var address: String?
    /// `no_recipient`: those of like names, at most five.
    public var near: [Who]?
    /// `ambiguous`: whom the address fits. `blocked`, `not_allowed`, `held_full`: who does not take it.
    /// `loop_limit`: who wait for a person, or for a while, the sender first.
    public var candidates: [Who]?
    /// `no_recipient` of a role: those there are.
    public var roles: [RoleHere]?
    /// `banned`, `kicked`: the mesh's name.
    public var mesh: String?
    /// `blocked`, `not_allowed`: why they do not take it, `RecipientReason`. `loop_limit`: which, `LoopReason`.
    public var reason: String?
    /// `kicked`: who did it, and when.
    public var by: String?
    public var at: Date?

    public init(
        error: String, message: String? = nil, suggestion: String? = nil, field: String? = nil,
        interval: Double? = nil, slowDown: Bool? = nil, address: String? = nil, near: [Who]? = nil,
        candidates: [Who]? = nil, roles: [RoleHere]? = nil, mesh: String? = nil, reason: String? = nil,
        by: String? = nil, at: Date? = nil
    ) {
        self.error = error
        self.message = message
        self.suggestion = suggestion
        self.field = field
        self.interval = interval
        self.slowDown = slowDown
        self.address = address
        self.near = near
        self.candidates = candidates
        self.roles = roles
        self.mesh = mesh
        self.reason = reason
        self.by = by
        self.at = at
    }
}

/// Words of `ErrorBody.reason` with `loop_limit`.
public enum LoopReason {
    /// So many have followed from one request, one because of the other.
    public static let hops = "hops"
    /// So many have followed from one request in all.
    public static let chain = "chain"
    /// Two wrote to each other too often in a minute, in an hour.
    public static let minute = "minute"
    public static let hour = "hour"
}

/// A role, and how many have it now.
public struct RoleHere: Codable, Sendable, Hashable {
    public var role: String
    public var count: Int

    public init(role: String, count: Int) {
        self.role = role
        self.count = count
    }
}

/// Why there was no usable answer.
public enum Unreachable: Sendable, Hashable {
    case nameNotResolved
    case refused
    case noAnswer(seconds: Int)
    case connectionLost
    case untrustedCertificate
    /// HTML where JSON was due: a captive portal, or no claudemesh server.
    case webPage
    /// The answer is no JSON of the expected shape.
    case malformed
    /// Over 8 MiB.
    case tooLarge
    /// A redirect, which a call with a token never follows.
    case redirected
    /// A token would have left this machine over plain `http:`.
    case insecure
    /// The proxy on the way, `host:port`, is not there, or answers nothing that a proxy does.
    case proxy(String)
    /// It answers that it lets nobody through to the server.
    case proxyRefused(String)
    /// It answers that it does not reach the server.
    case proxyFailed(String)
    /// The proxy, `host:port`, asks for a name and a password, or takes neither of those it got.
    case proxyPassword(String)
    /// `HTTPS_PROXY` is no address of a proxy.
    case proxyUnusable
    /// The file that `SSL_CERT_FILE` names cannot be read, or holds no certificate.
    case certificates(String)
    case other(String)
}

/// Why an API call failed. Never carries a token or a code.
public enum APIFailure: Error, Sendable, Hashable {
    case unreachable(Unreachable)
    /// An answer of 400 or more, with what its body said. `retryAfter` in seconds.
    case refused(status: Int, body: ErrorBody?, retryAfter: Int?)
    case cancelled

    /// The HTTP status, where there was an answer.
    public var status: Int? {
        if case .refused(let status, _, _) = self { status } else { nil }
    }

    /// The server's error code, where it gave one.
    public var code: String? {
        if case .refused(_, let body, _) = self { body?.error } else { nil }
    }
}
