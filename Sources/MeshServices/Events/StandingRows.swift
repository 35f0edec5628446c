// Whether somebody who reads a mesh may still do so: looked at before each batch of events.

internal import FoundationEssentials
internal import MeshStore
internal import MeshAPI

struct StandingRows {
    let transaction: Transaction

    /// Why it is over for the viewer; nil while it is not.
    func end(of viewer: Viewer, at now: Date) throws -> Event.End? {
        let mesh = try transaction.first(
            "SELECT archived_at FROM meshes WHERE id = ?1", viewer.meshID, as: { try $0["archived_at"] as Int64? })
        guard let archivedAt = mesh, archivedAt == nil else { return .archived }
        if let peer = viewer.speaker.peer, let end = try self.end(of: peer) { return end }
        if viewer.party == .key, try !isGood(viewer, at: now) { return .credential }
        guard try transaction.memberships.membership(meshID: viewer.meshID, accountID: viewer.accountID) != nil else {
            return try transaction.bans.has(viewer.accountID, meshID: viewer.meshID) ? .banned : .removed
        }
        return try isGood(viewer, at: now) ? nil : .credential
    }

    private func end(of peer: PresenceRow) throws -> Event.End? {
        if let end = try transaction.endedTokens.end(tokenDigest: peer.tokenDigest) {
            return Event.End(rawValue: end.reason.rawValue) ?? .moved
        }
        guard let now = try transaction.presences.kept(sessionID: peer.sessionID) else { return nil }
        return now.meshID == peer.meshID && now.tokenDigest == peer.tokenDigest ? nil : .moved
    }

    private func isGood(_ viewer: Viewer, at now: Date) throws -> Bool {
        if viewer.party == .key {
            return try transaction.meshKeys.key(id: viewer.id).map { $0.problem(at: now) == nil } ?? false
        }
        switch viewer.proof {
        case .browser(let digest): return try transaction.webSessions.live(digest: digest, at: now) != nil
        case .credential(let id):
            let credential = try transaction.credentials.credential(id: id)
            return credential.map { CredentialService.problem($0, at: now) == nil } ?? false
        }
    }
}

extension Transaction {
    var standing: StandingRows { StandingRows(transaction: self) }
}
