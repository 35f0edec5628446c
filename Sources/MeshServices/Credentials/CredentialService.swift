// Whether a token is good, and for whom. Asked of the database on every request: a revocation holds at once.

package import FoundationEssentials
internal import MeshAPI
package import MeshStore

package struct CredentialService: Sendable {
    package let database: any Store
    let changes: MeshChanges
    let now: @Sendable () -> Date

    /// Whom `token` speaks for; notes its use. Throws 401 saying what is wrong with it.
    package func bearer(token: String) async throws -> Bearer {
        guard TokenForm.kind(of: token) != nil else { throw Refusal.unauthorized(.malformed) }
        let now = now()
        guard var bearer = try await database.lookUp({ try $0.credentials.bearer(digest: SecretDigest.of(token)) })
        else {
            throw Refusal.unauthorized(.unknown)
        }
        if let problem = Self.problem(bearer.credential, at: now) { throw Refusal.unauthorized(problem) }
        let last = bearer.credential.lastUsedAt
        if last.map({ now.timeIntervalSince($0) >= CredentialRow.touchSeconds }) ?? true {
            let credential = bearer.credential
            try await database.write(.nothing) { try $0.credentials.touch(credential, at: now) }
            if credential.slides {
                bearer.credential.expiresAt = now.addingTimeInterval(CredentialRow.slidingSeconds)
            }
        }
        return bearer
    }

    package static func problem(_ credential: CredentialRow, at now: Date) -> Refusal.Unauthorized? {
        if credential.revokedAt != nil { return .revoked }
        if let end = credential.expiresAt, end <= now { return .expired }
        if let end = credential.firstUseBy, end <= now { return .revoked }
        return nil
    }

    /// Revokes the sessions that were claimed and never used; their row in the audit says so.
    func revokeNeverUsed() async throws {
        let now = now()
        try await database.write { transaction in
            for credential in try transaction.credentials.neverUsed(at: now)
            where try transaction.credentials.revoke(id: credential.id, at: now) {
                try transaction.audit.record(.sessionRevoked, subject: credential.id, at: now)
            }
        }
    }
}
