// Joining with an invite: what its screens know.

public import MeshAPI

/// The state of the join screens. The link is in the field `invite`, the name in `joinName`.
public struct Join: Sendable, Hashable {
    public enum Phase: Sendable, Hashable {
        /// With what is wrong, if that may be said already.
        case link(BadInvite?)
        case lookingUp
        case preview
        /// The link is of `reference.server`, not of the server in force.
        case otherServer
        case claiming
        /// No answer of use to the look-up; the claim's failures are overlays.
        case failed(Retry)
        case joined(Joined)
    }

    /// The end of it.
    public struct Joined: Sendable, Hashable {
        public var mesh: MeshName
        public var membership: Membership
        /// One was a member before: no use was spent.
        public var wasMember: Bool

        public init(mesh: MeshName, membership: Membership, wasMember: Bool) {
            self.mesh = mesh
            self.membership = membership
            self.wasMember = wasMember
        }
    }

    public var phase: Phase = .link(nil)
    public var reference: InviteReference?
    /// Kept while it is claimed, and where a problem came up after it was seen (it names the inviter).
    public var preview: InvitePreview?
    /// "Sign in first, then join": hides the step while there is no identity.
    public var signsInFirst = false
    /// Kept over retries, so that two claims spend one use.
    public var idempotencyKey = ""

    public init() {}

    /// What was joined; nil before.
    public var joined: Joined? {
        if case .joined(let joined) = phase { joined } else { nil }
    }

    public var isJoined: Bool { joined != nil }
}
