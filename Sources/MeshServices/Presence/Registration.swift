// One registration in its transaction: whose the id is, which handle it gets, and what waits there for it.

internal import FoundationEssentials
internal import MeshAPI
internal import MeshStore

struct Registration {
    let request: RegisterSession
    let meshID: String
    let account: AccountRow
    let credentialID: String
    /// Whether the session renews itself, by its own token.
    let isOwn: Bool
    let isLimited: Bool
    let transaction: Transaction
    let now: Date

    func put() throws -> PresenceRow {
        let (former, replaced) = try former()
        let isHere = former?.meshID == meshID
        let isSame = isHere && former?.isLive(at: now) == true
        if isLimited, !isSame,
            try transaction.presences.liveCount(of: account.id, meshID: meshID, but: request.sessionId, at: now)
                >= PresenceService.mostPeers
        {
            throw Refusal.tooManyPeers
        }
        if let former, former.tokenDigest != request.tokenHash {
            try transaction.endedTokens.insert(former, .moved, by: account.id, at: now)
        }
        let isRenewed = isHere && former?.tokenDigest == request.tokenHash
        let kept = isRenewed ? former : nil
        let name = request.displayName.trimmingWhitespace()
        let presence = PresenceRow(
            sessionID: request.sessionId, meshID: meshID, accountID: account.id, credentialID: credentialID,
            displayName: name, role: request.role?.trimmingWhitespace(), pid: request.pid, host: request.host,
            tokenDigest: request.tokenHash, since: isSame ? former?.since ?? now : now, heardAt: now,
            handle: try handle(named: name, after: isHere ? former : nil), directory: request.directory,
            receives: request.receives ?? .nothing, can: isOwn ? kept?.can : request.can, lane: kept?.lane,
            status: isSame ? former?.status ?? .unknown : .unknown, statusAt: isSame ? former?.statusAt ?? now : now,
            asks: isSame ? former?.asks : nil, attention: kept?.attention ?? request.attention ?? .open,
            attentionChosen: kept?.attentionChosen ?? request.attention ?? .open, attentionUntil: kept?.attentionUntil)
        try transaction.presences.put(presence)
        if let replaced, replaced.meshID == meshID { try takeOver(from: replaced.sessionID, presence) }
        if !isSame { try takeOver(presence) }
        return presence
    }

    /// The row of that id, where it is the account's, and that of another session of theirs that had this token and lives no
    /// more: its row goes, since a token is one session's. Throws `session_taken`.
    private func former() throws -> (PresenceRow?, replaced: PresenceRow?) {
        let former = try transaction.presences.kept(sessionID: request.sessionId)
        let sameToken = try transaction.presences.kept(tokenDigest: request.tokenHash)
        let other = sameToken.flatMap { $0.sessionID == request.sessionId ? nil : $0 }
        let isOthers = [former, other].contains { $0.map { $0.accountID != account.id } ?? false }
        guard !isOthers, other?.isLive(at: now) != true else {
            throw Refusal.conflict("session_taken", "Another session has that id or token.")
        }
        if let other { try transaction.presences.delete(sessionID: other.sessionID) }
        return (former, other)
    }

    /// A live peer keeps the handle it was given; one that comes back too, where nobody live has it now.
    private func handle(named name: String, after former: PresenceRow?) throws -> String {
        let wanted = former.flatMap { former in
            former.isLive(at: now) || former.displayName == name ? former.handle : nil
        }
        if let former, let wanted, !wanted.isEmpty, former.isLive(at: now) { return wanted }
        if let wanted, !wanted.isEmpty,
            try transaction.handles.isFreeForPeer(
                wanted, sessionID: request.sessionId, accountID: account.id, meshID: meshID, at: now)
        {
            return wanted
        }
        return try transaction.handles.forPeer(
            named: name, sessionID: request.sessionId, accountID: account.id, meshID: meshID, at: now)
    }

    /// What waits unseen at kept sessions of this handle is this one's now.
    private func takeOver(_ presence: PresenceRow) throws {
        let away = try transaction.presences.away(
            handle: presence.handle, accountID: account.id, meshID: meshID, but: presence.sessionID, at: now)
        for sessionID in away { try takeOver(from: sessionID, presence) }
    }

    private func takeOver(from sessionID: String, _ presence: PresenceRow) throws {
        try transaction.notifications.move(from: sessionID, to: presence.sessionID, meshID: meshID)
        let waiting = try transaction.receipts.waiting(at: sessionID, meshID: meshID)
        guard !waiting.isEmpty,
            let head = try transaction.heads.take(meshID: meshID, changes: waiting.count)
        else { return }
        for (index, messageID) in waiting.enumerated() {
            try transaction.receipts.move(
                messageID, from: sessionID, to: presence.sessionID,
                change: head.change - waiting.count + index + 1, at: now)
        }
    }
}
