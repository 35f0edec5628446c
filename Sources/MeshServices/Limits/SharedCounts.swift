// What several servers count together, in their database. What nearly every request counts is taken ten at a time, used within
// the window, and a refusal is remembered until it is over: most requests cost no statement.

internal import MeshStore
internal import Synchronization

final class SharedCounts: Sendable {
    private struct Key: Hashable {
        var rule: Rule
        var subject: String
    }

    private struct Lease {
        var left = 0
        /// When what is left is worth nothing, in seconds since 1970.
        var ends = 0.0
        /// Until when it is known to be refused.
        var refusedUntil = 0.0
    }

    /// So many are taken at once.
    static let leased = 10

    private let database: any SharedStore
    private let leases = Mutex<[Key: Lease]>([:])
    /// Above so many keys the ones that are over are dropped.
    private let sweepAbove = 50_000

    init(_ database: any SharedStore) { self.database = database }

    /// Seconds to wait where it is one too many.
    func take(_ rule: Rule, _ subject: String, at time: Double) async throws -> Double? {
        guard rule.sharing == .leased else { return try await count(Self.limit(rule), subject, at: time) }
        let key = Key(rule: rule, subject: subject)
        let known = leases.withLock { Self.use(&$0[key], of: rule, at: time) }
        if let known { return known > 0 ? known : nil }
        let wait = try await count(Self.limit(rule), subject, at: time)
        leases.withLock { leases in
            var lease = leases[key] ?? Lease()
            if let wait {
                lease.refusedUntil = time + wait
            } else {
                (lease.left, lease.ends) = (lease.left + Self.leased - 1, time + rule.seconds)
            }
            leases[key] = lease
            if leases.count > sweepAbove {
                leases = leases.filter { max($0.value.ends, $0.value.refusedUntil) > time }
            }
        }
        return wait
    }

    func giveBack(_ rule: Rule, _ subject: String) async {
        // One that can't be given back counts a little longer.
        try? await database.giveBack(Self.limit(rule), of: subject)
    }

    /// 0 where one of the lease was used, seconds where it is known to be refused, nil where the database has to be asked.
    private static func use(_ lease: inout Lease?, of rule: Rule, at time: Double) -> Double? {
        guard var found = lease else { return nil }
        // The clock may be set back: no lease is longer than its window.
        found.ends = min(found.ends, time + rule.seconds)
        found.refusedUntil = min(found.refusedUntil, time + rule.seconds)
        if found.ends <= time { found.left = 0 }
        defer { lease = found }
        if found.left > 0 {
            found.left -= 1
            return 0
        }
        return found.refusedUntil > time ? found.refusedUntil - time : nil
    }

    private func count(_ limit: SharedLimit, _ subject: String, at time: Double) async throws -> Double? {
        let wait = try await database.take(limit, of: subject, at: Int64((time * 1000).rounded()))
        return wait.map { Double($0) / 1000 }
    }

    private static func limit(_ rule: Rule) -> SharedLimit {
        let count = rule.sharing == .leased ? rule.count / leased : rule.count
        return SharedLimit(rule: rule.name, count: count, milliseconds: Int64(rule.seconds * 1000))
    }
}
