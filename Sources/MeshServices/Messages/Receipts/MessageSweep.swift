// What is over: unseen receipts expire and their senders are told, old messages go. Called with the server's other sweeps.

internal import FoundationEssentials
internal import MeshAPI
internal import MeshStore

struct MessageSweep: Sendable {
    let database: any Store
    let changes: MeshChanges
    let metrics: Metrics
    /// Seconds; nil: for ever.
    let retention: @Sendable () async throws -> Double?
    let now: @Sendable () -> Date

    /// In a transaction of its own each, so that nobody waits long for the sweep.
    private static let perTransaction = 500

    func run() async throws {
        let now = now()
        while true {
            let meshes = try await database.write { transaction in
                let over = try transaction.receipts.over(at: now, limit: Self.perTransaction)
                try transaction.receipts.end(over, as: .expired, at: now)
                return (over.count, Set(over.map(\.meshID)))
            }
            for meshID in meshes.1 { changes.post(meshID) }
            if meshes.0 > 0 { metrics.stepped(.expired, count: meshes.0) }
            if meshes.0 < Self.perTransaction { break }
        }
        let end = try await retention().map { now.addingTimeInterval(-$0) } ?? .distantPast
        try await database.write { transaction in
            try transaction.messages.sweep(before: end, at: now)
            try transaction.changes.sweep(before: end)
        }
    }
}
