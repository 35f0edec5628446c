// The end of a membership, in its transaction: what lives in the mesh by it ends too, and every way by which they could walk
// back in.

internal import FoundationEssentials
internal import MeshAPI
internal import MeshStore

struct Departure {
    let meshID: String
    let memberID: String
    /// Who ends it: themselves, or whoever may.
    let actorID: String
    let transaction: Transaction
    let now: Date

    /// Leaves, or is removed: what waits for them expires.
    func leave() throws {
        try end(.removed)
        // Nobody can let in any more who has left.
        let held = try transaction.receipts.held(at: nil, from: memberID, meshID: meshID, now: now)
        try transaction.receipts.end(held, as: .expired, at: now)
        guard let member = try transaction.accounts.account(id: memberID), member.kind == .guest,
            try transaction.memberships.count(accountID: memberID) == 0
        else { return }
        try endGuest()
    }

    /// Is banned: what they said and nobody saw is taken back, and the invite that a guest came by is over.
    func ban() throws {
        let invite = try transaction.memberships.inviteID(meshID: meshID, accountID: memberID)
        try end(.banned)
        try transaction.receipts.withdrawAll(from: memberID, meshID: meshID, note: RecipientReason.banned, at: now)
        if let guest = try transaction.accounts.account(id: memberID), guest.kind == .guest {
            if let invite, try transaction.invites.revoke(id: invite, meshID: meshID, at: now) {
                try transaction.audit.record(.inviteRevoked, actor: actorID, subject: invite, at: now)
            }
            try endGuest()
        }
        try transaction.bans.insert(memberID, meshID: meshID, by: actorID, at: now)
    }

    private func end(_ reason: TokenEnd) throws {
        try transaction.memberships.delete(meshID: meshID, accountID: memberID)
        try transaction.invites.revokeAll(of: memberID, meshID: meshID, by: actorID, at: now)
        try transaction.meshKeys.revokeAll(of: memberID, meshID: meshID, by: actorID, at: now)
        try transaction.endedTokens.endAll(of: memberID, meshID: meshID, reason, by: actorID, at: now)
        try transaction.receipts.expireAll(of: memberID, meshID: meshID, at: now)
    }

    private func endGuest() throws {
        for credential in try transaction.credentials.live(of: memberID, kind: .guest, at: now)
        where try transaction.credentials.revoke(id: credential.id, at: now) {
            try transaction.audit.record(.sessionRevoked, subject: credential.id, at: now)
        }
    }
}
