// Mesh keys: made, listed and revoked by owners and admins. The secret is shown once, and stored as SHA-256.

internal import FoundationEssentials
package import MeshAPI
package import MeshStore
internal import Platform

package struct KeyService: Sendable {
    let database: any Store
    let changes: MeshChanges
    let now: @Sendable () -> Date

    static let mostTopics = 50

    /// Throws `invalid`, 403, 404.
    package func create(_ wanted: CreateKey, meshID: String, by account: AccountRow) async throws -> MeshKey {
        let label = wanted.label.trimmingWhitespace()
        guard FieldRule.label.problem(of: label) == nil else {
            throw Refusal.invalid("label", "label has 1 to 64 visible characters and no controls.")
        }
        let can = Ability.allCases.filter { (wanted.can ?? [.send]).contains($0) }
        guard !can.isEmpty else { throw Refusal.invalid("can", "can is one or more of send, read and topics.") }
        guard wanted.expiresInDays.map((1...CredentialService.mostDays).contains) ?? true else {
            throw Refusal.invalid("expires_in_days", "expires_in_days is 1 to \(CredentialService.mostDays).")
        }
        guard wanted.topics.map({ (1...Self.mostTopics).contains($0.count) }) ?? true else {
            throw Refusal.invalid("topics", "topics has 1 to \(Self.mostTopics) names.")
        }
        let secret = TokenForm.make(.key, bytes: randomBytes(32))
        let now = now()
        return try await database.write { transaction in
            try transaction.meshes.require(meshID, for: account.id, atLeast: .admin)
            let key = MeshKeyRow(
                id: Identifier.make(), meshID: meshID, label: label, can: can,
                topics: try Self.topics(wanted.topics, meshID, in: transaction),
                by: MemberName(id: account.id, name: account.name), createdAt: now,
                expiresAt: wanted.expiresInDays.map { now.addingTimeInterval(Double($0) * 86_400) })
            try transaction.meshKeys.insert(key, digest: SecretDigest.of(secret))
            try transaction.audit.record(.keyCreated, actor: account.id, subject: "\(meshID)/\(key.id)", at: now)
            return key.wire(secret: secret)
        }
    }

    package func list(meshID: String, for account: AccountRow, page: PageRequest) async throws -> Page<MeshKey> {
        let now = now()
        let rows = try await database.read { transaction in
            try transaction.meshes.require(meshID, for: account.id, atLeast: .admin)
            return try transaction.meshKeys.list(meshID: meshID, page: page, at: now)
        }
        return page.page(rows) {
            Cursor(time: $0.createdAt.milliseconds, id: $0.id)
        } item: {
            $0.wire()
        }
    }

    /// Throws 403, and 404 where there is none, or it was revoked before.
    package func revoke(_ id: String, meshID: String, by account: AccountRow) async throws {
        let now = now()
        try await database.write { transaction in
            try transaction.meshes.require(meshID, for: account.id, atLeast: .admin)
            guard try transaction.meshKeys.revoke(id: id, meshID: meshID, by: account.id, at: now) else {
                throw Refusal.notFound
            }
        }
        changes.post(meshID)
    }

    /// With `#` or without, each once.
    private static func topics(_ names: [String]?, _ meshID: String, in transaction: Transaction) throws
        -> [MeshKeyRow.KeyTopic]?
    {
        guard let names else { return nil }
        var topics: [MeshKeyRow.KeyTopic] = []
        for name in names {
            let name = name.hasPrefix("#") ? String(name.dropFirst()) : name
            guard let topic = try transaction.topics.topic(named: name, meshID: meshID) else {
                throw Refusal.invalid("topics", "There is no #\(name) here.")
            }
            let made = MeshKeyRow.KeyTopic(id: topic.id, name: topic.name)
            if !topics.contains(made) { topics.append(made) }
        }
        return topics.sorted { $0.name < $1.name }
    }
}
