// What PostgreSQL says, as the store's failures: by SQLSTATE, never by its message, which may hold a value.

internal import MeshStore

/// Thrown by statements of ours, and turned into `StoreFailure` where a transaction ends.
enum PostgresFailure: Error, Hashable {
    /// The connection is gone; most such errors have no state.
    case lost
    /// A SQLSTATE, and the constraint that was hit, or nothing.
    case refused(state: String, constraint: String)

    /// The server went, or is no longer one that takes writes: its connections are worth nothing.
    var endsConnection: Bool {
        switch self {
        case .lost: true
        case .refused(let state, _): state.hasPrefix("08") || state.hasPrefix("57P") || state == "25006"
        }
    }

    /// Two transactions were in each other's way, and this one gave way: it can be run again. 23505 is none of these: it
    /// is an honest conflict.
    var isConflict: Bool {
        if case .refused(let state, _) = self { state == "40P01" || state == "40001" } else { false }
    }

    /// A table has another shape than when the statement was prepared: a newer server migrated it.
    var isStale: Bool { if case .refused("0A000", _) = self { true } else { false } }

    var storeFailure: StoreFailure {
        guard case .refused(let state, let constraint) = self else { return .unreachable(code: "postgres lost") }
        let code = "postgres \(state)"
        switch state {
        case "23505": return .taken(constraint: constraint)
        case "23503": return .missingReference
        case "22021": return .unstorable
        case "53100": return .full(code: code)
        // Locks, deadlocks, time-outs, too many connections.
        case "40001", "40P01", "53200", "53300", "55P03", "57014": return .busy(code: code)
        default: return endsConnection ? .unreachable(code: code) : .fault(code: code)
        }
    }
}
