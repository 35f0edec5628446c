// What a person may do in a mesh, and to whom.

/// What a person may do in a mesh. On the wire: `owner`, `admin`, `member`.
public enum Membership: String, Codable, Sendable, CaseIterable {
    case owner, admin, member

    /// Whether an account of this may put out and ban one of `theirs`: an owner everybody but owners, an admin members. So nobody
    /// bans themself.
    public func moderates(_ theirs: Membership) -> Bool {
        switch self {
        case .owner: theirs != .owner
        case .admin: theirs == .member
        case .member: false
        }
    }
}

/// Why a member may not put out or ban another.
public enum ModerationBar: Sendable, Hashable {
    case oneself
    /// They put out nobody.
    case noModerator
    /// The other is one.
    case owner, admin
}

extension Member {
    /// Why this member may not put out or ban another; nil where they may.
    public func bar(to other: Member) -> ModerationBar? {
        if id == other.id { return .oneself }
        if membership.moderates(other.membership) { return nil }
        if membership == .member { return .noModerator }
        return other.membership == .owner ? .owner : .admin
    }
}
