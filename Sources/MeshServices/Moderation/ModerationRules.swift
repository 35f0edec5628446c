// Who may put whom out: an owner everybody but owners, an admin members, anybody their own sessions.

internal import FoundationEssentials
internal import MeshAPI
internal import MeshStore

struct Moderator: Sendable {
    let accountID: String
    let membership: Membership

    /// Throws 404 where the account does not belong to the mesh.
    init(_ accountID: String, meshID: String, in transaction: Transaction) throws {
        self.accountID = accountID
        membership = try transaction.meshes.require(meshID, for: accountID, atLeast: .member)
    }

    /// `theirs` is what the session's member is; nil where they do not belong to the mesh any more.
    func mayEnd(sessionOf ownerID: String, _ theirs: Membership?) -> Bool {
        ownerID == accountID || theirs.map(membership.moderates) ?? (membership != .member)
    }
}

extension KickSessions {
    /// Throws `invalid` where neither or both are said, or the time is none.
    func check() throws {
        guard (staleSeconds == nil) == (all == true) else {
            throw Refusal.invalid("stale_seconds", "Either stale_seconds or all says which.")
        }
        guard staleSeconds.map({ $0 >= 1 }) ?? true else {
            throw Refusal.invalid("stale_seconds", "stale_seconds is 1 or more.")
        }
    }

    /// Whether a session that lives is meant: all, or who has been idle so long. Of one that never says what it does nothing
    /// tells that it works.
    func means(_ presence: PresenceRow, at now: Date) -> Bool {
        guard presence.isLive(at: now) else { return false }
        guard let staleSeconds else { return true }
        return [.idle, .unknown].contains(presence.status(at: now))
            && now.timeIntervalSince(presence.statusAt) >= Double(staleSeconds)
    }
}
