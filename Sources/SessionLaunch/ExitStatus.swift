// How an agent ended, as the one who waits for it sees it.

/// How a process ended.
public enum ExitStatus: Sendable, Hashable {
    case code(Int32)
    case signal(Int32)
}
