// Whom a session's own token, or a mesh key, speaks for: asked of the database on every request, as of a bearer's.

internal import FoundationEssentials
internal import MeshAPI
internal import MeshStore

extension CredentialService {
    /// The reader of a session that is kept and whose credential is still good. Throws 401, and 403 where it is over.
    package func reader(sessionToken token: String) async throws -> Reader {
        let now = now()
        let digest = SecretDigest.of(token)
        if let reader = try await database.lookUp({ try $0.sessionReaders.reader(tokenDigest: digest, at: now) }) {
            return reader
        }
        return try await database.read { transaction in
            if let end = try transaction.endedTokens.end(tokenDigest: digest) { throw end.refusal }
            guard let presence = try transaction.presences.kept(tokenDigest: digest), presence.isKept(at: now),
                let credential = try transaction.credentials.credential(id: presence.credentialID),
                let account = try transaction.accounts.account(id: presence.accountID)
            else { throw Refusal.unauthorized(.unknown) }
            if let problem = Self.problem(credential, at: now) { throw Refusal.unauthorized(problem) }
            return Reader(account: account, peer: presence, expiresAt: credential.expiresAt)
        }
    }

    /// Whom a mesh key speaks for; notes its use. Throws 401.
    package func reader(key token: String) async throws -> Reader {
        guard TokenForm.kind(of: token, among: [.key]) != nil else { throw Refusal.unauthorized(.malformed) }
        let now = now()
        let found = try await database.lookUp { transaction -> (MeshKeyRow, AccountRow)? in
            guard let key = try transaction.meshKeys.key(digest: SecretDigest.of(token)),
                let maker = try transaction.accounts.account(id: key.by.id)
            else { return nil }
            return (key, maker)
        }
        guard let (key, maker) = found else { throw Refusal.unauthorized(.unknown) }
        if let problem = key.problem(at: now) { throw Refusal.unauthorized(problem) }
        if key.lastUsedAt.map({ now.timeIntervalSince($0) >= CredentialRow.touchSeconds }) ?? true {
            try await database.write(.nothing) { try $0.meshKeys.touch(id: key.id, at: now) }
        }
        let info = CredentialInfo(id: key.id, kind: .key, name: key.label, expiresAt: key.expiresAt)
        return Reader(account: maker, credential: info, key: key)
    }
}
