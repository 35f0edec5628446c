// Who says something in a mesh, and who it is said to. Names, roles and hosts are what a sender claims of itself.
// To add a kind of sender: a case of `PartyKind`, and who may be one where the server makes a `Sender` of a request.

public import FoundationEssentials

/// What can send, receive or be named in an address.
public enum PartyKind: String, Codable, Sendable, CaseIterable {
    /// A launched session.
    case peer
    /// An account in the mesh: its person.
    case member
    /// A script, by a mesh key.
    case key
    case topic
}

/// An account by its names: what it shows, and what it is addressed by in this mesh.
public struct MemberName: Codable, Sendable, Hashable, Identifiable {
    public var id: String
    public var name: String
    /// Absent where the account has none here: it left, or the place does not need it.
    public var handle: String?

    public init(id: String, name: String, handle: String? = nil) {
        self.id = id
        self.name = name
        self.handle = handle
    }
}

/// SENDER: whom a message is from.
public struct Sender: Codable, Sendable, Hashable {
    public var kind: PartyKind
    public var id: String
    /// What one writes to answer: `bo/docs`, `bo`; a key's label.
    public var address: String
    public var name: String
    /// Whose it is; a key's maker.
    public var member: MemberName
    public var role: String?
    public var host: String?

    public init(
        kind: PartyKind, id: String, address: String, name: String, member: MemberName, role: String? = nil,
        host: String? = nil
    ) {
        self.kind = kind
        self.id = id
        self.address = address
        self.name = name
        self.member = member
        self.role = role
        self.host = host
    }
}

/// WHO: one whom an address may mean.
public struct Who: Codable, Sendable, Hashable {
    public var kind: PartyKind
    public var id: String
    public var address: String
    public var name: String
    public var member: MemberName?
    public var role: String?
    public var host: String?
    /// Of a peer: whether it is here now.
    public var live: Bool?
    /// Of a peer that is kept: since when it is away.
    public var awaySince: Date?
    public var receives: Receives?

    public init(
        kind: PartyKind, id: String, address: String, name: String, member: MemberName? = nil, role: String? = nil,
        host: String? = nil, live: Bool? = nil, awaySince: Date? = nil, receives: Receives? = nil
    ) {
        self.kind = kind
        self.id = id
        self.address = address
        self.name = name
        self.member = member
        self.role = role
        self.host = host
        self.live = live
        self.awaySince = awaySince
        self.receives = receives
    }
}
