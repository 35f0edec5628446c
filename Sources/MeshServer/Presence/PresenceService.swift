// Presence: a session says every 30 seconds that it lives in a mesh; peers see it until it leaves or falls silent.

internal import FoundationEssentials
internal import MeshAPI
internal import MeshStore

struct PresenceService: Sendable {
    let database: any Store
    let now: @Sendable () -> Date

    /// Notes that a session lives. An id is the account's that used it first, while its row is kept. Throws `invalid`, 404,
    /// and `session_taken`.
    func register(_ request: RegisterSession, meshID: String, bearer: Bearer) async throws -> Peer {
        try Self.check(request)
        let now = now()
        return try await database.write { transaction in
            try transaction.meshes.require(meshID, for: bearer.account.id, atLeast: .member)
            let former = try transaction.presences.kept(sessionID: request.sessionId)
            let sameToken = try transaction.presences.kept(tokenDigest: request.tokenHash)
            let other = sameToken.flatMap { $0.sessionID == request.sessionId ? nil : $0 }
            let isOthers = [former, other].contains { $0.map { $0.accountID != bearer.account.id } ?? false }
            guard !isOthers, other?.isLive(at: now) != true else {
                throw Refusal.conflict("session_taken", "Another session has that id or token.")
            }
            if let other { try transaction.presences.delete(sessionID: other.sessionID) }
            let isSame = former.map { $0.meshID == meshID && $0.isLive(at: now) } ?? false
            let presence = PresenceRow(
                sessionID: request.sessionId, meshID: meshID, accountID: bearer.account.id,
                credentialID: bearer.credential.id, displayName: request.displayName.trimmingWhitespace(),
                role: request.role?.trimmingWhitespace(), pid: request.pid, host: request.host,
                tokenDigest: request.tokenHash, since: isSame ? former?.since ?? now : now, heardAt: now)
            try transaction.presences.put(presence)
            return presence.peer(for: bearer.account.id)
        }
    }

    func list(meshID: String, for reader: Reader, page: PageRequest) async throws -> Page<Peer> {
        let now = now()
        let rows = try await database.read { transaction in
            try reader.require(meshID, in: transaction)
            return try transaction.presences.list(meshID: meshID, page: page, at: now)
        }
        return page.page(rows) {
            Cursor(time: $0.since.milliseconds, id: $0.sessionID)
        } item: {
            $0.peer(for: reader.account.id)
        }
    }

    /// Throws 404 where it is none of the account's.
    func end(_ sessionID: String, meshID: String, by account: Account) async throws {
        let now = now()
        let isGone = try await database.write {
            try $0.presences.end(sessionID: sessionID, meshID: meshID, accountID: account.id, at: now)
        }
        guard isGone else { throw Refusal.notFound }
    }

    private static func check(_ request: RegisterSession) throws {
        let id = request.sessionId
        guard (1...64).contains(id.utf8.count), id.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }) else {
            throw Refusal.invalid("session_id", "session_id has 1 to 64 visible ASCII characters.")
        }
        guard FieldRule.name.problem(of: request.displayName) == nil else {
            throw Refusal.invalid("display_name", "display_name has 1 to 64 visible characters and no controls.")
        }
        guard request.role.map({ FieldRule.role.problem(of: $0) == nil }) ?? true else {
            throw Refusal.invalid("role", "role has 1 to 32 visible characters and no controls.")
        }
        guard (1...Int(UInt32.max)).contains(request.pid) else {
            throw Refusal.invalid("pid", "pid is the number of a process.")
        }
        guard FieldRule(maxCharacters: 255).problem(of: request.host) == nil else {
            throw Refusal.invalid("host", "host has 1 to 255 visible characters and no controls.")
        }
        let digits = Set("0123456789abcdef".utf8)
        guard request.tokenHash.utf8.count == 64, request.tokenHash.utf8.allSatisfy(digits.contains) else {
            throw Refusal.invalid("token_hash", "token_hash has 64 hex digits, lower case.")
        }
    }
}
