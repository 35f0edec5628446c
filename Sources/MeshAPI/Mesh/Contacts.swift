// Who may write to whom: GRANT, first contact, and bans.

public import FoundationEssentials

/// Whose first message waits until it is let in: nobody's, a stranger's, everybody's.
public enum FirstContact: String, Codable, Sendable, CaseIterable {
    case open, vouched, ask
}

public enum GrantAbility: String, Codable, Sendable, CaseIterable {
    case dm, broadcast
}

public enum GrantState: String, Codable, Sendable, CaseIterable {
    case open, held, refused, blocked
}

/// How somebody came to be in contact.
public enum GrantSource: String, Codable, Sendable, CaseIterable {
    case invite, vouched, wrote
    case letIn = "let_in"
}

/// What a member lets another do.
public struct Grant: Codable, Sendable, Hashable {
    public struct ByInvite: Codable, Sendable, Hashable {
        public var uses: Int
        public var maxUses: Int

        public init(uses: Int, maxUses: Int) {
            self.uses = uses
            self.maxUses = maxUses
        }
    }

    public var member: MemberName
    public var can: [GrantAbility]
    public var state: GrantState
    /// How many messages of theirs wait to be let in.
    public var held: Int?
    public var since: Date
    public var by: GrantSource?
    public var invitedBy: MemberName?
    public var invite: ByInvite?
    public var guest: Bool?

    public init(
        member: MemberName, can: [GrantAbility], state: GrantState, held: Int? = nil, since: Date,
        by: GrantSource? = nil, invitedBy: MemberName? = nil, invite: ByInvite? = nil, guest: Bool? = nil
    ) {
        self.member = member
        self.can = can
        self.state = state
        self.held = held
        self.since = since
        self.by = by
        self.invitedBy = invitedBy
        self.invite = invite
        self.guest = guest
    }
}

/// `PUT grants/{member_id}`: both let in what is held, none blocks.
public struct PutGrant: Codable, Sendable, Hashable {
    public var can: [GrantAbility]

    public init(can: [GrantAbility]) { self.can = can }
}

/// Somebody who may not come back.
public struct Ban: Codable, Sendable, Hashable, Identifiable {
    public var id: String
    public var name: String
    public var bannedAt: Date
    public var by: MemberName

    public init(id: String, name: String, bannedAt: Date, by: MemberName) {
        self.id = id
        self.name = name
        self.bannedAt = bannedAt
        self.by = by
    }
}
