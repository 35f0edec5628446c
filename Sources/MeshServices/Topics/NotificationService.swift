// Who was named in a topic, and has read that or not.

internal import FoundationEssentials
package import MeshAPI
package import MeshStore

package struct NotificationService: Sendable {
    let database: any Store
    let now: @Sendable () -> Date

    package func list(_ reader: Reader, meshID: String, unreadOnly: Bool, page: PageRequest) async throws -> Page<
        Mention
    > {
        let rows = try await database.read { transaction in
            try reader.require(meshID, in: transaction)
            return try transaction.notifications.list(
                Viewer(reader, meshID: meshID), unreadOnly: unreadOnly, page: page)
        }
        return page.page(rows) {
            Cursor(time: $0.createdAt.milliseconds, id: $0.id)
        } item: {
            $0
        }
    }

    /// Returns how many were not read before. Throws `invalid` where neither or both are given, or `upTo` is none.
    package func read(_ wanted: ReadMentions, by reader: Reader, meshID: String) async throws -> Int {
        guard (wanted.ids == nil) != (wanted.upTo == nil) else {
            throw Refusal.invalid("ids", "Either ids or up_to says what is read.")
        }
        guard (wanted.ids ?? []).count <= 1000 else { throw Refusal.invalid("ids", "ids has at most 1000.") }
        let now = now()
        return try await database.write(.one(meshID)) { transaction in
            try reader.require(meshID, in: transaction)
            let viewer = Viewer(reader, meshID: meshID)
            if let ids = wanted.ids { return try transaction.notifications.read(ids: ids, viewer, at: now) }
            guard let last = wanted.upTo,
                let count = try transaction.notifications.read(upTo: last, viewer, at: now)
            else { throw Refusal.invalid("up_to", "up_to is no notification of yours.") }
            return count
        }
    }
}
