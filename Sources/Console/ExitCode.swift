// The exit codes, each once.

import CPosix
import Platform

/// What the program ends with.
package enum ExitCode: Int32 {
    case done = 0
    /// The person said no, gave up, let it time out; or a token is malformed.
    case declined = 1
    /// Not authenticated: rejected, expired, revoked, damaged auth file.
    case unauthenticated = 2
    /// An input is missing or invalid.
    case input = 3
    /// Network or server unreachable.
    case unreachable = 4
    case notFound = 5
    case exists = 6
    case notPermitted = 7
    /// A fault of ours.
    case fault = 8
    /// The agent is not there.
    case noAgent = 9
    /// File or disk.
    case file = 10
    /// The command line cannot be parsed.
    case usage = 64
}

/// How a run ended: with a code, or by a signal that the process must die of too.
package enum Ending: Hashable {
    case code(Int32)
    case signal(Int32)

    package static func exit(_ code: ExitCode) -> Ending { .code(code.rawValue) }

    /// The shell's number for it.
    package var status: Int32 {
        switch self {
        case .code(let code): code
        case .signal(let number): 128 + number
        }
    }

    /// Ends the process: with a code, or by the signal, so that whoever waits for us sees the truth.
    package func finish() -> Never {
        if case .signal(let number) = self { cp_die_of(number) }
        endProcess(status)
    }
}
