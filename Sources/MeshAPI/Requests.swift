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

/// `PATCH /api/my/meshes/{id}`: what is absent stays.
public struct ChangeMesh: Codable, Sendable, Hashable {
    public var name: String?
    public var firstContact: FirstContact?

    public init(name: String? = nil, firstContact: FirstContact? = nil) {
        self.name = name
        self.firstContact = firstContact
    }
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

/// `POST /api/my/guests`: the guest's memberships move to the caller.
public struct AdoptGuest: Codable, Sendable, Hashable {
    public var token: String

    public init(token: String) { self.token = token }
}
