// Presence: a session says every 30 seconds that it lives in a mesh; peers see it until it leaves or falls silent, and its
// mailbox is kept for seven days.

internal import FoundationEssentials
package import MeshAPI
package import MeshStore

package struct PresenceService: Sendable {
    let database: any Store
    let changes: MeshChanges
    let isLimited: Bool
    let now: @Sendable () -> Date

    /// So many live sessions may a member have in a mesh.
    static let mostPeers = 100

    /// Notes that a session lives. An id is the account's that used it first, while its row is kept. Throws `invalid`, 404,
    /// `session_taken`, `too_many_peers`, and 403 where the token is over.
    package func register(_ request: RegisterSession, meshID: String, by reader: Reader) async throws -> Peer {
        try SessionRules.check(request)
        if let own = reader.peer {
            guard own.sessionID == request.sessionId, own.tokenDigest == request.tokenHash, own.meshID == meshID else {
                throw Refusal.personOnly
            }
        }
        let (peer, isNew, left): (Peer, Bool, String?)
        do {
            (peer, isNew, left) = try await put(request, meshID: meshID, by: reader, .one(meshID))
        } catch StoreFailure.taken {
            // In another mesh somebody took that id meanwhile: whose it is is to be seen now.
            (peer, isNew, left) = try await put(request, meshID: meshID, by: reader, .everything)
        }
        // Whoever still listens with its former token looks, and is told that it moved.
        if let left { changes.post(left, to: [peer.sessionID]) }
        // Of one that lives on, with the same rights, nobody is told.
        if isNew { changes.post(meshID) }
        return peer
    }

    private func put(
        _ request: RegisterSession, meshID: String, by reader: Reader, _ scope: WriteScope
    ) async throws -> (Peer, isNew: Bool, left: String?) {
        let now = now()
        let isLimited = isLimited
        return try await database.write(scope) { transaction in
            if let end = try transaction.endedTokens.end(tokenDigest: request.tokenHash) { throw end.refusal }
            try transaction.bans.requireNone(reader.account.id, meshID: meshID)
            try transaction.meshes.require(meshID, for: reader.account.id, atLeast: .member)
            let registration = Registration(
                request: request, meshID: meshID, account: reader.account,
                credentialID: reader.peer?.credentialID ?? reader.credential.id, isOwn: reader.peer != nil,
                isLimited: isLimited, transaction: transaction, now: now)
            let former = try transaction.presences.kept(sessionID: request.sessionId)
            let isNew = former.map { $0.meshID != meshID || !$0.isLive(at: now) } ?? true
            let presence = try registration.put()
            if isNew { try transaction.changes.note(.peerJoined, meshID: meshID, subject: presence.sessionID, at: now) }
            // Its streams and polls read by what it might do before: they end, and it comes back.
            let isChanged = former.map { $0.meshID == meshID && $0.can != presence.can } ?? false
            if isChanged {
                try transaction.changes.note(
                    .peerDisconnected, meshID: meshID, subject: presence.sessionID, at: now)
            }
            let member = try transaction.memberships.name(meshID: meshID, accountID: reader.account.id)
            let chosen = try transaction.memberships.attentions(meshID: meshID, at: now)
            var peer = presence.peer(for: reader.account.id, member: member, chosen: chosen, at: now)
            peer.cursor = try EventCursor.now(meshID: meshID, in: transaction)?.text
            return (peer, isNew || isChanged, former.flatMap { $0.tokenDigest == request.tokenHash ? nil : $0.meshID })
        }
    }

    package func list(meshID: String, for reader: Reader, away: Bool, page: PageRequest) async throws -> Page<Peer> {
        let now = now()
        let (rows, chosen, waiting) = try await database.read { transaction in
            try reader.require(meshID, in: transaction)
            try Speaker(reader).require(.read)
            let rows = try transaction.presences.list(meshID: meshID, away: away, page: page, at: now)
            return (
                rows, try transaction.memberships.attentions(meshID: meshID, at: now),
                try transaction.receipts.waiting(of: reader.account.id, meshID: meshID)
            )
        }
        return page.page(rows) {
            Cursor(time: $0.0.since.milliseconds, id: $0.0.sessionID)
        } item: { presence, member in
            presence.peer(
                for: reader.account.id, member: member, chosen: chosen, waiting: waiting[presence.sessionID] ?? 0,
                at: now)
        }
    }

    /// What a session does, and what may wake it. A peer says it of itself, a member of theirs; a peer goes no wider than
    /// what its person chose. Throws `invalid`, 403 `person_only`, 404.
    package func change(_ sessionID: String, meshID: String, _ wanted: ChangeSession, by reader: Reader) async throws
        -> Peer
    {
        guard wanted.asks.map({ FieldRule.name.problem(of: $0) == nil }) ?? true else {
            throw Refusal.invalid("asks", "asks is the name of a tool, 1 to 64 visible characters.")
        }
        guard reader.peer.map({ $0.sessionID == sessionID }) ?? true else { throw Refusal.personOnly }
        let now = now()
        guard wanted.attentionUntil.map({ $0 > now && wanted.attention != nil }) ?? true else {
            throw Refusal.invalid("attention_until", "attention_until is a time to come, of an attention.")
        }
        let peer = try await database.write(.one(meshID)) { transaction in
            try reader.require(meshID, in: transaction)
            guard var presence = try transaction.presences.kept(sessionID: sessionID), presence.meshID == meshID,
                presence.accountID == reader.account.id
            else { throw Refusal.notFound }
            if let status = wanted.status {
                if status != presence.status { presence.statusAt = now }
                presence.status = status
                presence.asks = status == .asking ? wanted.asks : nil
            }
            if let attention = wanted.attention {
                if reader.peer == nil {
                    presence.attentionChosen = wanted.attentionUntil == nil ? attention : presence.attentionChosen
                } else if !attention.isWithin(presence.attentionChosen) {
                    throw Refusal.personOnly
                }
                presence.attention = attention
                presence.attentionUntil = wanted.attentionUntil
            }
            try transaction.presences.change(presence)
            try transaction.changes.note(.peerStatus, meshID: meshID, subject: sessionID, at: now)
            let member = try transaction.memberships.name(meshID: meshID, accountID: reader.account.id)
            let waiting = try transaction.receipts.waiting(of: reader.account.id, meshID: meshID)
            let chosen = try transaction.memberships.attentions(meshID: meshID, at: now)
            return presence.peer(
                for: reader.account.id, member: member, chosen: chosen, waiting: waiting[sessionID] ?? 0, at: now)
        }
        changes.post(meshID)
        return peer
    }

    /// Throws 404 where it is none of the account's.
    package func end(_ sessionID: String, meshID: String, by reader: Reader) async throws {
        guard reader.peer.map({ $0.sessionID == sessionID }) ?? true else { throw Refusal.personOnly }
        let now = now()
        let isGone = try await database.write(.one(meshID)) { transaction in
            let isGone = try transaction.presences.end(
                sessionID: sessionID, meshID: meshID, accountID: reader.account.id, at: now)
            if isGone { try transaction.changes.note(.peerLeft, meshID: meshID, subject: sessionID, at: now) }
            return isGone
        }
        guard isGone else { throw Refusal.notFound }
        changes.post(meshID)
    }
}

extension Refusal {
    static let tooManyPeers = Refusal(
        .tooManyRequests, "too_many_peers", "A member has at most \(PresenceService.mostPeers) live sessions in a mesh."
    )
}
