// How an agent ended, and ending the same way.

import CPosix
import Glibc

/// How a process ended.
public enum ExitStatus: Sendable, Hashable {
    case code(Int32)
    case signal(Int32)

    /// Ends this process likewise: who waits for it sees the agent's own end.
    public func endLikewise() -> Never {
        switch self {
        case .code(let code): exit(code)
        case .signal(let signal): cp_die_of(signal)
        }
    }
}
