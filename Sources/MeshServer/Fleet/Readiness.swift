// Whether a balancer should send requests here: the database answers, takes what is written and has every migration, this clock
// is its, and the server is not about to stop.

internal import MeshServices
internal import MeshStore
internal import Synchronization

final class Readiness: Sendable {
    private let database: any Store
    private let fleet: Fleet?
    private let isLeaving = Mutex(false)

    init(database: any Store, fleet: Fleet?) {
        self.database = database
        self.fleet = fleet
    }

    /// From now on it is not ready: it stops soon.
    func leave() { isLeaving.withLock { $0 = true } }

    /// Throws 503, saying when to ask again.
    func check() async throws {
        guard !isLeaving.withLock({ $0 }) else { throw Refusal.unavailable("This server stops.", retryAfter: 2) }
        guard await database.isReady() else { throw Refusal.storageUnavailable(retryAfter: fleet == nil ? 30 : 2) }
        guard let fleet else { return }
        let offset = try await fleet.clockOffset()
        guard abs(offset) <= Fleet.mostOffset else {
            throw Refusal.unavailable(
                "This server's clock is \(Int(abs(offset))) s \(offset > 0 ? "ahead of" : "behind") the database's.",
                retryAfter: 5)
        }
    }
}
