// Who came and went, and what became of topics: hints, after which a client reads the lists.

internal import FoundationEssentials
internal import MeshStore
internal import MeshAPI

extension EventRows {
    func addChanges(
        to slice: inout EventSlice, after: EventCursor, _ head: MeshHead, _ viewer: Viewer, at now: Date
    ) throws {
        let changes = try transaction.changes.list(
            meshID: viewer.meshID, after: after.change, upTo: head.change, limit: Self.receiptLimit + 1)
        slice.isDisconnected = changes.contains { $0.kind == .peerDisconnected && $0.subjectID == viewer.id }
        guard viewer.reads else { return slice.add([], changes: changes.map(\.change), limit: Self.receiptLimit) }
        let last = Dictionary(changes.map { ($0.subjectID, $0.change) }) { max($0, $1) }
        let items = try changes.compactMap { change -> EventItem? in
            // What a session did meanwhile does not matter any more.
            if change.kind == .peerStatus && last[change.subjectID] != change.change { return nil }
            return try event(change, viewer, at: now).map { EventItem(change: change.change, event: $0) }
        }
        slice.add(items, changes: changes.map(\.change), limit: Self.receiptLimit)
    }

    private func event(_ change: MeshChange, _ viewer: Viewer, at now: Date) throws -> Event? {
        let id = change.subjectID
        switch change.kind {
        case .peerJoined: return try peer(id, viewer, at: now).map { .peer(.joined, $0) }
        case .peerLeft, .peerKicked: return try peer(id, viewer, at: now).map { .peer(.left, $0) }
        case .peerStatus: return try peer(id, viewer, at: now).map { .peer(.status, $0) }
        case .memberJoined: return .member(.joined, try member(change, viewer))
        case .memberLeft: return .member(.left, try member(change, viewer))
        case .memberRemoved: return .member(.removed, try member(change, viewer))
        case .memberBanned: return .member(.banned, try member(change, viewer))
        case .memberUnbanned: return .member(.unbanned, try member(change, viewer))
        case .topicCreated: return try topic(change).map { .topic(.created, $0) }
        case .topicChanged: return try topic(change).map { .topic(.changed, $0) }
        case .topicDeleted: return try topic(change).map { .topic(.deleted, $0) }
        case .messageWithdrawn: return .withdrawn(messageID: id)
        case .peerDisconnected, .keyRevoked, .meshArchived: return nil
        }
    }

    private func peer(_ sessionID: String, _ viewer: Viewer, at now: Date) throws -> Peer? {
        guard let row = try transaction.presences.kept(sessionID: sessionID), row.meshID == viewer.meshID else {
            return nil
        }
        let name = try transaction.first(
            """
            SELECT a.id AS account_id, a.name AS member_name, s.handle AS member_handle FROM accounts a
            LEFT JOIN memberships s ON s.account_id = a.id AND s.mesh_id = ?2 WHERE a.id = ?1
            """, row.accountID, viewer.meshID)
        let chosen = try transaction.memberships.attentions(meshID: viewer.meshID, at: now)
        return try name.map { row.peer(for: viewer.accountID, member: try $0.memberName, chosen: chosen, at: now) }
    }

    private func member(_ change: MeshChange, _ viewer: Viewer) throws -> Event.NamedMember {
        let name = try transaction.accounts.account(id: change.subjectID)?.name ?? change.detail ?? ""
        let membership = try transaction.memberships.membership(
            meshID: viewer.meshID, accountID: change.subjectID)
        return Event.NamedMember(id: change.subjectID, name: name, membership: membership)
    }

    private func topic(_ change: MeshChange) throws -> Event.NamedTopic? {
        try transaction.first("SELECT id, name FROM topics WHERE id = ?1", change.subjectID).map {
            Event.NamedTopic(id: try $0["id"], name: try $0["name"], former: change.detail)
        }
    }
}
