// Pasting an access token: what its screens know.

public import MeshAPI

/// Why a text is no token.
public enum TokenProblem: Sendable, Hashable {
    case empty
    /// It can no longer become one, or it ended short. `have` characters follow the prefix; nil: the prefix is wrong.
    case malformed(have: Int?)
}

/// The state of the token screens. The text is in the field `token`.
public struct TokenEntry: Sendable, Hashable {
    public enum Phase: Sendable, Hashable {
        /// With what is wrong, if that may be said already.
        case typing(TokenProblem?)
        case checking
        case checked(WhoAmI)
        /// The server does not know it.
        case rejected
        /// Seconds since 1970, where the server said when.
        case expired(Int?)
        /// No answer of use.
        case failed(Retry)
    }

    public var phase: Phase = .typing(nil)
    public var isRevealed = false
    /// Enter was pressed before the answer came: taken as soon as it is known to be good.
    public var takesWhenChecked = false
    /// It would go to another server than the one in force, that of this machine: a person is asked first.
    public var leavesMachine = false
    /// Begun while a code waited for its approval: back leads there.
    public var isBesideCode = false
    /// Where the token came from: typed and pasted ones are `thisRun`.
    public var source: TokenSource = .thisRun

    public init() {}

    /// The server does not take it.
    var isRefused: Bool {
        switch phase {
        case .rejected, .expired: true
        default: false
        }
    }

    /// Whether the server takes it is not known yet, and it was asked.
    var isFailed: Bool { if case .failed = phase { true } else { false } }
}
