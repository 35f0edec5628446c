// The bodies of the requests that make or change something.

/// `POST /api/my/meshes`.
public struct CreateMesh: Codable, Sendable, Hashable {
    public var name: String
    public var slug: String?

    public init(name: String, slug: String? = nil) {
        self.name = name
        self.slug = slug
    }
}

/// `PATCH /api/my/meshes/{id}`.
public struct RenameMesh: Codable, Sendable, Hashable {
    public var name: String

    public init(name: String) { self.name = name }
}

/// `POST /api/my/meshes/{id}/invites`.
public struct CreateInvite: Codable, Sendable, Hashable {
    public var email: String?
    public var role: Membership?
    public var expiresInDays: Int?
    public var maxUses: Int?

    /// How long an invite lives, and how many it lets in, at most.
    public static let mostDays = 365
    public static let mostUses = 1000

    public init(email: String? = nil, role: Membership? = nil, expiresInDays: Int? = nil, maxUses: Int? = nil) {
        self.email = email
        self.role = role
        self.expiresInDays = expiresInDays
        self.maxUses = maxUses
    }
}

/// `POST /api/public/invites/{code}/claim`.
public struct ClaimInvite: Codable, Sendable, Hashable {
    public var displayName: String?

    public init(displayName: String? = nil) { self.displayName = displayName }
}

/// `POST /api/my/cli/tokens`. No `expiresInDays` is a year; 0 is never.
public struct CreateAccessToken: Codable, Sendable, Hashable {
    public var name: String
    public var expiresInDays: Int?

    public init(name: String, expiresInDays: Int? = nil) {
        self.name = name
        self.expiresInDays = expiresInDays
    }
}

/// `POST /api/my/meshes/{id}/sessions`, repeated every 30 s while the session lives.
public struct RegisterSession: Codable, Sendable, Hashable {
    public var sessionId: String
    public var displayName: String
    public var role: String?
    public var pid: Int
    public var host: String
    /// SHA-256 of the session token's 64 hex digits, as 64 hex digits.
    public var tokenHash: String

    public init(sessionId: String, displayName: String, role: String?, pid: Int, host: String, tokenHash: String) {
        self.sessionId = sessionId
        self.displayName = displayName
        self.role = role
        self.pid = pid
        self.host = host
        self.tokenHash = tokenHash
    }
}

/// `POST /api/my/guests`: the guest's memberships move to the caller.
public struct AdoptGuest: Codable, Sendable, Hashable {
    public var token: String

    public init(token: String) { self.token = token }
}
