// Putting sessions out of a mesh, and members. Each deed, its trace in the audit and the change that ends open streams are one
// transaction, alone among all writes.

internal import FoundationEssentials
package import MeshAPI
package import MeshStore

package struct ModerationService: Sendable {
    let database: any Store
    let changes: MeshChanges
    let now: @Sendable () -> Date

    /// Its streams and held polls end, and it comes back. Throws 403, 404.
    package func disconnect(_ sessionID: String, meshID: String, by account: AccountRow) async throws {
        let now = now()
        try await database.write { transaction in
            _ = try Self.session(sessionID, meshID, by: account, in: transaction)
            try transaction.audit.record(
                .peerDisconnected, actor: account.id, subject: "\(meshID)/\(sessionID)", at: now)
            try transaction.changes.note(
                .peerDisconnected, meshID: meshID, subject: sessionID, by: account.id, at: now)
        }
        changes.post(meshID)
    }

    /// Its token is over, and stays so; what waits for it is kept for whoever comes back under its handle. Done before, it is
    /// done. Throws 403, 404.
    package func kick(_ sessionID: String, meshID: String, by account: AccountRow) async throws {
        let now = now()
        try await database.write { transaction in
            let presence = try Self.session(sessionID, meshID, by: account, in: transaction)
            try Self.kick(presence, by: account, in: transaction, at: now)
        }
        changes.post(meshID)
    }

    /// Those that live, are meant, and may be put out by the caller. Throws `invalid`, 404.
    package func kick(_ which: KickSessions, meshID: String, by account: AccountRow) async throws -> KickedSessions {
        try which.check()
        let now = now()
        let kicked = try await database.write { transaction in
            let moderator = try Moderator(account.id, meshID: meshID, in: transaction)
            var kicked: [KickedSessions.Item] = []
            for presence in try transaction.presences.all(meshID: meshID, at: now) where which.means(presence, at: now)
            {
                let theirs = try transaction.memberships.membership(meshID: meshID, accountID: presence.accountID)
                guard moderator.mayEnd(sessionOf: presence.accountID, theirs) else { continue }
                try Self.kick(presence, by: account, in: transaction, at: now)
                kicked.append(.init(sessionId: presence.sessionID, displayName: presence.displayName))
            }
            return KickedSessions(kicked: kicked)
        }
        changes.post(meshID)
        return kicked
    }

    /// A member is out, with all by which they were in. Throws 403, 404.
    package func ban(_ memberID: String, meshID: String, by account: AccountRow) async throws {
        let now = now()
        try await database.write { transaction in
            let moderator = try Moderator(account.id, meshID: meshID, in: transaction)
            guard let theirs = try transaction.memberships.membership(meshID: meshID, accountID: memberID) else {
                throw Refusal.notFound
            }
            guard moderator.membership.moderates(theirs) else { throw Refusal.forbidden }
            let name = try transaction.accounts.account(id: memberID)?.name
            try Departure(
                meshID: meshID, memberID: memberID, actorID: account.id, transaction: transaction, now: now
            ).ban()
            try transaction.audit.record(
                .memberBanned, actor: account.id, subject: "\(meshID)/\(memberID)", at: now)
            try transaction.changes.note(
                .memberBanned, meshID: meshID, subject: memberID, by: account.id, detail: name, at: now)
        }
        changes.post(meshID)
    }

    /// They may join again, by an invite. Throws 403, and 404 where they were not banned.
    package func unban(_ memberID: String, meshID: String, by account: AccountRow) async throws {
        let now = now()
        try await database.write { transaction in
            try transaction.meshes.require(meshID, for: account.id, atLeast: .admin)
            guard try transaction.bans.delete(memberID, meshID: meshID) else { throw Refusal.notFound }
            try transaction.audit.record(
                .memberUnbanned, actor: account.id, subject: "\(meshID)/\(memberID)", at: now)
            try transaction.changes.note(
                .memberUnbanned, meshID: meshID, subject: memberID, by: account.id,
                detail: try transaction.accounts.account(id: memberID)?.name, at: now)
        }
        changes.post(meshID)
    }

    /// For owners and admins. Throws 403, 404.
    package func bans(meshID: String, for account: AccountRow, page: PageRequest) async throws -> Page<Ban> {
        let rows = try await database.read { transaction in
            try transaction.meshes.require(meshID, for: account.id, atLeast: .admin)
            return try transaction.bans.list(meshID: meshID, page: page)
        }
        return page.page(rows) {
            Cursor(time: $0.bannedAt.milliseconds, id: $0.id)
        } item: {
            $0
        }
    }

    /// A session of the mesh, live or kept, that the account may put out.
    private static func session(
        _ sessionID: String, _ meshID: String, by account: AccountRow, in transaction: Transaction
    ) throws -> PresenceRow {
        let moderator = try Moderator(account.id, meshID: meshID, in: transaction)
        guard let presence = try transaction.presences.kept(sessionID: sessionID), presence.meshID == meshID else {
            throw Refusal.notFound
        }
        let theirs = try transaction.memberships.membership(meshID: meshID, accountID: presence.accountID)
        guard moderator.mayEnd(sessionOf: presence.accountID, theirs) else { throw Refusal.forbidden }
        return presence
    }

    private static func kick(
        _ presence: PresenceRow, by account: AccountRow, in transaction: Transaction, at now: Date
    ) throws {
        guard try transaction.endedTokens.end(tokenDigest: presence.tokenDigest) == nil else { return }
        let (meshID, sessionID) = (presence.meshID, presence.sessionID)
        try transaction.endedTokens.insert(presence, .kicked, by: account.id, at: now)
        try transaction.presences.putOut(sessionID: sessionID, at: now)
        try transaction.audit.record(.peerKicked, actor: account.id, subject: "\(meshID)/\(sessionID)", at: now)
        try transaction.changes.note(.peerKicked, meshID: meshID, subject: sessionID, by: account.id, at: now)
    }
}
