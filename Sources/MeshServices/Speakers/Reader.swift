// Who may look at a mesh and speak in it: the bearer of a token, a session by its own token while it is kept, or a script by
// a mesh key.

internal import FoundationEssentials
package import MeshAPI
package import MeshStore

package struct Reader: Sendable {
    package var account: AccountRow
    package var credential: CredentialInfo
    /// The session whose own token it is; nil for a bearer.
    var peer: PresenceRow?
    /// The mesh key; the account is its maker's.
    package var key: MeshKeyRow?
    /// Whether its session was seen to belong to its mesh when its token was looked up.
    var isMemberThere = false

    package init(
        account: AccountRow, credential: CredentialInfo, peer: PresenceRow? = nil, key: MeshKeyRow? = nil
    ) {
        (self.account, self.credential, self.peer, self.key) = (account, credential, peer, key)
    }

    /// The one mesh a session's token or a key sees; nil for a bearer.
    var onlyMesh: String? { peer?.meshID ?? key?.meshID }

    /// Throws 404 where the reader does not belong to the mesh.
    package func require(_ meshID: String, in transaction: Transaction) throws {
        guard onlyMesh == nil || onlyMesh == meshID else { throw Refusal.notFound }
        try transaction.meshes.require(meshID, for: account.id, atLeast: .member)
    }

    /// As `require`, before a transaction that sees for itself: what was looked up with the token of this request is not
    /// looked up again.
    package func require(_ meshID: String, before database: any Store) async throws {
        if isMemberThere && onlyMesh == meshID { return }
        try await database.lookUp { try require(meshID, in: $0) }
    }
}

extension Reader {
    init(account: AccountRow, peer: PresenceRow, expiresAt: Date?) {
        let info = CredentialInfo(id: peer.sessionID, kind: .peer, name: peer.displayName, expiresAt: expiresAt)
        self.init(account: account, credential: info, peer: peer)
    }
}

/// A session whose right to ask is in order, in one statement: nearly every one is.
struct SessionReaderRows {
    let transaction: Transaction

    private static let select = """
        SELECT \(PresenceRow.columns(of: "p")), a.kind, a.name, a.email, a.password, a.password_changed_at, a.created_at,
            c.expires_at
        FROM presences p
        JOIN memberships s ON s.mesh_id = p.mesh_id AND s.account_id = p.account_id
        JOIN meshes m ON m.id = p.mesh_id AND m.archived_at IS NULL
        JOIN accounts a ON a.id = p.account_id
        JOIN credentials c ON c.id = p.credential_id AND c.revoked_at IS NULL
            AND (c.expires_at IS NULL OR c.expires_at > ?2) AND (c.first_use_by IS NULL OR c.first_use_by > ?2)
        WHERE p.token_digest = ?1
            AND NOT EXISTS (SELECT 1 FROM ended_tokens e WHERE e.token_digest = p.token_digest)
        """

    /// Nil where anything is not as it should be: what, is asked for step by step.
    func reader(tokenDigest: String, at now: Date) throws -> Reader? {
        try transaction.first(Self.select, tokenDigest, now.milliseconds) { row -> Reader? in
            let presence = try PresenceRow(row)
            guard presence.isKept(at: now) else { return nil }
            let next = PresenceRow.columnCount
            let account = AccountRow(
                id: presence.accountID, kind: AccountRow.Kind(rawValue: try row[next]) ?? .person,
                name: try row[next + 1], email: try row[next + 2], password: try row[next + 3],
                passwordChangedAt: try row.date(next + 4),
                createdAt: try row.date(next + 5))
            let expiresAt = try row.dateIfAny(next + 6)
            var reader = Reader(account: account, peer: presence, expiresAt: expiresAt)
            reader.isMemberThere = true
            return reader
        }.flatMap { $0 }
    }
}

extension Transaction {
    var sessionReaders: SessionReaderRows { SessionReaderRows(transaction: self) }
}
