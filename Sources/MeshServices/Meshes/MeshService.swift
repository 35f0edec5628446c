// Meshes: listing, making, renaming and archiving them.

internal import FoundationEssentials
package import MeshAPI
package import MeshStore
internal import Text

package struct MeshService: Sendable {
    let database: any Store
    let changes: MeshChanges
    let now: @Sendable () -> Date

    package func list(_ account: AccountRow, query: String?, page: PageRequest) async throws -> Page<Mesh> {
        guard (query ?? "").count <= FieldRule.name.maxCharacters else {
            throw Refusal.invalid("q", "q has at most \(FieldRule.name.maxCharacters) characters.")
        }
        guard !(query ?? "").unicodeScalars.contains(where: InertText.isControl) else {
            throw Refusal.invalid("q", "q has no control characters.")
        }
        let now = now()
        let rows = try await database.read { transaction in
            try transaction.meshes.list(accountID: account.id, query: query?.folded(), page: page).map { mesh in
                var mesh = mesh
                mesh.here = try transaction.presences.here(meshID: mesh.id, at: now)
                mesh.unread = try transaction.events.waiting(for: account.id, meshID: mesh.id)
                mesh.attention = try transaction.memberships.attention(
                    meshID: mesh.id, accountID: account.id, at: now)
                return mesh
            }
        }
        return page.page(rows) {
            Cursor(time: $0.joinedAt.milliseconds, id: $0.id)
        } item: {
            $0
        }
    }

    /// A mesh the reader belongs to; throws 404.
    package func mesh(_ id: String, for reader: Reader) async throws -> Mesh {
        try await database.read { transaction in
            try reader.require(id, in: transaction)
            var mesh = try Self.mesh(id, for: reader.account, in: transaction)
            // What waits for a person is no session's to know.
            if reader.peer == nil { mesh.unread = try transaction.events.waiting(for: reader.account.id, meshID: id) }
            return mesh
        }
    }

    private static func mesh(_ id: String, for account: AccountRow, in transaction: Transaction) throws -> Mesh {
        guard let mesh = try transaction.meshes.mesh(id: id, accountID: account.id) else { throw Refusal.notFound }
        return mesh
    }

    /// Gives a mesh another name; the slug stays. For its owner and admins; whose first message waits, for its owner: what
    /// does not have to any more goes on. Throws `invalid`, 403, 404.
    package func change(_ id: String, _ wanted: ChangeMesh, by account: AccountRow) async throws -> Mesh {
        guard wanted.name != nil || wanted.firstContact != nil else {
            throw Refusal.invalid("name", "name is missing.")
        }
        let name = wanted.name?.trimmingWhitespace()
        if let problem = name.flatMap({ FieldRule.name.problem(of: $0) }) {
            throw Refusal.invalid("name", Self.words(problem))
        }
        let now = now()
        let (mesh, concerned) = try await database.write { transaction in
            try transaction.meshes.require(
                id, for: account.id, atLeast: wanted.firstContact == nil ? .admin : .owner)
            if let name { try transaction.meshes.rename(id: id, name: name) }
            var concerned: Set<String> = []
            if let firstContact = wanted.firstContact {
                try transaction.meshes.set(firstContact, id: id)
                concerned = try HeldWords(id, in: transaction, at: now)?.decideAnew() ?? []
            }
            try transaction.audit.record(.meshChanged, actor: account.id, subject: id, at: now)
            return (try Self.mesh(id, for: account, in: transaction), concerned)
        }
        if !concerned.isEmpty { changes.post(id, to: concerned) }
        return mesh
    }

    /// Archives a mesh, which frees its slug. For its owner. Throws 403, 404.
    package func archive(_ id: String, by account: AccountRow) async throws {
        let now = now()
        try await database.write { transaction in
            try transaction.meshes.require(id, for: account.id, atLeast: .owner)
            guard try transaction.meshes.archive(id: id, at: now) else { throw Refusal.notFound }
            try transaction.receipts.expireAll(meshID: id, at: now)
            try transaction.presences.endAll(meshID: id, at: now)
            try transaction.audit.record(.meshArchived, actor: account.id, subject: id, at: now)
            try transaction.changes.note(.meshArchived, meshID: id, subject: id, by: account.id, at: now)
        }
        changes.post(id)
    }

    /// Makes a mesh, or gives the one that this key made before. Throws `invalid`, `slug_taken` with a free one.
    package func create(_ request: CreateMesh, owner: AccountRow, key: IdempotencyKey?, caller: Caller) async throws
        -> Mesh
    {
        let name = request.name.trimmingWhitespace()
        if let problem = FieldRule.name.problem(of: name) { throw Refusal.invalid("name", Self.words(problem)) }
        let slug = request.slug ?? Slug.from(name)
        guard Slug.isValid(slug) else {
            throw Refusal.invalid("slug", "slug is a-z, 0-9 and single hyphens between them, at most 40.")
        }
        guard owner.kind != .guest else { throw Refusal.forbidden }
        let now = now()
        return try await database.write { transaction in
            try transaction.idempotency.once(key, fingerprint: "\(name)/\(slug)", at: now) {
                guard try !transaction.meshes.hasSlug(slug, ownerID: owner.id) else {
                    throw Refusal.slugTaken(suggestion: try Self.freeSlug(like: slug, owner: owner, in: transaction))
                }
                let id = Identifier.make()
                try transaction.meshes.insert(id: id, ownerID: owner.id, slug: slug, name: name, at: now)
                try transaction.audit.record(
                    .meshCreated, actor: owner.id, subject: id, address: caller.address, at: now)
                return try Self.mesh(id, for: owner, in: transaction)
            }
        }
    }

    /// `slug-2`, `slug-3` … the first that is free, within the length.
    private static func freeSlug(like slug: String, owner: AccountRow, in transaction: Transaction) throws -> String {
        var number = 2
        while true {
            let ending = "-\(number)"
            var stem = String(slug.prefix(Slug.maxLength - ending.count))
            while stem.last == "-" { stem.removeLast() }
            if try !transaction.meshes.hasSlug(stem + ending, ownerID: owner.id) { return stem + ending }
            number += 1
        }
    }

    package static func words(_ problem: FieldProblem) -> String {
        switch problem {
        case .tooLong(let most): "name has at most \(most) characters."
        case .nothingVisible: "name needs a visible character."
        case .control: "name has no characters that are not seen: controls, directions, zero-width ones."
        case .token: "name holds an access token, which is a secret."
        }
    }
}
