// A guest who signs in: what they have in a mesh becomes their account's. Where the account was in the mesh already, it keeps
// its membership and handle, and what both have is one.

internal import FoundationEssentials
internal import MeshAPI
internal import MeshStore

struct GuestAdoption {
    let transaction: Transaction
    let guest: AccountRow
    let account: AccountRow
    /// With which the account's sessions go on.
    let credentialID: String
    let now: Date

    func take(_ meshID: String) throws {
        let rows = GuestRows(transaction: transaction, meshID: meshID, guestID: guest.id, accountID: account.id)
        let wasMember = try transaction.memberships.membership(meshID: meshID, accountID: account.id) != nil
        try transaction.memberships.move(meshID: meshID, from: guest.id, to: account.id)
        let live = try takeSessions(meshID)
        try takeMailboxes(rows, meshID)
        try rows.moveAuthorship()
        try rows.moveTopics()
        try rows.moveGrants()
        try rows.moveRest()
        try transaction.changes.note(
            .memberLeft, meshID: meshID, subject: guest.id, by: account.id, detail: guest.name, at: now)
        if !wasMember {
            try transaction.changes.note(.memberJoined, meshID: meshID, subject: account.id, by: account.id, at: now)
        }
        for sessionID in live {
            try transaction.changes.note(.peerStatus, meshID: meshID, subject: sessionID, at: now)
        }
    }

    /// Sessions go on as the account's, by their own tokens. Returns those that live.
    private func takeSessions(_ meshID: String) throws -> [String] {
        let sessions = try transaction.presences.all(meshID: meshID, at: now).filter { $0.accountID == guest.id }
        for session in sessions {
            var handle = session.handle
            if session.isLive(at: now),
                try !transaction.handles.isFreeForPeer(
                    handle, sessionID: session.sessionID, accountID: account.id, meshID: meshID, at: now)
            {
                handle = try transaction.handles.forPeer(
                    named: session.displayName, sessionID: session.sessionID, accountID: account.id, meshID: meshID,
                    at: now)
            }
            try transaction.presences.move(
                sessionID: session.sessionID, to: account.id, credentialID: credentialID, handle: handle)
        }
        return sessions.filter { $0.isLive(at: now) }.map(\.sessionID)
    }

    /// What waits is told of once more: to the account it is new.
    private func takeMailboxes(_ rows: GuestRows, _ meshID: String) throws {
        let waiting = try rows.moveMailboxes()
        guard let head = try transaction.heads.take(meshID: meshID, changes: waiting.count) else { return }
        for (index, receipt) in waiting.enumerated() {
            try transaction.receipts.renumber(receipt, change: head.change - waiting.count + index + 1)
        }
    }
}
