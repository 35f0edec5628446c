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

    /// Who has to look again. Where the database does not answer, everybody: each sees it for themselves.
    func changed(among watches: [MeshWatch], at now: Date) async -> [MeshWatch] {
        let meshIDs = Set(watches.map(\.viewer.meshID))
        let credentials = Set(watches.compactMap { Self.credential($0.viewer) })
        let since = state.withLock { $0.lookedAt ?? now }.addingTimeInterval(-overlap)
        let isMany = meshIDs.count > mostSingly
        do {
            let (changes, ended) = try await database.read { transaction in
                (
                    try transaction.heads.changes(of: isMany ? nil : meshIDs),
                    try transaction.credentials.ended(since: since, at: now)
                )
            }
            let moved = state.withLock { state in
                defer {
                    state.changes = changes.filter { meshIDs.contains($0.key) }
                    state.lookedAt = now
                }
                return meshIDs.filter { state.changes[$0] != nil && state.changes[$0] != changes[$0] }
            }
            let gone = ended.intersection(credentials)
            return watches.filter { watch in
                moved.contains(watch.viewer.meshID) || Self.credential(watch.viewer).map(gone.contains) ?? true
            }
        } catch {
            return watches
        }
    }

    /// The credential that can end while it waits; a browser's session leaves no trace, and is looked at by itself.
    private static func credential(_ viewer: Viewer) -> String? {
        if case .credential(let id) = viewer.proof { id } else { nil }
    }
}
