// The shapes that travel between a claudemesh server and its clients, as JSON in snake_case.
// To add one: a `Codable` struct whose properties are the camelCase of the wire's keys, and a round trip in `ModelsTests`.

public import FoundationEssentials

/// The account behind a credential. `email` is absent for a guest.
public struct User: Codable, Sendable, Hashable {
    public var id: String
    public var name: String
    public var email: String?

    public init(id: String, name: String, email: String? = nil) {
        self.id = id
        self.name = name
        self.email = email
    }
}

/// A named group of peers, as its member sees it.
public struct Mesh: Codable, Sendable, Hashable, Identifiable {
    public var id: String
    public var slug: String
    public var name: String
    public var membership: Membership
    public var memberCount: Int
    public var createdAt: Date
    public var joinedAt: Date
    /// The owner's name: it tells two meshes of the same name apart.
    public var ownerName: String?
    /// Who is in it now.
    public var here: PeersHere?
    /// Messages that wait for its member.
    public var unread: Int?
    /// What its member lets wake all of their sessions, where that is less than everything.
    public var attention: Attention?
    /// Whose first message waits until it is let in.
    public var firstContact: FirstContact?

    public init(
        id: String, slug: String, name: String, membership: Membership, memberCount: Int, createdAt: Date,
        joinedAt: Date, ownerName: String? = nil, here: PeersHere? = nil, unread: Int? = nil,
        attention: Attention? = nil, firstContact: FirstContact? = nil
    ) {
        self.id = id
        self.slug = slug
        self.name = name
        self.membership = membership
        self.memberCount = memberCount
        self.createdAt = createdAt
        self.joinedAt = joinedAt
        self.ownerName = ownerName
        self.here = here
        self.unread = unread
        self.attention = attention
        self.firstContact = firstContact
    }
}

/// How many live in a mesh, and up to three of their names.
public struct PeersHere: Codable, Sendable, Hashable {
    public var count: Int
    public var names: [String]

    public init(count: Int, names: [String]) {
        self.count = count
        self.names = names
    }
}

/// Somebody who belongs to a mesh.
public struct Member: Codable, Sendable, Hashable, Identifiable {
    public var id: String
    public var name: String
    public var membership: Membership
    public var joinedAt: Date
    /// What they are addressed by here; absent from servers before this.
    public var handle: String?
    /// One's own: what may wake one's sessions, until when, and whose first message waits, where it is one's own choice.
    public var attention: Attention?
    public var attentionUntil: Date?
    public var firstContact: FirstContact?

    public init(
        id: String, name: String, membership: Membership, joinedAt: Date, handle: String? = nil,
        attention: Attention? = nil, attentionUntil: Date? = nil, firstContact: FirstContact? = nil
    ) {
        self.id = id
        self.name = name
        self.membership = membership
        self.joinedAt = joinedAt
        self.handle = handle
        self.attention = attention
        self.attentionUntil = attentionUntil
        self.firstContact = firstContact
    }
}

/// A signed-in machine.
public struct CLISession: Codable, Sendable, Hashable, Identifiable {
    public var id: String
    public var name: String
    public var os: String
    public var arch: String
    public var createdAt: Date
    public var lastUsedAt: Date?
    public var expiresAt: Date
    public var current: Bool

    public init(
        id: String, name: String, os: String, arch: String, createdAt: Date, lastUsedAt: Date?, expiresAt: Date,
        current: Bool
    ) {
        self.id = id
        self.name = name
        self.os = os
        self.arch = arch
        self.createdAt = createdAt
        self.lastUsedAt = lastUsedAt
        self.expiresAt = expiresAt
        self.current = current
    }

    /// "Never used" is said, not left out.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(id, forKey: .id)
        try container.encode(name, forKey: .name)
        try container.encode(os, forKey: .os)
        try container.encode(arch, forKey: .arch)
        try container.encode(createdAt, forKey: .createdAt)
        try container.encode(lastUsedAt, forKey: .lastUsedAt)
        try container.encode(expiresAt, forKey: .expiresAt)
        try container.encode(current, forKey: .current)
    }
}

