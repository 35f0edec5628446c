// What a check of the audit chain finds. Checking is each engine's own: how a row is stored is looked at.

/// What a check of the audit chain found.
public enum AuditReport: Sendable, Hashable {
    case intact(rows: Int)
    /// The first row that is not as it was written.
    case broken(row: Int, AuditBreach)
}

/// How a row is not as it was written.
public enum AuditBreach: String, Sendable, Hashable {
    /// Its bytes or its hash were changed, or it was put there by somebody else.
    case changed
    /// The row that should stand there is gone.
    case missing
    /// The end of the chain, which the sealed head knows of, is gone; or the head itself.
    case cut
}
