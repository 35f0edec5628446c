// The look at the database each second, for all who wait at once: whose mesh changed, and whose credential ended. What it
// finds it does not judge: whoever is woken looks for themselves.

internal import FoundationEssentials
internal import MeshStore
internal import Synchronization

final class MeshLook: Sendable {
    private struct State {
        /// The last change that was seen, by mesh.
        var changes: [String: Int] = [:]
        var lookedAt: Date?
    }

    private let database: any Store
    private let state = Mutex(State())
    /// Clocks of servers differ, and a commit comes after the time that stands in it.
    private let overlap: Double = 10
    /// Above so many meshes all are read at once.
    private let mostSingly = 50

    init(database: any Store) { self.database = database }

    /// Which of these meshes changed since the last look, and which credentials ended lately. Nil where the database does
    /// not answer.
    func news(of meshIDs: Set<String>, at now: Date) async -> (meshes: Set<String>, credentials: Set<String>)? {
        let since = state.withLock { $0.lookedAt ?? now }.addingTimeInterval(-overlap)
        let isMany = meshIDs.count > mostSingly
        let found = try? await database.read { transaction in
            (
                try transaction.heads.changes(of: isMany ? nil : meshIDs),
                try transaction.credentials.ended(since: since, at: now)
            )
        }
        guard let (changes, ended) = found else { return nil }
        let moved = state.withLock { state in
            defer {
                state.changes = changes.filter { meshIDs.contains($0.key) }
                state.lookedAt = now
            }
            return meshIDs.filter { state.changes[$0] != nil && state.changes[$0] != changes[$0] }
        }
        return (moved, ended)
    }
}