/// A personal access token. `token` is there once, in the answer to its making.
public struct AccessToken: Codable, Sendable, Hashable, Identifiable {
    public var id: String
    public var name: String
    public var createdAt: Date
    public var lastUsedAt: Date?
    public var expiresAt: Date?
    public var token: String?

    public init(
        id: String, name: String, createdAt: Date, lastUsedAt: Date?, expiresAt: Date?, token: String? = nil
    ) {
        self.id = id
        self.name = name
        self.createdAt = createdAt
        self.lastUsedAt = lastUsedAt
        self.expiresAt = expiresAt
        self.token = token
    }

    /// "Never used" and "never ends" are said, not left out.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(id, forKey: .id)
        try container.encode(name, forKey: .name)
        try container.encode(createdAt, forKey: .createdAt)
        try container.encode(lastUsedAt, forKey: .lastUsedAt)
        try container.encode(expiresAt, forKey: .expiresAt)
        try container.encodeIfPresent(token, forKey: .token)
    }
}

/// What a request proves itself with.
public enum CredentialKind: String, Codable, Sendable {
    case session, pat, guest, peer, key
}

/// The credential a request was made with.
public struct CredentialInfo: Codable, Sendable, Hashable {
    public var id: String
    public var kind: CredentialKind
    public var name: String
    public var expiresAt: Date?

    public init(id: String, kind: CredentialKind, name: String, expiresAt: Date?) {
        self.id = id
        self.kind = kind
        self.name = name
        self.expiresAt = expiresAt
    }
}

/// `GET /api/my/whoami`.
public struct WhoAmI: Codable, Sendable, Hashable {
    public var user: User
    public var credential: CredentialInfo

    public init(user: User, credential: CredentialInfo) {
        self.user = user
        self.credential = credential
    }
}

/// An invite, as those who may invite see it. `emailed` is there in the answer to its making.
public struct Invite: Codable, Sendable, Hashable, Identifiable {
    public var id: String
    public var code: String
    public var url: String
    public var email: String?
    public var role: Membership?
    public var expiresAt: Date
    public var maxUses: Int?
    public var uses: Int?
    public var emailed: Bool?
    /// Who made it; in a list.
    public var by: MemberName?

    public init(
        id: String, code: String, url: String, email: String? = nil, role: Membership? = nil, expiresAt: Date,
        maxUses: Int? = nil, uses: Int? = nil, emailed: Bool? = nil, by: MemberName? = nil
    ) {
        self.id = id
        self.code = code
        self.url = url
        self.email = email
        self.role = role
        self.expiresAt = expiresAt
        self.maxUses = maxUses
        self.uses = uses
        self.emailed = emailed
        self.by = by
    }
}

/// `GET /api/public/invites/{code}`: what a person sees before joining.
public struct InvitePreview: Codable, Sendable, Hashable {
    public var meshName: String
    public var inviterName: String
    public var role: Membership
    public var expiresAt: Date
    public var usesLeft: Int
    public var memberCount: Int
    /// What one is in that mesh already; nil for a stranger, and where nobody said who asks.
    public var membership: Membership?

    public init(
        meshName: String, inviterName: String, role: Membership, expiresAt: Date, usesLeft: Int, memberCount: Int,
        membership: Membership? = nil
    ) {
        self.meshName = meshName
        self.inviterName = inviterName
        self.role = role
        self.expiresAt = expiresAt
        self.usesLeft = usesLeft
        self.memberCount = memberCount
        self.membership = membership
    }
}

/// `POST /api/public/invites/{code}/claim`. `token` is there where a guest was made.
public struct InviteClaim: Codable, Sendable, Hashable {
    public var mesh: Mesh
    public var membership: Membership
    public var token: String?
    public var user: User?
    public var expiresAt: Date?

    public init(
        mesh: Mesh, membership: Membership, token: String? = nil, user: User? = nil, expiresAt: Date? = nil
    ) {
        self.mesh = mesh
        self.membership = membership
        self.token = token
        self.user = user
        self.expiresAt = expiresAt
    }
}

/// One page of a list; the wire's key for `items` is the last word of the route.
public struct Page<Item: Codable & Sendable>: Sendable {
    public var items: [Item]
    public var nextCursor: String?

    public init(items: [Item], nextCursor: String? = nil) {
        self.items = items
        self.nextCursor = nextCursor
    }
}
